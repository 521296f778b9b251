import RennbahnTestKit
import Testing

@testable import RennbahnMeasurement

struct LatencyDifferenceTests {
    private func record(_ count: Int, seed: UInt64, into recorders: inout [LatencyRecorder]) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<count {
            // Up to four minutes: twice the range.
            let time = UInt64.random(in: 0...240_000_000_000, using: &generator) >> UInt64(generator.below(30))
            for index in recorders.indices { recorders[index].record(nanoseconds: time) }
        }
    }

    @Test func `What came since an earlier state is what was recorded since`() {
        var tooLong: UInt64 = 0
        for seed in UInt64(1)...20 {
            var all = [LatencyRecorder()]
            record(200, seed: seed, into: &all)
            let earlier = all[0]
            var both = [earlier, LatencyRecorder()]
            record(300, seed: seed + 1000, into: &both)
            let rest = both[0].since(earlier)
            #expect(rest.count == 300 && rest.overRange == both[1].overRange)
            tooLong += rest.overRange
            #expect(HistogramRecord(rest) == HistogramRecord(both[1]), "seed \(seed)")
            #expect(both[0].since(both[0]).count == 0)
            #expect(HistogramRecord(both[0].since(LatencyRecorder())) == HistogramRecord(both[0]))
        }
        #expect(tooLong > 0)
    }

    @Test func `Samples are counted up to each bound, and one whose slot reaches beyond it is not`() {
        var recorder = LatencyRecorder()
        for time in [1000, 1_000_000, 5_000_000] as [UInt64] { recorder.record(nanoseconds: time) }
        #expect(recorder.counts(upTo: [500, 1000, 2000, 1_001_000, 5_000_000]) == [0, 0, 1, 2, 3])
        #expect(LatencyRecorder().counts(upTo: [1, 2]) == [0, 0])
        #expect(recorder.counts(upTo: []) == [])
    }
}
