import RennbahnBytes
import RennbahnNodeSimulation
import RennbahnTransport
import Testing

@testable import RennbahnRouterNode

/// Subscribers that have asked to have events left out for them while they are slow, with the limits that users have.
@Suite("Subscribers with x_slow")
struct YieldingSubscriberTests {
    /// An EVENT as its subscriber sees it.
    struct Seen: Equatable {
        var number: Int
        var dropped = 0
        var topic: String?
    }

    private static let filling = String(repeating: "#", count: 60_000)

    private func subscribe(
        _ slow: String, match: String = "exact", _ uri: String = "com.example.topic", request: Int = 1
    ) -> String {
        #"[32,\#(request),{"match":"\#(match)","x_slow":"\#(slow)"},"\#(uri)"]"#
    }

    /// The events among messages.
    private func events(_ messages: [String]) -> [Seen] {
        let form = #/^\[36,\d+,\d+,\{(?:"topic":"([^"]*)")?,?(?:"x_dropped":(\d+))?\},\[(\d+)/#
        return messages.compactMap { message in
            guard let match = message.firstMatch(of: form), let number = Int(match.output.3) else { return nil }
            return Seen(
                number: number, dropped: match.output.2.flatMap { Int($0) } ?? 0,
                topic: match.output.1.map { String($0) })
        }
    }

    /// Publishes numbered events of 60 KB as fast as they are taken.
    private func publish(
        _ stage: SlowReceiverStage, _ numbers: ClosedRange<Int>, from publisher: BarePeer,
        _ topic: String = "com.example.topic", _ others: () -> Void = {}
    ) {
        for number in numbers {
            publisher.say(#"[16,\#(number),{},"\#(topic)",[\#(number),"\#(Self.filling)"]]"#)
            repeat {
                publisher.pump()
                stage.tick()
                others()
            } while publisher.backlog > 0
        }
        for _ in 0..<5 {
            stage.tick()
            others()
        }
    }

    /// Reads until nothing more comes.
    private func readAll(_ stage: SlowReceiverStage, _ peer: BarePeer) -> [Seen] {
        var messages: [String] = []
        for _ in 0..<60 {
            messages += peer.read(head: 200)
            stage.tick()
        }
        return events(messages)
    }

    private func plain(_ numbers: Range<Int>) -> [Seen] { numbers.map { Seen(number: $0) } }

    /// What left-out events have left behind.
    private func isForgotten(_ stage: SlowReceiverStage) -> Bool {
        (0..<stage.group.count).allSatisfy { stage.group.shards[$0].arrears.value.isEmpty }
    }

    @Test(
        "drop: while it is behind events are left out for it, nobody waits, and the next one tells how many",
        arguments: [1, 2], SlowReceivers.allCases)
    func drop(shards: Int, slowReceivers: SlowReceivers) throws {
        let stage = try SlowReceiverStage(shards: shards, slowReceivers: slowReceivers)
        let slow = try stage.join(subscribe("drop"))
        let reader = try stage.join(#"[32,1,{},"com.example.topic"]"#)
        let publisher = try stage.join(shard: shards - 1)
        var heard: [String] = []
        publish(stage, 1...100, from: publisher) { heard += reader.read() }
        #expect(stage.figure(\.pauses) == 0, "nobody waits")
        let got = readAll(stage, slow)
        let before = got.count
        #expect(got == plain(1..<before + 1) && (10..<90).contains(before))
        #expect(stage.figure(\.leftOut) == UInt64(100 - before))
        publish(stage, 101...102, from: publisher) { heard += reader.read() }
        #expect(readAll(stage, slow) == [Seen(number: 101, dropped: 100 - before), Seen(number: 102)])
        #expect(events(heard) == plain(1..<103), "who reads gets all")
        #expect(!slow.hasEnded && isForgotten(stage))
    }

    @Test(
        "latest: the newest is kept, and sent as soon as there is room for it", arguments: [1, 2], ["exact", "prefix"])
    func latest(shards: Int, match: String) throws {
        let stage = try SlowReceiverStage(shards: shards)
        let slow = try stage.join(subscribe("latest", match: match, match == "exact" ? "com.a.b" : "com.a."))
        let publisher = try stage.join(shard: shards - 1)
        let topic = match == "exact" ? nil : "com.a.b"
        var begin = 1
        for round in 1...3 {
            let end = round * 100
            publish(stage, begin...end, from: publisher, "com.a.b")
            let got = readAll(stage, slow)
            let before = max(0, got.count - 1)
            #expect(Array(got.prefix(before)) == (begin..<begin + before).map { Seen(number: $0, topic: topic) })
            let left = end - begin + 1 - before
            #expect(got.last == Seen(number: end, dropped: left - 1, topic: topic) && left > 10)
            begin = end + 1
        }
        publish(stage, begin...begin, from: publisher, "com.a.b")
        #expect(readAll(stage, slow) == [Seen(number: begin, topic: topic)])
        #expect(stage.figure(\.pauses) == 0 && !slow.hasEnded && isForgotten(stage))
    }

    @Test("what is kept of several subscriptions comes in the order in which it was published")
    func order() throws {
        let stage = try SlowReceiverStage()
        let slow = try stage.join(
            subscribe("drop"), subscribe("latest", "com.a", request: 2),
            subscribe("latest", "com.b", request: 3))
        let publisher = try stage.join()
        publish(stage, 1...60, from: publisher)
        for (number, topic) in [(201, "com.a"), (202, "com.b"), (203, "com.a")] {
            publish(stage, number...number, from: publisher, topic)
        }
        let got = readAll(stage, slow).suffix(2)
        #expect(got == [Seen(number: 202), Seen(number: 203, dropped: 1)])
    }

    @Test("a subscriber that takes a little stays as long as it likes, and has news")
    func trickle() throws {
        let stage = try SlowReceiverStage()
        let slow = try stage.join(subscribe("latest"))
        let publisher = try stage.join()
        var messages: [String] = []
        // 10 KB/s: what is queued for it at a time is two minutes old when it has it.
        for second in 1...300 {
            for part in 0..<2 {
                let number = second * 2 + part
                publisher.say(#"[16,\#(number),{},"com.example.topic",[\#(number),"\#(Self.filling)"]]"#)
                for _ in 0..<5 {
                    publisher.pump()
                    stage.tick(milliseconds: 100)
                    messages += slow.read(1000, head: 200)
                }
            }
        }
        let got = events(messages)
        #expect(!slow.hasEnded && got.contains { $0.dropped > 100 })
        #expect(zip(got, got.dropFirst()).allSatisfy { $1.number == $0.number + 1 + $1.dropped }, "exact counts")
        #expect(stage.figure(\.outdated) + stage.figure(\.overflowed) + stage.figure(\.stalled) == 0)
    }

    @Test("one that takes nothing is ended as others are")
    func stall() throws {
        let stage = try SlowReceiverStage()
        let slow = try stage.join(subscribe("latest"))
        let publisher = try stage.join()
        publish(stage, 1...60, from: publisher)
        #expect(!isForgotten(stage))
        for _ in 0..<250 { stage.tick(milliseconds: 100) }
        #expect(stage.figure(\.stalled) == 1)
        for _ in 0..<100 {
            slow.read()
            stage.tick(milliseconds: 50)
        }
        #expect(slow.hasEnded && isForgotten(stage))
    }

    @Test(
        "what is kept goes with the subscription",
        arguments: [
            #"[34,2,1]"#, #"[32,2,{},"com.example.topic"]"#, #"[32,2,{"x_slow":"drop"},"com.example.topic"]"#,
            #"[6,{},"wamp.close.close_realm"]"#, "",
        ])
    func ending(message: String) throws {
        let stage = try SlowReceiverStage()
        let slow = try stage.join(subscribe("latest"))
        let publisher = try stage.join()
        publish(stage, 1...60, from: publisher)
        #expect(stage.group.shards[0].arrears.value.keptBytes > 60_000)
        if message.isEmpty { slow.close() } else { slow.say(message) }
        for _ in 0..<5 { stage.tick() }
        #expect(isForgotten(stage) && stage.group.shards[0].arrears.value.keptBytes == 0)
        guard !message.isEmpty else { return }
        let got = readAll(stage, slow)
        #expect(got == plain(1..<got.count + 1) && (10..<60).contains(got.count))
        publish(stage, 61...61, from: publisher)
        let later = readAll(stage, slow)
        #expect(later == (message.hasPrefix("[32") ? plain(61..<62) : []))
    }

    @Test(
        "other values are refused, and the session goes on",
        arguments: [#""other""#, "\"\"", #""Drop""#, "1", "null", "true", #"["drop"]"#, #"{"drop":1}"#])
    func refused(value: String) throws {
        let stage = try SlowReceiverStage()
        let peer = try stage.join()
        peer.say(#"[32,1,{"x_slow":\#(value)},"com.example.topic"]"#)
        for _ in 0..<3 { stage.tick() }
        #expect(peer.read() == [#"[8,32,1,{},"wamp.error.invalid_argument"]"#])
        peer.say(subscribe("drop", request: 2))
        for _ in 0..<3 { stage.tick() }
        #expect(peer.read() == ["[33,2,1]"])
    }
}
