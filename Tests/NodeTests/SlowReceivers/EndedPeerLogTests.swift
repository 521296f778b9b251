import Logging
import RennbahnNodeSimulation
import RennbahnRouterNode
import Testing

/// What the log says of those who were ended for the sake of others: enough to find and to help them.
@Suite("Who is ended for the sake of others stands in the log")
struct EndedPeerLogTests {
    private static let subscription = #"[32,1,{},"com.example.topic"]"#
    private static let event = String(repeating: "#", count: 60_000)

    private let log = LogLines()

    private func stage(shards: Int = 1, maxUnfinished: Int = 256 << 20) throws -> SlowReceiverStage {
        try SlowReceiverStage(shards: shards, maxUnfinished: maxUnfinished, logger: log.logger(level: .warning))
    }

    /// Publishes until somebody was ended for what waits for it.
    private func publish(_ stage: SlowReceiverStage, from publisher: BarePeer) {
        for number in 1...2000 where stage.figure(\.overflowed) == 0 {
            publisher.say(#"[16,\#(number),{},"com.example.topic",["\#(Self.event)"]]"#)
            for _ in 0..<1000 where publisher.backlog > 0 {
                publisher.pump()
                stage.tick()
            }
        }
    }

    @Test("with peer, session and topic, wherever the publisher is", arguments: [1, 2])
    func slow(shards: Int) throws {
        let stage = try stage(shards: shards)
        let publisher = try stage.join(shard: shards - 1)
        let slow = try BarePeer(stage.network, port: SimulatedNode.port(0))
        slow.say(SlowReceiverStage.hello)
        slow.say(Self.subscription)
        var answers: [String] = []
        for _ in 0..<50 where answers.count < 2 {
            stage.tick()
            answers += slow.read()
        }
        let session = try #require(answers.first).dropFirst("[2,".count).prefix { $0 != "," }
        publish(stage, from: publisher)
        #expect(stage.figure(\.overflowed) == 1 && stage.figure(\.dropped) == 1)
        for _ in 0..<200 where log.all.isEmpty {
            slow.read()
            stage.tick(milliseconds: 50)
        }
        #expect(
            log.all == [
                "warning connection to 127.0.0.1:1 dropped: queued output reached its limit; "
                    + #"session \#(session) of realm "realm1", oldest event for "com.example.topic""#
            ])
    }

    @Test("with no topic where no event waited")
    func unread() throws {
        let stage = try stage()
        let callee = try stage.join(#"[64,1,{},"com.example.procedure"]"#)
        let caller = try stage.join()
        caller.say(#"[48,1,{},"com.example.procedure"]"#)
        let result = String(repeating: "#", count: 2 << 20)
        for _ in 0..<100 {
            stage.tick()
            for message in callee.read() where message.hasPrefix("[68,") {
                let request = message.dropFirst("[68,".count).prefix { $0 != "," }
                callee.say(#"[70,\#(request),{},["\#(result)"]]"#)
            }
            callee.pump()
        }
        for _ in 0..<1000 where log.all.isEmpty { stage.tick(milliseconds: 100) }
        #expect(stage.figure(\.stalled) == 1 && log.all.count == 1)
        let line = log.all.first ?? ""
        #expect(line.contains("dropped: peer took no output for the stall timeout; session "))
        #expect(line.hasSuffix(#" of realm "realm1""#))
    }

    @Test("as a warning, too, where it is a message that is not finished")
    func unfinished() throws {
        let stage = try stage(maxUnfinished: 300_000)
        for _ in 0..<2 {
            let peer = try stage.join()
            let text = String(repeating: "#", count: 1 << 20)
            peer.begin(#"[16,1,{},"com.example.topic",["\#(text)"]]"#, octets: 200_000)
            stage.tick()
        }
        for _ in 0..<200 where log.all.isEmpty { stage.tick(milliseconds: 50) }
        #expect(stage.figure(\.crowdedOut) == 1 && stage.figure(\.dropped) == 1)
        #expect(log.all.count == 1)
        let line = log.all.first ?? ""
        #expect(line.hasPrefix("warning connection to 127.0.0.1:1 dropped: "))
        #expect(line.contains(": unfinished messages take too much memory; session "))
        #expect(line.hasSuffix(#" of realm "realm1""#))
    }

    @Test("without a session where there is none any more")
    func stranger() throws {
        let stage = try stage(maxUnfinished: 60_000)
        for _ in 0..<2 {
            let peer = try stage.join()
            peer.say(#"[6,{},"wamp.close.close_realm"]"#)
            stage.tick()
            #expect(peer.read().first?.hasPrefix("[6,") == true)
            let text = String(repeating: "#", count: 50_000)
            peer.begin(#"[1,"realm1",{"text":"\#(text)"}]"#, octets: 40_000)
            stage.tick()
        }
        for _ in 0..<200 where log.all.isEmpty { stage.tick(milliseconds: 50) }
        #expect(log.all.count == 1 && log.all.first?.hasSuffix("too much memory; no session") == true)
    }
}
