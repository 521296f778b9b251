import RennbahnNodeSimulation
import RennbahnRouterNode
import Testing

/// What callers and callees that do not read do to others, with the limits that users have.
@Suite("Callers and callees that are slow, as others see it")
struct SlowCallerTests {
    private static let registration = #"[64,1,{},"com.example.procedure"]"#
    private static let result = String(repeating: "#", count: 60_000)

    /// Answers all invocations; how many there were.
    @discardableResult
    private func serve(_ callee: BarePeer, _ result: String) -> Int {
        callee.pump()
        guard callee.backlog == 0 else { return 0 }
        let requests = callee.read().compactMap { message in
            message.hasPrefix("[68,") ? message.dropFirst(4).prefix { $0 != "," } : nil
        }
        for request in requests { callee.say(#"[70,\#(request),{},["\#(result)"]]"#) }
        return requests.count
    }

    private func call(_ number: Int) -> String { #"[48,\#(number),{},"com.example.procedure"]"# }

    @Test("a caller that does not read its results costs the other callers nothing", arguments: [1, 2])
    func caller(shards: Int) throws {
        let stage = try SlowReceiverStage(shards: shards)
        let callee = try stage.join(Self.registration)
        let honest = try stage.join(shard: shards - 1)
        let stuck = try stage.join(shard: shards - 1)
        var silence = Silence(since: stage.time)
        var (asked, answered) = (0, 0)
        for step in 1...1000 {
            if stuck.backlog < 10_000 { stuck.say(call(step)) }
            stuck.pump()
            if asked == answered {
                asked += 1
                honest.say(call(asked))
            }
            stage.tick(milliseconds: 5)
            serve(callee, Self.result)
            let results = honest.read().filter { $0.hasPrefix("[50,") }
            answered += results.count
            if !results.isEmpty { silence.heard(at: stage.time) }
        }
        #expect(silence.longest <= 100, "milliseconds")
        #expect(answered > 100)
        #expect(!stuck.hasEnded && !honest.hasEnded && !callee.hasEnded)
        #expect(stage.figure(\.overflowed) == 0, "it was not read any more")
    }

    @Test("calls of a callee that does not read are answered as unavailable, soon")
    func callee() throws {
        let stage = try SlowReceiverStage()
        _ = try stage.join(Self.registration)
        let caller = try stage.join()
        var errors = 0
        var silence = 0
        for step in 1...400 {
            if caller.backlog == 0 { caller.say(#"[48,\#(step),{},"com.example.procedure",["\#(Self.result)"]]"#) }
            caller.pump()
            stage.tick(milliseconds: 5)
            errors += caller.read(head: 200).count { $0.contains("wamp.error.unavailable") }
            silence = caller.backlog > 0 ? silence + 5 : 0
            #expect(silence <= 510, "milliseconds")
        }
        #expect(errors > 100)
        #expect(!caller.hasEnded && stage.figure(\.detached) == 1)
    }

    @Test("a phone that takes 50 KB/s gets a result of 2 MiB, and stays subscribed to what it can take")
    func phone() throws {
        let stage = try SlowReceiverStage()
        let callee = try stage.join(Self.registration)
        let phone = try stage.join(#"[32,1,{},"com.example.topic"]"#)
        let publisher = try stage.join()
        phone.say(#"[48,2,{},"com.example.procedure"]"#)
        let result = String(repeating: "#", count: 2 * 1024 * 1024)
        var messages: [String] = []
        for step in 1...600 {
            stage.tick(milliseconds: 100)
            serve(callee, result)
            if step % 10 == 0 { publisher.say(#"[16,\#(step),{},"com.example.topic",[\#(step / 10)]]"#) }
            messages += phone.read(5000)
        }
        #expect(messages.contains { $0.hasPrefix("[50,2,") })
        let events = messages.filter { $0.hasPrefix("[36,") }
        #expect(events.count >= 59 && !phone.hasEnded)
        #expect(zip(events, 1...).allSatisfy { $0.hasSuffix(",[\($1)]]") }, "in order, and none is missing")
    }

    @Test("callers with large calls do not have their callee ended: it gets what it can take, the rest is unavailable")
    func largeCalls() throws {
        let stage = try SlowReceiverStage()
        let callee = try stage.join(Self.registration)
        let callers = try (0..<4).map { _ in try stage.join() }
        let argument = String(repeating: "#", count: 12 << 20)
        for (number, caller) in callers.enumerated() {
            caller.say(#"[48,\#(number + 1),{},"com.example.procedure",["\#(argument)"]]"#)
        }
        var errors = 0
        for _ in 0..<400 {
            for caller in callers {
                caller.pump()
                errors += caller.read(head: 200).count { $0.contains("wamp.error.unavailable") }
            }
            stage.tick()
        }
        #expect(callers.allSatisfy { $0.backlog == 0 } && errors == 2)
        #expect(stage.figure(\.overflowed) == 0 && !callee.hasEnded)
        var invocations = 0
        for _ in 0..<300 {
            invocations += callee.read().count { $0.hasPrefix("[68,") }
            stage.tick()
        }
        #expect(invocations == 2)
    }
}
