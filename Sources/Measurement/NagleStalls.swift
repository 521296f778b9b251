import Histogram

/// Responses that were late by 40 ms, or twice that: the target wrote a message in parts with Nagle's algorithm on, so that the
/// later part waited for an acknowledgement of the first, which a Linux receiver delays by 40 ms (`TCP_DELACK_MIN`).
///
/// Such stalls are a narrow crowd, far from a fast body, with next to nothing on either side of it. That tells them from
///
/// - a saturated target, whose tail is broad and has no gap before 40 ms;
/// - a slow network, where nothing is fast;
/// - a target that paused, of which a closed loop has as many late responses as operations were in flight, once, and an open loop
///   late responses of every length up to the pause.
///
/// Where operations queue on one connection behind one that stalls, their delays fill the gap, and nothing is said; nor is it where
/// what is in flight takes the processors so long that half of a step is their work: two senders of a closed loop whose batches
/// take turns have fast and slow responses without any timer.
package struct NagleStalls: Equatable, Sendable {
    /// Responses that were late by one step or two.
    package let count: UInt64
    /// Of all responses, 0…1.
    package let share: Double

    /// Nanoseconds: of one step and of two, with what a kernel that ticks every 4 ms and a fast body add.
    private static let steps: [ClosedRange<UInt64>] = [39_000_000...52_000_000, 78_000_000...104_000_000]
    /// Where stalls are not: before the first step, and between the two.
    private static let gaps: [ClosedRange<UInt64>] = [24_000_000...36_000_000, 56_000_000...74_000_000]
    /// What is faster than this is the body.
    private static let fast: UInt64 = 20_000_000
    /// Share of the fast among all, at least.
    private static let leastFast = 0.05
    private static let leastShare = 0.005
    private static let leastCount: UInt64 = 20
    /// Stalls for each operation that can be in flight: so many pauses in which all wait would have to be of that length.
    private static let leastRounds: UInt64 = 4
    /// A step is so many times as dense as each gap.
    private static let leastContrast = 10.0

    /// Nothing where there are no stalls, or where they cannot be told from anything else.
    ///
    /// - Parameters:
    ///   - recorder: response times.
    ///   - inFlight: responses that can be on their way at the same time.
    ///   - work: nanoseconds of CPU time, of both sides, that they take all together.
    package init?(in recorder: LatencyRecorder, inFlight: UInt64, work: UInt64 = 0) {
        guard work < NagleStalls.fast else { return nil }
        var (fast, total) = (UInt64(0), UInt64(0))
        var stalls = [UInt64](repeating: 0, count: NagleStalls.steps.count)
        var between = [UInt64](repeating: 0, count: NagleStalls.gaps.count)
        for slot in recorder.histogram.recordedValues() {
            total &+= slot.count
            if slot.value < NagleStalls.fast { fast &+= slot.count }
            for place in stalls.indices where NagleStalls.steps[place].contains(slot.value) {
                stalls[place] &+= slot.count
            }
            for place in between.indices where NagleStalls.gaps[place].contains(slot.value) {
                between[place] &+= slot.count
            }
        }
        count = stalls.reduce(0, &+)
        share = total > 0 ? Double(count) / Double(total) : 0
        let (needed, overflows) = inFlight.multipliedReportingOverflow(by: NagleStalls.leastRounds)
        guard total > 0, !overflows, count >= max(NagleStalls.leastCount, needed), share >= NagleStalls.leastShare,
            Double(fast) >= NagleStalls.leastFast * Double(total)
        else { return nil }
        let density = zip(stalls, NagleStalls.steps).map { NagleStalls.density($0, $1) }.max() ?? 0
        let around = zip(between, NagleStalls.gaps).map { NagleStalls.density($0, $1) }.max() ?? 0
        guard density >= NagleStalls.leastContrast * around else { return nil }
    }

    private static func density(_ count: UInt64, _ range: ClosedRange<UInt64>) -> Double {
        Double(count) / Double(range.upperBound - range.lowerBound)
    }

    package var warning: RunWarning {
        let every = max(1, Int((1 / share).rounded()))
        let who = every == 1 ? "nearly every response" : "one in \(every) responses"
        return RunWarning(
            .nagleStalls,
            "\(who) took 40 ms: the target's sockets wait for acknowledgements (Nagle); its latencies and rates are those of TCP's "
                + "timers and say nothing of serializers. It should set TCP_NODELAY, or write a message at once")
    }
}
