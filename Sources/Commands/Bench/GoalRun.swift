import RennbahnLoadGenerator
import RennbahnMeasurement

/// Goals that stand on the same cells, which are measured in turn.
struct GoalGroup {
    var tasks: [(name: String, task: CellTask)]
    /// Whether the cells belong in the results: not where only what came before their window counts.
    var keepsCells = true
    var goals: (GoalFigures) -> [GoalOutcome]
}

/// Measures what the goals of the hot path need, and judges.
struct GoalRun {
    let plan: GoalPlan

    func measure(_ runner: CellRunner) throws -> (cells: [ResultCell], goals: [GoalOutcome]) {
        var cells: [ResultCell] = []
        var goals: [GoalOutcome] = []
        for group in plan.groups {
            let outcomes = try runner.measureInTurn(group.tasks.map(\.task))
            if group.keepsCells { cells += outcomes.map(\.cell) }
            let named = Dictionary(uniqueKeysWithValues: zip(group.tasks.map(\.name), outcomes))
            goals += group.goals(GoalFigures(outcomes: named))
        }
        runner.clear()
        return (cells, goals)
    }

    /// Measurements of the whole run.
    func total(_ settings: BenchSettings) -> Int {
        plan.groups.reduce(0) { $0 + $1.tasks.count } * settings.rounds
    }
}
