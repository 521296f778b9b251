import RennbahnLoadGenerator
import RennbahnMeasurement
import RennbahnReactor
import RennbahnReport
import RennbahnTrial

/// Measures groups of sides in turns: starts their processes again and again, and takes their turns until their figures are
/// precise enough or the budget is spent.
final class TrialRun {
    private let trials: TrialSettings
    private let settings: BenchSettings
    private let servers: RunningServers
    private let isInterrupted: () -> Bool
    private var progress: RennbahnReport.Progress
    /// Is told of each result of a group when it is over.
    private let note: (TrialResult) -> Void
    private let began = MonotonicClock.now()
    private let groups: Int
    private var measured = 0
    private var budget: TrialBudget

    init(
        _ trials: TrialSettings, _ settings: BenchSettings, groups: [TrialGroup], servers: RunningServers,
        progress: RennbahnReport.Progress, note: @escaping (TrialResult) -> Void, isInterrupted: @escaping () -> Bool
    ) {
        self.trials = trials
        self.settings = settings
        self.servers = servers
        self.progress = progress
        self.note = note
        self.isInterrupted = isInterrupted
        self.groups = groups.count
        budget = TrialBudget(
            trials.budget, fewestStarts: trials.rule.fewestStarts, weight: groups.reduce(0) { $0 + $1.weight })
    }

    /// What the sides did under each load of the group; what had been measured, where the user wants the run to end.
    func measure(_ group: TrialGroup, _ title: String) throws -> [TrialResult] {
        measured += 1
        let title = "[\(measured)/\(groups)] \(title)"
        let measurement = TrialMeasurement(group, trials, settings)
        budget.beginGroup(heats: group.heatsOfStart, weight: group.weight, at: seconds)
        while !isInterrupted(), needsMore(measurement) {
            let start = seconds
            let show = { [self] (text: String) in progress.update("\(title)  start \(measurement.starts), \(text)") }
            do {
                try measurement.takeStart(
                    servers, turns: budget.nextTurns(), show: show, isInterrupted: isInterrupted)
            } catch {
                progress.clear()
                // Who ends a run may have ended its servers, too; what had been measured is there.
                guard isInterrupted() else { throw error }
            }
            budget.endStart(from: start, to: seconds)
        }
        progress.clear()
        let results = measurement.results
        results.forEach(note)
        return results
    }

    private func needsMore(_ measurement: TrialMeasurement) -> Bool {
        measurement.needsMore(
            trials.rule, secondsLeft: budget.secondsLeft(at: seconds), budget.secondsPerStart)
    }

    /// Since the run began.
    private var seconds: Double { Double(MonotonicClock.now() - began) / 1e9 }
}
