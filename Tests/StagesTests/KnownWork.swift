@testable import RennbahnStages

/// Nanoseconds that pass only when something is done.
final class WorkClock {
    var time: UInt64 = 1_000
    /// Every batch, in order.
    var batches: [(stage: Stage, count: Int, time: UInt64)] = []
}

/// Stages that take as long as they are told to.
struct KnownWork: StageWork {
    let costs: [Stage: UInt64]
    let clock: WorkClock
    /// Of so many batches of a stage one takes ten times as long.
    var disturbance = Int.max
    private var runs: [Stage: Int] = [:]

    init(_ costs: [Stage: UInt64], _ clock: WorkClock) {
        self.costs = costs
        self.clock = clock
    }

    var parts: [Stage] { Stage.allCases.filter { costs[$0] != nil } }

    mutating func run(_ stage: Stage, _ count: Int) throws(StageFailure) {
        runs[stage, default: 0] += 1
        let isDisturbed = runs[stage, default: 0] % disturbance == 0
        let time = (costs[stage] ?? 0) * UInt64(count) * (isDisturbed ? 10 : 1)
        clock.time += time
        clock.batches.append((stage, count, time))
    }
}
