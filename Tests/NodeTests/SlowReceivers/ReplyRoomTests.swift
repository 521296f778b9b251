import RennbahnNodeSimulation
import RennbahnRouterNode
import RennbahnTransport
import Testing

/// The part of a queue's bound that is for replies.
@Suite("Room for replies")
struct ReplyRoomTests {
    private static let filling = String(repeating: "#", count: 60_000)

    private func publish(_ stage: SlowReceiverStage, _ count: Int, from publisher: BarePeer) {
        for number in 1...count {
            publisher.say(#"[16,\#(number),{},"com.example.topic",["\#(Self.filling)"]]"#)
            repeat {
                publisher.pump()
                stage.tick()
            } while publisher.backlog > 0
        }
        for _ in 0..<5 { stage.tick() }
    }

    @Test("events may not take it, so that a subscriber that is behind with them gets its result")
    func result() throws {
        let stage = try SlowReceiverStage()
        let callee = try stage.join(#"[64,1,{},"com.example.procedure"]"#)
        let publisher = try stage.join()
        let slow = try stage.join(#"[32,1,{},"com.example.topic"]"#)
        // 256 KiB are the kernel's.
        let limits = Limits()
        publish(stage, (limits.maxQueuedEvents + 256 * 1024) / 60_100, from: publisher)
        #expect(stage.figure(\.overflowed) == 0)
        slow.say(#"[48,2,{},"com.example.procedure"]"#)
        stage.tick()
        let request = try #require(callee.read().first?.dropFirst(4).prefix { $0 != "," })
        callee.say(#"[70,\#(request),{},["\#(String(repeating: "#", count: 600_000))"]]"#)
        while callee.backlog > 0 {
            callee.pump()
            stage.tick()
        }
        for _ in 0..<5 { stage.tick() }
        #expect(stage.figure(\.overflowed) == 0, "a reply may take it")
        publish(stage, 2, from: publisher)
        #expect(stage.figure(\.overflowed) == 1, "an event may not")
        #expect(limits.maxQueuedEvents < limits.maxQueuedOutput)
    }

    @Test("who takes it all has the result between its events")
    func delivery() throws {
        let stage = try SlowReceiverStage()
        let callee = try stage.join(#"[64,1,{},"com.example.procedure"]"#)
        let publisher = try stage.join()
        let slow = try stage.join(#"[32,1,{},"com.example.topic"]"#)
        publish(stage, 200, from: publisher)
        slow.say(#"[48,2,{},"com.example.procedure"]"#)
        for _ in 0..<3 { stage.tick() }
        let request = try #require(callee.read().first?.dropFirst(4).prefix { $0 != "," })
        callee.say(#"[70,\#(request),{},[7]]"#)
        var messages: [String] = []
        for _ in 0..<200 {
            stage.tick()
            messages += slow.read()
        }
        #expect(messages.count == 201 && messages.last == "[50,2,{},[7]]" && !slow.hasEnded)
    }
}
