import RennbahnLoadGenerator
import RennbahnMeasurement
import RennbahnTrial

/// Measures what the goals of the hot path need, and judges.
struct GoalRun {
    let plan: GoalPlan
    /// For what takes turns, and for sessions that are set up.
    let run: TrialRun
    let runner: CellRunner
    let isInterrupted: () -> Bool

    /// What had been measured, where the user wants the run to end.
    ///
    /// - Parameter judged: gets the goals of each group as they are judged.
    func measure(judged: ([GoalOutcome]) -> Void) throws -> BenchJob.Measured {
        var measured = BenchJob.Measured(goals: [])
        for group in plan.groups where !isInterrupted() {
            var outcomes: [GoalOutcome]
            switch group {
            case .turns(let group, let judge):
                let results = try run.measure(group, group.work)
                measured.trials += results
                outcomes = judge(GoalFigures(result: results.first))
            case .sessions(let tasks, let judge):
                let figures = try sessions(tasks)
                measured.cells = tasks.compactMap { figures.outcomes[$0.name]?.cell }
                outcomes = judge(figures)
            case .notShown(let goals): outcomes = goals
            }
            // Of a group that was broken off some have their figures and others not: that is nothing of theirs.
            if isInterrupted() { outcomes.removeAll { $0.figure == nil } }
            judged(outcomes)
            measured.goals? += outcomes
        }
        return measured
    }

    private func sessions(_ tasks: [(name: String, task: CellTask)]) throws -> SessionFigures {
        do {
            let outcomes = try runner.measureInTurn(tasks.map(\.task))
            return SessionFigures(outcomes: Dictionary(uniqueKeysWithValues: zip(tasks.map(\.name), outcomes)))
        } catch {
            // Who ends a run may have ended its servers, too.
            guard isInterrupted() else { throw error }
            return SessionFigures(outcomes: [:])
        }
    }
}
