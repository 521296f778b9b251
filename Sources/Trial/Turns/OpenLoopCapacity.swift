/// How many operations a second a router can bear that come at times of their own.
///
/// A closed loop with many operations in flight carries far more: what is in flight together is read and sent together, which
/// costs a message a twentieth. Operations that come one by one do not wait for each other. So capacity is told from an open
/// loop: from the CPU time that one operation costs at a low rate.
package enum OpenLoopCapacity {
    /// - Parameters:
    ///   - rate: operations a second that were offered.
    ///   - sample: what came of it.
    /// - Returns: operations a second at which the busier side's core would be full; `nil` where nothing was seen.
    package static func estimate(rate: Double, _ sample: TurnSample) -> Double? {
        let share = max(sample.routerShare ?? 0, sample.generatorShare)
        guard share > 0, sample.wholeMessages > 0 else { return nil }
        return rate / min(1, share)
    }
}
