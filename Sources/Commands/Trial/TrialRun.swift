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
    /// Groups that are yet to be measured, this one included, and how long one start of a group took lately.
    private var groupsLeft: Int
    private var secondsPerStart: Double

    init(
        _ trials: TrialSettings, _ settings: BenchSettings, groups: Int, servers: RunningServers,
        progress: RennbahnReport.Progress, note: @escaping (TrialResult) -> Void, isInterrupted: @escaping () -> Bool
    ) {
        self.trials = trials
        self.settings = settings
        self.servers = servers
        self.progress = progress
        self.note = note
        self.isInterrupted = isInterrupted
        groupsLeft = groups
        secondsPerStart = trials.turnsPerStart + 1
    }

    /// What the sides did under each load of the group; what had been measured, where the user wants the run to end.
    func measure(_ group: TrialGroup, _ title: String) throws -> [TrialResult] {
        let measured = TrialMeasurement(group, trials, settings)
        while needsMore(measured) {
            let start = MonotonicClock.now()
            let show = { [self] (text: String) in progress.update("\(title)  start \(measured.starts), \(text)") }
            do {
                try measured.takeStart(servers, show: show, isInterrupted: isInterrupted)
            } catch {
                progress.clear()
                // Who ends a run may have ended its servers, too; what had been measured is there.
                guard isInterrupted() else { throw error }
            }
            secondsPerStart = Double(MonotonicClock.now() - start) / 1e9
        }
        groupsLeft -= 1
        progress.clear()
        let results = measured.results
        results.forEach(note)
        return results
    }

    private func needsMore(_ measured: TrialMeasurement) -> Bool {
        guard !isInterrupted() else { return false }
        let spent = Double(MonotonicClock.now() - began) / 1e9
        let others = Double((groupsLeft - 1) * trials.rule.fewestStarts) * secondsPerStart
        return measured.needsMore(trials.rule, secondsLeft: trials.budget - spent - others, secondsPerStart)
    }
}
