/// The intervals of a run in bounded memory: beyond ``limit`` of them each two neighbours become one, and so does what follows.
///
/// ```
/// 1 s 1 s 1 s … ──► limit ──► 2 s 2 s … 2 s 1 s ──► 2 s 2 s … ──► limit ──► 4 s 4 s …
/// ```
///
/// Nothing is lost by it but what happened when within an interval: counts add up, and so do histograms.
package struct IntervalSeries: Sendable {
    /// Intervals at most, an even number: of a second each twenty minutes.
    package static let limit = 1200

    package private(set) var intervals: [RunInterval] = []
    /// Intervals as they came that one of the series stands for, and how many of them its last has yet.
    private var span = 1
    private var filled = 0

    package init() {}

    package mutating func append(_ interval: RunInterval) {
        if filled > 0, filled < span, var last = intervals.popLast() {
            last.merge(interval)
            intervals.append(last)
            filled += 1
            return
        }
        if intervals.count == IntervalSeries.limit { halve() }
        intervals.append(interval)
        filled = 1
    }

    private mutating func halve() {
        intervals = stride(from: 0, to: intervals.count, by: 2).map { index in
            var interval = intervals[index]
            if index + 1 < intervals.count { interval.merge(intervals[index + 1]) }
            return interval
        }
        span *= 2
    }
}
