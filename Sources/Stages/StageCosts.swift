/// Time of one stage.
package struct StageTime: Codable, Equatable, Sendable {
    /// Nanoseconds per message: the mean of the batches without the fastest and the slowest fifth.
    package let nanoseconds: Double
    /// The ends of its interval; ``low`` is not below 0.
    package let low: Double
    package let high: Double
    /// Batches, those that are trimmed included.
    package let batches: Int

    init(_ mean: TrimmedMean, criticalValue: (Double) -> Double) {
        let reach = criticalValue(mean.degreesOfFreedom) * mean.standardError
        nanoseconds = mean.mean
        low = max(0, mean.mean - reach)
        high = mean.mean + reach
        batches = mean.count
    }
}

/// What one stage costs per message.
package struct StageCost: Codable, Equatable, Sendable {
    package let time: StageTime
    /// `nil`: they were not counted.
    package fileprivate(set) var instructions: Double?

    init(_ time: StageTime) {
        self.time = time
    }
}

/// What each stage costs for a kind of message. Stages that such a message does not go through are absent.
package struct StageCosts: Codable, Equatable, Sendable {
    package private(set) var stages: [Stage: StageCost]

    init(_ times: [Stage: StageTime]) {
        stages = times.mapValues(StageCost.init)
    }

    /// Notes what was counted.
    ///
    /// - Parameter instructions: per message; `nil` where they could not be counted.
    package mutating func note(instructions: [Stage: Double]?) {
        for stage in stages.keys { stages[stage]?.instructions = instructions?[stage] }
    }
}
