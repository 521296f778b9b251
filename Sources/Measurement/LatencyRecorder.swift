import Histogram

/// Records latencies into an HDR histogram: constant memory, about 4 ns a sample, mergeable without loss.
///
/// Values are nanoseconds. The histogram keeps three significant digits between 128 ns and 120 s (21,504 slots,
/// 168 KiB); what is below 128 ns counts as 0. A sample above the range is recorded at the top of it and counted in
/// ``overRange``, so that percentiles stay honest and nothing vanishes.
///
/// One recorder belongs to one thread. Copying is cheap until one of the copies records; `merge` at the collector.
package struct LatencyRecorder: Sendable {
    /// Resolution in nanoseconds.
    package static let lowestNanoseconds: UInt64 = 128
    /// The longest latency that is told apart, in nanoseconds: 120 s.
    package static let highestNanoseconds: UInt64 = 120_000_000_000

    private(set) var histogram: Histogram<UInt64>
    /// Samples longer than ``highestNanoseconds``.
    package private(set) var overRange: UInt64 = 0

    package init() {
        histogram = LatencyRecorder.emptyHistogram()
    }

    init(histogram: Histogram<UInt64>, overRange: UInt64) {
        self.histogram = histogram
        self.overRange = overRange
    }

    package var count: UInt64 { histogram.totalCount }

    package mutating func record(nanoseconds: UInt64) {
        guard nanoseconds > LatencyRecorder.highestNanoseconds else {
            histogram.record(nanoseconds)
            return
        }
        histogram.record(LatencyRecorder.highestNanoseconds)
        overRange &+= 1
    }

    /// Records the time from `start` to `end`; a clock that seems to run backwards counts as no time.
    package mutating func record(from start: UInt64, to end: UInt64) {
        record(nanoseconds: end > start ? end &- start : 0)
    }

    /// Adds the samples of `other`, slot by slot.
    package mutating func merge(_ other: LatencyRecorder) {
        histogram.add(other.histogram)
        overRange &+= other.overRange
    }

    /// The samples that came since an earlier state of this recorder. Of the smallest and the largest only the slot is known.
    package func since(_ earlier: LatencyRecorder) -> LatencyRecorder {
        var rest = LatencyRecorder.emptyHistogram()
        for slot in histogram.recordedValues() {
            let before = earlier.histogram.countForValue(slot.value)
            guard slot.count > before else { continue }
            rest.record(min(slot.value, histogram.maxRecorded), count: slot.count - before)
        }
        return LatencyRecorder(histogram: rest, overRange: overRange - min(overRange, earlier.overRange))
    }

    /// How many samples are no longer than each of these bounds, which ascend; to the slot, of which the longer end counts.
    package func counts(upTo bounds: [UInt64]) -> [UInt64] {
        var counts = [UInt64](repeating: 0, count: bounds.count)
        for slot in histogram.recordedValues() {
            let longest = min(slot.value, histogram.maxRecorded)
            for index in bounds.indices where longest <= bounds[index] { counts[index] &+= slot.count }
        }
        return counts
    }

    /// The figures of all samples so far; one pass over the slots.
    package func summary() -> LatencySummary {
        LatencySummary(histogram, overRange: overRange)
    }

    /// The highest value that is equivalent to the sample at a percentile's rank, as ``LatencySummary`` has it; 0 of no sample.
    package func value(atPercentile percentile: Double) -> UInt64 {
        let rank = LatencySummary.rank(ofPercentile: percentile, in: count)
        var passed: UInt64 = 0
        for slot in histogram.recordedValues() {
            passed &+= slot.count
            if passed >= rank { return min(slot.value, histogram.maxRecorded) }
        }
        return 0
    }

    /// The times that are recorded as the same as `value`, which was recorded.
    func equivalents(of value: UInt64) -> ClosedRange<UInt64> { histogram.equivalentRangeForValue(value) }

    private static func emptyHistogram() -> Histogram<UInt64> {
        Histogram(
            lowestDiscernibleValue: lowestNanoseconds, highestTrackableValue: highestNanoseconds,
            numberOfSignificantValueDigits: .three)
    }
}
