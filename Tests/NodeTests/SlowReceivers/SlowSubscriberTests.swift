import RennbahnBytes
import RennbahnNodeSimulation
import RennbahnRouterNode
import Testing

@testable import RennbahnTransport

/// What subscribers that do not read do to those who do, with the limits that users have. Seen failing with `hold`.
@Suite("Subscribers that are slow, as others see it")
struct SlowSubscriberTests {
    private static let subscription = #"[32,1,{},"com.example.topic"]"#
    private static let event = String(repeating: "#", count: 60_000)

    /// Publishes 12 MB/s for so long; the longest silence of somebody who reads, in milliseconds.
    private func publish(
        _ stage: SlowReceiverStage, milliseconds: Int, from publishers: [BarePeer], to reader: BarePeer,
        _ hostile: () -> Void
    ) -> Int {
        var silence = Silence(since: stage.time)
        for step in 0..<milliseconds / 5 {
            for publisher in publishers {
                if publisher.backlog == 0 {
                    publisher.say(#"[16,\#(step + 1),{},"com.example.topic",["\#(Self.event)"]]"#)
                }
                publisher.pump()
            }
            stage.tick(milliseconds: 5)
            if !reader.read().isEmpty { silence.heard(at: stage.time) }
            hostile()
        }
        silence.heard(at: stage.time)
        return silence.longest
    }

    /// Publishes so many events as fast as they are taken.
    private func publish(_ stage: SlowReceiverStage, events: Int, from publisher: BarePeer) {
        for number in 1...events {
            publisher.say(#"[16,\#(number),{},"com.example.topic",["\#(Self.event)"]]"#)
            while publisher.backlog > 0 {
                publisher.pump()
                stage.tick()
            }
        }
    }

    @Test("nobody is silent for longer than a second for their sake", arguments: [1, 20], [1, 2])
    func bystander(hostileCount: Int, shards: Int) throws {
        let stage = try SlowReceiverStage(shards: shards)
        let reader = try stage.join(Self.subscription)
        // On another shard than whom they make wait.
        let publisher = try stage.join(shard: shards - 1)
        let stuck = try (0..<hostileCount).map { number in try stage.join(shard: number % shards, Self.subscription) }
        let silence = publish(stage, milliseconds: 10_000, from: [publisher], to: reader) {}
        #expect(silence <= 510, "milliseconds")
        #expect(stage.figure(\.detached) >= UInt64(hostileCount))
        #expect(stage.figure(\.overflowed) + stage.figure(\.crowdedOut) == UInt64(hostileCount))
        for peer in stuck { peer.read() }
        #expect(stuck.allSatisfy { $0.hasEnded })
        #expect(!reader.hasEnded && !publisher.hasEnded)
    }

    @Test("nor where they read a little, or come one after the other")
    func trickle() throws {
        let stage = try SlowReceiverStage()
        let reader = try stage.join(Self.subscription)
        let publisher = try stage.join()
        var hostile: [BarePeer] = []
        var longest = 0
        for _ in 0..<10 {
            hostile.append(try stage.join(Self.subscription))
            // Those who join read what was sent before: that is none of the reader's silence.
            reader.read()
            longest = max(
                longest,
                publish(stage, milliseconds: 700, from: [publisher], to: reader) {
                    for peer in hostile { peer.read(50) }
                })
        }
        #expect(longest <= 510, "milliseconds")
        #expect(stage.figure(\.detached) == 10)
    }

    @Test("one that takes nothing is ended when the stall timeout is over, to a tenth")
    func stall() throws {
        let stage = try SlowReceiverStage()
        let publisher = try stage.join()
        let stuck = try stage.join(Self.subscription)
        // More than the kernel takes, and less than the bound.
        publish(stage, events: 30, from: publisher)
        let (began, limit) = (stage.time, 20_000)
        while stage.figure(\.stalled) == 0, stage.time < began + 3 * limit { stage.tick(milliseconds: 50) }
        #expect((limit * 9 / 10...limit * 11 / 10).contains(stage.time - began), "\(stage.time - began) ms")
        stuck.read()
        for _ in 0..<100 {
            stage.tick()
            stuck.read()
        }
        #expect(stuck.hasEnded)
    }

    @Test("one that is too far behind is told so: GOODBYE, and 1013")
    func farewell() throws {
        let stage = try SlowReceiverStage()
        let publisher = try stage.join()
        let slow = try stage.join(Self.subscription)
        let reader = try stage.join(Self.subscription)
        // It has two seconds to hear the last word.
        for _ in 0..<100 where stage.figure(\.overflowed) == 0 {
            _ = publish(stage, milliseconds: 50, from: [publisher], to: reader) {}
        }
        #expect(stage.figure(\.overflowed) == 1)
        var messages: [String] = []
        for _ in 0..<1000 where !slow.hasEnded {
            messages += slow.read()
            stage.tick()
        }
        #expect(messages.last?.hasPrefix(#"[6,{"message":"the client does not take what it is sent"}"#) == true)
        #expect(slow.closeCode == 1013)
        #expect(messages.dropLast().allSatisfy { $0.hasPrefix("[36,") } && messages.count > 10)
    }

    @Test("one that takes some of it is ended when what waits is a minute old")
    func outdated() throws {
        let stage = try SlowReceiverStage()
        let publisher = try stage.join()
        let slow = try stage.join(Self.subscription)
        // 4 MB that it takes 10 KB/s of.
        publish(stage, events: 70, from: publisher)
        let began = stage.time
        while stage.figure(\.outdated) == 0, stage.time < began + 120_000 {
            stage.tick(milliseconds: 100)
            slow.read(1000)
        }
        #expect((54_000...66_000).contains(stage.time - began), "\(stage.time - began) ms")
        #expect(stage.figure(\.stalled) == 0 && stage.figure(\.overflowed) == 0)
    }

    @Test("with hold everybody waits for the slowest, and nothing is lost")
    func hold() throws {
        let stage = try SlowReceiverStage(slowReceivers: .hold)
        let reader = try stage.join(Self.subscription)
        let publisher = try stage.join()
        let slow = try stage.join(Self.subscription)
        let silence = publish(stage, milliseconds: 5000, from: [publisher], to: reader) {}
        #expect(silence > 3000)
        #expect(stage.figure(\.detached) == 0 && stage.figure(\.overflowed) == 0)
        let before = slow.octets
        let silenceAfter = publish(stage, milliseconds: 5000, from: [publisher], to: reader) { slow.read() }
        #expect(slow.octets > before && silenceAfter < 100)
    }

    @Test("many that read get a large event at once, and none of them is ended for what it takes together")
    func fanOut() throws {
        let stage = try SlowReceiverStage(maxQueuedOfAll: 8 << 20)
        let publisher = try stage.join()
        let readers = try (0..<30).map { _ in try stage.join(Self.subscription) }
        publisher.say(#"[16,1,{},"com.example.topic",["\#(String(repeating: "#", count: 2 << 20))"]]"#)
        var got = 0
        for _ in 0..<200 {
            publisher.pump()
            stage.tick()
            for reader in readers { got += reader.read().count }
        }
        #expect(got == 30 && readers.allSatisfy { !$0.hasEnded } && stage.figure(\.crowdedOut) == 0)
    }

    @Test(
        "together they take no more than the shard has for them, and who is furthest behind goes first",
        arguments: [4 << 20, 12 << 20])
    func crowd(most: Int) throws {
        let stage = try SlowReceiverStage(maxQueuedOfAll: most)
        let reader = try stage.join(Self.subscription)
        let publisher = try stage.join()
        let stuck = try (0..<10).map { _ in try stage.join(Self.subscription) }
        let silence = publish(stage, milliseconds: 2000, from: [publisher], to: reader) {
            #expect(stage.group.loop(0).pool.value.heldBytes <= most + 2 << 20)
        }
        #expect(silence <= 510, "milliseconds")
        #expect(stage.figure(\.crowdedOut) > 0 && !reader.hasEnded)
        for _ in 0..<100 {
            stage.tick()
            for peer in stuck { peer.read() }
        }
        #expect(stuck.contains { $0.hasEnded })
    }

    @Test(
        "many that are each below the mark take no more, either, also if they read a little", arguments: [false, true])
    func crowdBelowTheMark(trickles: Bool) throws {
        let stage = try SlowReceiverStage(maxQueuedOfAll: 4 << 20)
        let reader = try stage.join(Self.subscription)
        let publisher = try stage.join()
        let stuck = try (0..<40).map { _ in try stage.join(Self.subscription) }
        // Short enough that each receiver has a copy of its own.
        let event = String(repeating: "#", count: 3000)
        var silence = Silence(since: stage.time)
        var most = 0
        for step in 0..<400 {
            publisher.say(#"[16,\#(step + 1),{},"com.example.topic",["\#(event)"]]"#)
            publisher.pump()
            stage.tick(milliseconds: 5)
            if !reader.read().isEmpty { silence.heard(at: stage.time) }
            if trickles, step % 20 == 0 { for peer in stuck { peer.read(3000) } }
            most = max(most, stage.group.loop(0).pool.value.heldBytes)
        }
        silence.heard(at: stage.time)
        // Nobody is ended before it had a quarter of a second: 40 receivers, 600 KB/s each.
        #expect(most <= 12 << 20, "\(most) bytes")
        #expect(silence.longest <= 510, "milliseconds")
        #expect(stage.figure(\.crowdedOut) > 0 && stage.figure(\.overflowed) == 0)
        #expect(!reader.hasEnded && !publisher.hasEnded)
        for _ in 0..<100 {
            stage.tick()
            for peer in stuck { peer.read() }
        }
        #expect(stuck.contains { $0.hasEnded })
    }
}
