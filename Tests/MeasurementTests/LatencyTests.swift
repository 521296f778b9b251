import Histogram
import RennbahnTestKit
import Testing

@testable import RennbahnMeasurement

@Suite("Latency recorder")
struct LatencyTests {
    private func samples(_ count: Int, seed: UInt64) -> [UInt64] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { _ in
            let magnitude = UInt64.random(in: 10...34, using: &generator)
            return UInt64.random(in: 0...(1 << magnitude), using: &generator)
        }
    }

    private func recorder(_ samples: [UInt64]) -> LatencyRecorder {
        var recorder = LatencyRecorder()
        for sample in samples { recorder.record(nanoseconds: sample) }
        return recorder
    }

    /// Three significant digits, or the resolution where that is coarser.
    private func isClose(_ value: UInt64, to exact: UInt64) -> Bool {
        let difference = value > exact ? value - exact : exact - value
        return difference <= max(exact / 1000, LatencyRecorder.lowestNanoseconds)
    }

    @Test("percentiles equal those of the sorted samples, within three digits", arguments: [1, 2, 10, 999, 20_000])
    func percentiles(count: Int) {
        for seed in UInt64(1)...5 {
            let values = samples(count, seed: seed)
            let sorted = values.sorted()
            let summary = recorder(values).summary()
            // In hundredths of a percent, so that the rank is exact.
            func exact(_ percentile: Int) -> UInt64 { sorted[(percentile * count + 9999) / 10_000 - 1] }
            #expect(summary.count == UInt64(count))
            #expect(summary.max == sorted.last)
            #expect(isClose(summary.min, to: sorted[0]))
            let figures = [
                (5000, summary.p50), (9000, summary.p90), (9900, summary.p99), (9990, summary.p999),
                (9999, summary.p9999),
            ]
            for (percentile, figure) in figures {
                let name = "p\(Double(percentile) / 100) of \(count) samples, seed \(seed)"
                #expect(isClose(figure, to: exact(percentile)), "\(name)")
            }
            let mean = values.reduce(0.0) { $0 + Double($1) } / Double(count)
            #expect(isClose(UInt64(summary.mean), to: UInt64(mean)))
        }
    }

    /// 99.9 is a little more than that as a Double, and so would be the rank.
    @Test("a percentile names the sample that its decimal digits say")
    func ranks() {
        #expect(LatencySummary.rank(ofPercentile: 99.9, in: 41_000) == 40_959)
        #expect(LatencySummary.rank(ofPercentile: 50, in: 41_000) == 20_500)
        #expect(LatencySummary.rank(ofPercentile: 99.99, in: 1) == 1)
        #expect(LatencySummary.rank(ofPercentile: 99.99, in: 10_001) == 10_000)
    }

    @Test("no samples give a summary of zeros")
    func empty() {
        #expect(LatencyRecorder().summary() == LatencySummary())
    }

    @Test("a sample beyond the range is counted, at the top of the range")
    func overRange() {
        var recorder = recorder([1_000_000])
        recorder.record(nanoseconds: LatencyRecorder.highestNanoseconds)
        #expect(recorder.overRange == 0)
        recorder.record(nanoseconds: LatencyRecorder.highestNanoseconds + 1)
        recorder.record(nanoseconds: .max)
        let summary = recorder.summary()
        #expect(summary.count == 4)
        #expect(summary.overRange == 2)
        #expect(summary.max == LatencyRecorder.highestNanoseconds)
        #expect(summary.p99 == LatencyRecorder.highestNanoseconds)
    }

    @Test("a clock that runs backwards records no time, not a huge one")
    func backwards() {
        var recorder = LatencyRecorder()
        recorder.record(from: 2000, to: 1000)
        recorder.record(from: 1_000_000, to: 3_000_000)
        #expect(recorder.summary().min == 0)
        #expect(recorder.summary().max == 2_000_000)
    }

    @Test("merging shards gives what one recorder would have recorded")
    func merge() {
        let values = samples(3000, seed: 7)
        var merged = recorder(Array(values[..<1000]))
        merged.merge(recorder(Array(values[1000...])))
        merged.merge(recorder([.max]))
        #expect(merged.summary() == recorder(values + [.max]).summary())
    }
}
