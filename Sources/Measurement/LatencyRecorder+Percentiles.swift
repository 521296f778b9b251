import Histogram

extension LatencyRecorder {
    /// What ``value(atPercentile:)`` says of each of these, which ascend, in one pass over the slots.
    package func values(atPercentiles percentiles: [Double]) -> [UInt64] {
        let ranks = percentiles.map { LatencySummary.rank(ofPercentile: $0, in: count) }
        var values = [UInt64](repeating: 0, count: ranks.count)
        var next = 0
        var passed: UInt64 = 0
        for slot in histogram.recordedValues() {
            passed &+= slot.count
            while next < ranks.count, passed >= ranks[next] {
                values[next] = min(slot.value, histogram.maxRecorded)
                next += 1
            }
        }
        return values
    }
}
