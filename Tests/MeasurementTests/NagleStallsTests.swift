import RennbahnTestKit
import Testing

@testable import RennbahnMeasurement

/// Which distributions are those of sockets that wait for acknowledgements, and which only look slow.
@Suite("Nagle stalls")
struct NagleStallsTests {
    private static let millisecond = 1_000_000.0

    /// So many responses, each of the length that `latency` gives for a number between 0 and 1.
    private func recorder(
        _ count: Int = 50_000, seed: UInt64 = 3, _ latency: (inout SeededGenerator) -> Double
    )
        -> LatencyRecorder
    {
        var generator = SeededGenerator(seed: seed)
        var recorder = LatencyRecorder()
        for _ in 0..<count { recorder.record(nanoseconds: UInt64(latency(&generator) * Self.millisecond)) }
        return recorder
    }

    /// A body of about 0.2 ms, of which a share is late by one step or, of those a third, by two.
    private func mixture(_ share: Double, withSecondStep: Bool) -> LatencyRecorder {
        recorder { generator in
            let body = Double.random(in: 0.1...0.35, using: &generator)
            guard Double.random(in: 0..<1, using: &generator) < share else { return body }
            let isSecond = withSecondStep && Double.random(in: 0..<1, using: &generator) < 0.33
            return (isSecond ? 80 : 40) + body + Double.random(in: 0...(isSecond ? 8 : 4), using: &generator)
        }
    }

    @Test(
        "a fast body and a crowd at 40 ms are stalls, whatever the share", arguments: [0.01, 0.05, 0.2, 0.6],
        [false, true])
    func found(share: Double, withSecondStep: Bool) throws {
        let found = try #require(NagleStalls(in: mixture(share, withSecondStep: withSecondStep), inFlight: 100))
        #expect(abs(found.share - share) < 0.1 * share)
        #expect(found.count == UInt64((found.share * 50_000).rounded()))
        #expect(found.warning.kind == .nagleStalls)
    }

    @Test("the warning says of how many responses one is late")
    func words() throws {
        let fifth = try #require(NagleStalls(in: mixture(0.2, withSecondStep: false), inFlight: 1)).warning.text
        #expect(
            fifth.hasPrefix("one in 5 responses took 40 ms: the target's sockets wait for acknowledgements (Nagle);"))
        let most = recorder { Double.random(in: 0..<1, using: &$0) < 0.9 ? 41 : 0.2 }
        #expect(
            try #require(NagleStalls(in: most, inFlight: 1)).warning.text.hasPrefix("nearly every response took 40 ms"))
    }

    @Test("batches that take the processors 20 ms and more take turns: nothing is said")
    func batches() {
        // Two senders of 64 operations each, one of which is always in work: half is fast, half waits for the other's batch.
        let turns = recorder { generator in
            Double.random(in: 0..<1, using: &generator) < 0.5
                ? Double.random(in: 40...46, using: &generator) : Double.random(in: 8...18, using: &generator)
        }
        #expect(NagleStalls(in: turns, inFlight: 128, work: 19_999_999) != nil)
        #expect(NagleStalls(in: turns, inFlight: 128, work: 20_000_000) == nil)
    }

    @Test("one pause of 40 ms, in which everything in flight waits, is none")
    func pause() {
        // A closed loop of 2000: all of them, once.
        let closed = recorder(20_000) { generator in
            Double.random(in: 0..<1, using: &generator) < 0.1
                ? Double.random(in: 40...40.5, using: &generator) : Double.random(in: 0.1...0.3, using: &generator)
        }
        #expect(NagleStalls(in: closed, inFlight: 2000) == nil)
        #expect(NagleStalls(in: closed, inFlight: 100) != nil, "the same of a few is not one pause")
        // An open loop: what is due within the pause waits for its end.
        let open = recorder(20_000) { generator in
            Double.random(in: 0..<1, using: &generator) < 0.1
                ? Double.random(in: 0...44, using: &generator) : Double.random(in: 0.1...0.3, using: &generator)
        }
        #expect(NagleStalls(in: open, inFlight: 1) == nil)
    }

    @Test("a saturated target has a broad tail", arguments: [5.0, 15, 30])
    func saturated(scale: Double) {
        let tail = recorder { generator in
            let mean = (0..<3).reduce(0.0) { sum, _ in sum + Double.random(in: 0...scale, using: &generator) }
            return mean
                + (Double.random(in: 0..<1, using: &generator) < 0.3 ? Double.random(in: 0...90, using: &generator) : 0)
        }
        #expect(NagleStalls(in: tail, inFlight: 1) == nil)
    }

    @Test("where nothing is fast the network is slow")
    func slowNetwork() {
        #expect(NagleStalls(in: recorder { Double.random(in: 40...44, using: &$0) }, inFlight: 1) == nil)
        let far = recorder {
            Double.random(in: 0..<1, using: &$0) < 0.04 ? 0.2 : Double.random(in: 40...44, using: &$0)
        }
        #expect(NagleStalls(in: far, inFlight: 1) == nil)
    }

    @Test("a crowd elsewhere, a handful of stalls, and nothing at all are none")
    func others() {
        for place in [20.0, 30, 60, 110] {
            let crowd = recorder { generator in
                Double.random(in: 0..<1, using: &generator) < 0.2
                    ? place + Double.random(in: 0...4, using: &generator)
                    : Double.random(in: 0.1...0.3, using: &generator)
            }
            #expect(NagleStalls(in: crowd, inFlight: 1) == nil, "at \(place) ms")
        }
        #expect(NagleStalls(in: mixture(0.003, withSecondStep: false), inFlight: 1) == nil)
        var few = LatencyRecorder()
        for number in 0..<100 { few.record(nanoseconds: number < 15 ? 41_000_000 : 200_000) }
        #expect(NagleStalls(in: few, inFlight: 1) == nil)
        #expect(NagleStalls(in: LatencyRecorder(), inFlight: 0) == nil)
        #expect(NagleStalls(in: mixture(0.2, withSecondStep: false), inFlight: .max) == nil)
    }
}
