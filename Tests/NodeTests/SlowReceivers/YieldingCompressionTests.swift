import RennbahnNodeSimulation
import RennbahnReactor
import RennbahnTestKit
import RennbahnTransport
import RennbahnWAMP
import RennbahnWebSocket
import Testing

/// Subscribers with `x_slow` that speak either serializer, with compression.
@Suite("Subscribers with x_slow, compressed")
struct YieldingCompressionTests {
    /// Text that hardly becomes less, nor where it comes again: it is longer than a window.
    private static let noise: String = {
        var generator = SeededGenerator(seed: 1)
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-".utf8)
        return String(decoding: generator.bytes(60_000).map { letters[Int($0) % letters.count] }, as: UTF8.self)
    }()

    private func publish(_ stage: SlowReceiverStage, _ numbers: ClosedRange<Int>, from publisher: BarePeer) {
        for number in numbers {
            publisher.say(#"[16,\#(number),{},"com.example.topic",[\#(number),"\#(Self.noise)"]]"#)
            repeat {
                publisher.pump()
                stage.tick()
            } while publisher.backlog > 0
        }
        for _ in 0..<5 { stage.tick() }
    }

    @Test(
        "events are left out before they are compressed: all that come inflate, and the counts are exact",
        arguments: Serializer.allCases, ["drop", "latest"])
    func compressed(serializer: Serializer, slow policy: String) throws {
        for takesOver in [true, false] { try compressed(serializer, policy, takesOver: takesOver) }
    }

    private func compressed(_ serializer: Serializer, _ policy: String, takesOver: Bool) throws {
        let stage = try SlowReceiverStage(serializers: Serializer.allCases, deflate: DeflatePolicy())
        let crowd = try Crowd(
            serializer, deflate: DeflatePolicy(requestNoContextTakeover: !takesOver),
            kernel: Kernel(simulatedBy: stage.network))
        let slow = try crowd.connect(to: .loopback(port: SimulatedNode.port(0)))
        func turn(until condition: () -> Bool = { false }) {
            for _ in 0..<300 where !condition() {
                crowd.turn(milliseconds: 0)
                stage.tick()
            }
        }
        turn { slow.isOpen }
        slow.hello("realm1")
        turn { !slow.heard(.welcome).isEmpty }
        slow.send([32, 1, ["x_slow": .string(policy)], "com.example.topic"])
        turn { !slow.heard(.subscribed).isEmpty }
        #expect(crowd.loop.isCompressed(slow.link))
        slow.inbox.removeAll()
        let publisher = try stage.join()
        for numbers in [1...60, 61...120, 121...180, 181...181] {
            publish(stage, numbers, from: publisher)
            turn()
        }
        #expect(slow.end == nil && slow.inbox.allSatisfy { $0[0] == 36 })
        var last: Int64 = 0
        var dropped: Int64 = 0
        for event in slow.inbox {
            let number = event[4]?[0]?.integerValue ?? -1
            let missed = event[3]?["x_dropped"]?.integerValue ?? 0
            #expect(number == last + 1 + missed)
            #expect(event[4]?[1] == .string(Self.noise))
            last = number
            dropped += missed
        }
        #expect(last == 181 && dropped > 30)
    }
}
