import RennbahnNodeSimulation
import RennbahnRouterNode
import RennbahnSimulationKit
import RennbahnTestKit
import RennbahnTransport
import Testing

/// What a client that is too slow hears at its end, over whatever it is connected: all that was begun, and then why.
@Suite("The last word to subscribers that are slow")
struct SlowFarewellTests {
    private static let subscription = #"[32,1,{},"com.example.topic"]"#
    private static let farewell = #"[6,{"message":"the client does not take what it is sent"}"#

    /// Letters that shrink to half of their octets.
    private func letters(_ random: inout SeededGenerator) -> String {
        String(decoding: random.bytes(60_000).map { 0x61 + $0 % 16 }, as: UTF8.self)
    }

    /// Publishes until somebody is ended for what waits for it; what was published.
    private func publish(_ stage: SlowReceiverStage, from publisher: BarePeer) -> [String] {
        var random = SeededGenerator(seed: 1)
        var sent: [String] = []
        while stage.figure(\.overflowed) == 0, sent.count < 300 {
            sent.append(letters(&random))
            publisher.say(#"[16,\#(sent.count),{},"com.example.topic",["\#(sent[sent.count - 1])"]]"#)
            repeat {
                publisher.pump()
                stage.tick()
            } while publisher.backlog > 0
        }
        return sent
    }

    @Test("arrives whole, behind whole events in order", arguments: LoopPeer.Way.allCases)
    func farewell(way: LoopPeer.Way) throws {
        let stage = try SlowReceiverStage(
            maxQueuedOutput: 4 << 20, tls: way == .secure ? LoopPeer.serverContext() : nil)
        let publisher = try stage.join()
        let slow = try stage.join(over: way, Self.subscription)
        let sent = publish(stage, from: publisher)
        #expect(stage.figure(\.overflowed) == 1)
        // It has two seconds to hear the last word.
        for _ in 0..<1000 where slow.end == nil {
            slow.turn()
            stage.tick()
        }
        let events = slow.messages.dropLast()
        #expect(slow.messages.last?.hasPrefix(Self.farewell) == true)
        #expect(events.count > 3 && events.count < sent.count)
        #expect(
            zip(events, sent).allSatisfy { event, text in
                event.hasPrefix("[36,") && event.hasSuffix(#",["\#(text)"]]"#)
            })
        // RawSocket has no word for the end of a connection.
        #expect(slow.end == (way == .rawSocket ? LinkEnd.lost : LinkEnd.closed(code: 1013)))
    }

    @Test(
        "is waited for no longer than a closing takes, and then nothing is kept for it",
        arguments: LoopPeer.Way.allCases)
    func unread(way: LoopPeer.Way) throws {
        let stage = try SlowReceiverStage(
            maxQueuedOutput: 4 << 20, tls: way == .secure ? LoopPeer.serverContext() : nil)
        let publisher = try stage.join()
        let slow = try stage.join(over: way, Self.subscription)
        _ = publish(stage, from: publisher)
        for _ in 0..<30 { stage.tick(milliseconds: 100) }
        #expect(stage.group.loop(0).linkCount == 1)
        slow.turn()
        // A reset takes along what the kernel had for it.
        #expect(slow.messages.isEmpty && slow.end == LinkEnd.lost)
        #expect(stage.network.faults.isEmpty)
    }

    @Test("who has taken all of it by then is not reset, though it does not end its connection")
    func taken() throws {
        let stage = try SlowReceiverStage(maxQueuedOutput: 4 << 20)
        let publisher = try stage.join()
        let slow = try stage.join(Self.subscription)
        _ = publish(stage, from: publisher)
        for _ in 0..<100 {
            slow.read()
            stage.tick()
        }
        #expect(slow.closeCode == 1013 && slow.hasEnded)
        #expect(stage.group.loop(0).linkCount == 2)
        for _ in 0..<30 { stage.tick(milliseconds: 100) }
        #expect(stage.group.loop(0).linkCount == 1)
        slow.read()
        #expect(slow.errno == nil)
    }
}
