import RennbahnNodeSimulation
import RennbahnRouterNode
import RennbahnSimulationKit
import RennbahnTransport
import Testing

/// What goes to many beside what goes to few, with a clock that goes on with the work that is done.
@Suite("Fan-outs, as others see them")
struct FanOutTurnTests {
    private static let millisecond: UInt64 = 1_000_000
    /// Of 64 EVENTs that are queued, or connections that are written to: a slow machine's.
    private static let timeOfLook = 2 * millisecond
    private static let never = UInt64.max
    private static let subscription = #"[32,1,{},"com.example.news"]"#

    private static func event(_ number: Int, from publisher: Int, size: Int = 0) -> String {
        let filling = String(repeating: "0", count: size)
        return
            #"[16,\#(number + 1),{},"com.example.news",[\#(publisher),\#(number)\#(size > 0 ? ",0.1\(filling)" : "")]]"#
    }

    /// The publisher and the number in an EVENT without options: `[36,subscription,publication,{},[publisher,number]]`.
    private static func facts(_ text: String) -> (publisher: Int, number: Int)? {
        let parts = text.split(separator: ",")
        guard parts.count == 6, parts[0] == "[36", let publisher = Int(parts[4].dropFirst()),
            let number = Int(parts[5].dropLast(2))
        else { return nil }
        return (publisher, number)
    }

    /// Two who talk to each other: each EVENT is answered with the next. Their silence is in nanoseconds.
    private struct Talk {
        let name: String
        let one: BarePeer
        let other: BarePeer
        var number = 0
        var heard: UInt64
        var silence: UInt64 = 0

        init(_ stage: SlowReceiverStage, _ name: String, shards: (Int, Int)) throws {
            self.name = name
            one = try stage.join(shard: shards.0, #"[32,1,{},"com.example.\#(name).one"]"#)
            other = try stage.join(shard: shards.1, #"[32,1,{},"com.example.\#(name).other"]"#)
            heard = stage.network.now
            one.say(#"[16,1,{},"com.example.\#(name).other"]"#)
        }

        mutating func go(at now: UInt64) {
            for _ in one.read() { say(one, "other", now) }
            for _ in other.read() { say(other, "one", now) }
            silence = max(silence, now - heard)
        }

        private mutating func say(_ peer: BarePeer, _ to: String, _ now: UInt64) {
            silence = max(silence, now - heard)
            heard = now
            number += 1
            peer.say(#"[16,\#(number + 1),{},"com.example.\#(name).\#(to)"]"#)
        }
    }

    @Test(
        "others are heard in between, on the shard of the publishers and on that of the subscribers", arguments: [1, 2])
    func silence(shards: Int) throws {
        let (publishers, events) = (10, 40)
        var silences: [UInt64] = []
        for fanOutTime in [Limits().fanOutTime, Self.never] {
            let stage = try SlowReceiverStage(shards: shards, maxConnections: 160, fanOutTime: fanOutTime)
            let readers = try (0..<100).map { _ in try stage.join(shard: shards - 1, Self.subscription) }
            let loud = try (0..<publishers).map { _ in try stage.join() }
            var talk = try Talk(stage, "across", shards: (shards - 1, 0))
            var own = try Talk(stage, "beside", shards: (shards - 1, shards - 1))
            stage.network.timeOfLook = Self.timeOfLook
            (talk.heard, own.heard) = (stage.network.now, stage.network.now)
            for (publisher, peer) in loud.enumerated() {
                for number in 0..<events { peer.say(Self.event(number, from: publisher)) }
            }
            var got = readers.map { _ in [Int](repeating: 0, count: publishers) }
            for _ in 0..<4000 where !got.allSatisfy({ $0.allSatisfy { $0 == events } }) {
                for peer in loud { peer.pump() }
                stage.tick(turns: 1)
                talk.go(at: stage.network.now)
                own.go(at: stage.network.now)
                for (reader, peer) in readers.enumerated() {
                    for text in peer.read() {
                        let (publisher, number) = try #require(Self.facts(text))
                        #expect(number == got[reader][publisher], "in the order in which it was published")
                        got[reader][publisher] += 1
                    }
                }
            }
            #expect(got.allSatisfy { $0.allSatisfy { $0 == events } })
            silences.append(max(talk.silence, own.silence))
            for _ in 0..<10 { stage.tick() }
            for shard in 0..<shards {
                let tables = stage.group.occupiedTables(of: shard)
                #expect(
                    !tables.contains {
                        ["publishers that wait", "connections with ov", "octets of publ"].contains(where: $0.hasPrefix)
                    })
            }
        }
        // Each of the ten may have a message of 100 EVENTs in hand when the time is over.
        #expect(silences[0] < 100 * Self.millisecond, "\(silences[0] / Self.millisecond) ms")
        #expect(silences[1] > 500 * Self.millisecond, "without an end of a turn: \(silences[1] / Self.millisecond) ms")
    }

    @Test("what a turn has no time to send is sent in the next ones, whole, and behind what is for few")
    func overdue() throws {
        let stage = try SlowReceiverStage(maxConnections: 640)
        let readers = try (0..<600).map { _ in try stage.join(Self.subscription) }
        let publisher = try stage.join()
        var talk = try Talk(stage, "beside", shards: (0, 0))
        for _ in 0..<4 { stage.tick() }
        stage.network.timeOfLook = 10 * Self.millisecond
        publisher.say(Self.event(7, from: 3))
        var (got, turns, said) = ([Int](repeating: 0, count: readers.count), 0, 0)
        for _ in 0..<100 where got.contains(0) {
            let before = talk.number
            stage.tick(turns: 1)
            talk.go(at: stage.network.now)
            for (reader, peer) in readers.enumerated() {
                for text in peer.read() {
                    let (publisher, number) = try #require(Self.facts(text))
                    #expect(publisher == 3 && number == 7)
                    got[reader] += 1
                }
            }
            if got.contains(1), got.contains(0) {
                turns += 1
                said += talk.number - before
            }
        }
        #expect(got.allSatisfy { $0 == 1 })
        #expect(
            turns >= 2 && said > 0, "\(turns) turns in which some had it and some did not, and \(said) words meanwhile")
    }

    @Test("who leaves with overdue output leaves nothing, and who comes in its place gets none of it")
    func places() throws {
        let stage = try SlowReceiverStage(maxConnections: 640)
        let readers = try (0..<600).map { _ in try stage.join(Self.subscription) }
        let publisher = try stage.join()
        stage.network.timeOfLook = 10 * Self.millisecond
        publisher.say(Self.event(7, from: 3))
        var isOverdue = false
        for _ in 0..<20 where !isOverdue {
            stage.tick(turns: 1)
            isOverdue = stage.group.loop(0).isOverdue
        }
        #expect(isOverdue)
        for reader in readers { reader.close(resets: true) }
        stage.tick(turns: 1)
        #expect(stage.group.loop(0).isOverdue, "they went before their turn came")
        let fresh = try (0..<600).map { _ in try BarePeer(stage.network, port: SimulatedNode.port(0)) }
        for _ in 0..<40 { stage.tick() }
        for peer in fresh { #expect(peer.read().isEmpty && !peer.hasEnded) }
        for peer in fresh + [publisher] { peer.close() }
        for _ in 0..<40 { stage.tick() }
        #expect(stage.group.occupiedTables(of: 0).filter { !$0.hasPrefix("memory of output") } == [])
    }

    @Test("what is fanned out while something is overdue does not change that")
    func contents() throws {
        let stage = try SlowReceiverStage(maxConnections: 320)
        let readers = try (0..<300).map { _ in try stage.join(Self.subscription) }
        let publishers = try (0..<2).map { _ in try stage.join() }
        stage.network.timeOfLook = 10 * Self.millisecond
        var got = readers.map { _ in [String]() }
        var wasOverdue = false
        for number in 0..<45 {
            for (publisher, peer) in publishers.enumerated() {
                peer.say(Self.event(number, from: publisher, size: 3000 + number))
            }
            stage.tick(turns: 1)
            wasOverdue = wasOverdue || stage.group.loop(0).isOverdue
            for (reader, peer) in readers.enumerated() { got[reader] += peer.read(head: 4000) }
        }
        #expect(wasOverdue)
        for _ in 0..<600 where !got.allSatisfy({ $0.count == 90 }) {
            stage.tick(turns: 1)
            for peer in publishers { peer.pump() }
            for (reader, peer) in readers.enumerated() { got[reader] += peer.read(head: 4000) }
        }
        let first = try #require(got.first)
        #expect(Set(first).count == 90 && first.allSatisfy { $0.hasPrefix("[36,") && $0.hasSuffix("0]]") })
        #expect(got.allSatisfy { $0 == first })
    }

    @Test("nobody who reads is detached since its turn has not come")
    func healthy() throws {
        let stage = try SlowReceiverStage(maxConnections: 320)
        stage.network.weather.capacity = 4 << 20
        let readers = try (0..<300).map { _ in try stage.join(Self.subscription) }
        let publisher = try stage.join()
        stage.network.timeOfLook = 20 * Self.millisecond
        publisher.say(Self.event(1, from: 0, size: 1_200_000))
        let began = stage.network.now
        var got = 0
        for _ in 0..<400 where got < 300 {
            publisher.pump()
            stage.tick(turns: 1)
            for peer in readers { got += peer.read().count }
        }
        #expect(got == 300)
        #expect(stage.network.now - began > 250 * Self.millisecond, "it took longer than somebody may hold its senders")
        #expect(stage.figure(\.detached) == 0)
    }

    @Test("a router that is told to stop has nobody wait for a turn that never comes", arguments: [0, 1])
    func stop(shardOfPublishers: Int) throws {
        let stage = try SlowReceiverStage(shards: 2, maxConnections: 320)
        let readers = try (0..<200).map { _ in try stage.join(shard: 1, Self.subscription) }
        let loud = try (0..<5).map { _ in try stage.join(shard: shardOfPublishers) }
        stage.network.timeOfLook = 10 * Self.millisecond
        for (publisher, peer) in loud.enumerated() {
            for number in 0..<20 { peer.say(Self.event(number, from: publisher, size: 30_000)) }
        }
        var waits = false
        for _ in 0..<100 where !waits {
            for peer in loud { peer.pump() }
            stage.tick(turns: 1)
            waits = stage.group.occupiedTables(of: 1).contains { $0.hasPrefix("publishers that wait") }
        }
        #expect(waits)
        stage.group.stop()
        for _ in 0..<400 {
            for peer in loud { peer.pump() }
            stage.tick(turns: 1)
            for peer in readers + loud where peer.read().contains(where: { $0.hasPrefix("[6,") }) {
                peer.say(#"[6,{},"wamp.close.goodbye_and_out"]"#)
            }
        }
        #expect(
            (readers + loud).allSatisfy { $0.hasEnded && $0.closeCode != nil },
            "\((readers + loud).filter { !($0.hasEnded && $0.closeCode != nil) }.map { ($0.hasEnded, $0.closeCode, $0.errno, $0.octets) }) \(stage.group.occupiedTables(of: 0)) \(stage.group.occupiedTables(of: 1))"
        )
    }
}
