import Histogram

/// The figures of a latency distribution, in nanoseconds.
///
/// A percentile is the highest value that is equivalent, at three significant digits, to the sample at that rank, but
/// never more than the largest sample. All figures are 0 when `count` is 0.
package struct LatencySummary: Codable, Equatable, Sendable {
    /// Number of samples.
    package var count: UInt64
    package var min: UInt64
    package var mean: Double
    package var p50: UInt64
    package var p90: UInt64
    package var p99: UInt64
    /// The 99.9th percentile.
    package var p999: UInt64
    /// The 99.99th percentile.
    package var p9999: UInt64
    package var max: UInt64
    /// Samples beyond the range of the histogram; each is counted above as one of 120 s.
    package var overRange: UInt64

    package init(
        count: UInt64 = 0, min: UInt64 = 0, mean: Double = 0, p50: UInt64 = 0, p90: UInt64 = 0, p99: UInt64 = 0,
        p999: UInt64 = 0, p9999: UInt64 = 0, max: UInt64 = 0, overRange: UInt64 = 0
    ) {
        self.count = count
        self.min = min
        self.mean = mean
        self.p50 = p50
        self.p90 = p90
        self.p99 = p99
        self.p999 = p999
        self.p9999 = p9999
        self.max = max
        self.overRange = overRange
    }

    /// Walks the recorded slots once and picks every percentile on the way: asking the histogram for each would be a
    /// scan of all slots per figure.
    init(_ histogram: Histogram<UInt64>, overRange: UInt64) {
        let total = histogram.totalCount
        let largest = histogram.maxRecorded
        let ranks: [UInt64] = [50, 90, 99, 99.9, 99.99].map { LatencySummary.rank(ofPercentile: $0, in: total) }
        var values = [UInt64](repeating: 0, count: ranks.count)
        var next = 0
        var passed: UInt64 = 0
        var weighted = 0.0
        for slot in histogram.recordedValues() {
            passed &+= slot.count
            weighted += Double(histogram.medianEquivalentForValue(slot.value)) * Double(slot.count)
            while next < ranks.count, passed >= ranks[next] {
                values[next] = Swift.min(slot.value, largest)
                next += 1
            }
        }
        self.init(
            count: total, min: total == 0 ? 0 : histogram.min, mean: total == 0 ? 0 : weighted / Double(total),
            p50: values[0], p90: values[1], p99: values[2], p999: values[3], p9999: values[4], max: largest,
            overRange: overRange)
    }

    /// The rank, counted from 1, of the sample that a percentile names (nearest rank).
    package static func rank(ofPercentile percentile: Double, in count: UInt64) -> UInt64 {
        let exact = percentile.nextDown * Double(count) / 100
        return Swift.max(1, UInt64(exact.rounded(.up)))
    }
}
