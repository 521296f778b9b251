extension StageCosts {
    /// Measures what the stages cost for kinds of messages, which take turns: a machine that is slower for a while, as one whose
    /// cores have neighbours, is so for all of them, and what is measured together can be compared. All runs in the calling thread.
    ///
    /// - Parameters:
    ///   - budget: nanoseconds of measuring, for all kinds together. What is prepared before (for each kind a stream of messages
    ///     as long as the window of deflate, which a subscriber reads to the end) comes on top, and so does what makes five
    ///     batches of each stage.
    ///   - now: nanoseconds of a clock that does not go back; one of the thread's CPU time leaves out what others take.
    ///   - criticalValue: of Student's t for so many degrees of freedom, at the level of the intervals.
    /// - Returns: the costs of each kind, in their order.
    package static func measure(
        _ inputs: [StageInput], budget: UInt64, now: () -> UInt64, criticalValue: (_ degreesOfFreedom: Double) -> Double
    ) throws(StageFailure) -> [StageCosts] {
        var paths = try StagePaths.checked(inputs, .random)
        let samples = try StageMeter(budget: budget).samples(of: &paths, now: now)
        var times = [[Stage: StageTime]](repeating: [:], count: inputs.count)
        for (part, samples) in samples {
            times[part.kind][part.stage] = StageTime(TrimmedMean(samples), criticalValue: criticalValue)
        }
        return times.map { StageCosts($0) }
    }
}
