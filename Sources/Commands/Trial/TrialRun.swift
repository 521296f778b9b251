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
    /// How often a twin is asked about the same metric.
    private let controls: Int
    private let allWeight: Double
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
        controls = groups.reduce(0) { sum, group in
            guard group.sides.contains(where: { $0.role == .twin }) else { return sum }
            return sum + (group.openLoopRate == nil ? 1 : 2)
        }
        allWeight = groups.reduce(0) { $0 + $1.weight }
        budget = TrialBudget(trials.budget, fewestStarts: trials.rule.fewestStarts, weight: allWeight)
    }

    /// What the sides did under each load of the group; what had been measured, where the user wants the run to end.
    func measure(_ group: TrialGroup, _ title: String) throws -> [TrialResult] {
        measured += 1
        let title = "[\(measured)/\(groups)] \(title)"
        let measurement = TrialMeasurement(group, trials, settings, controls: controls)
        budget.beginGroup(heats: group.heatsOfStart, weight: group.weight, at: seconds)
        while !isInterrupted(), needsMore(measurement, budget, at: seconds) {
            let start = seconds
            try takeStart(measurement, turns: budget.nextTurns(), title)
            budget.endStart(from: start, to: seconds)
        }
        progress.clear()
        let results = measurement.results
        results.forEach(note)
        return results
    }

    /// A group among others that are measured side by side: its part of the budget, and what it has taken of that.
    private struct Share {
        let measurement: TrialMeasurement
        var budget: TrialBudget
        var spent = 0.0
    }

    /// As ``measure(_:_:)`` all of them, side by side: a start of each, then another one of each. So all see what the machine does in
    /// the whole of the run, and their intervals know of it: what a neighbour does for a minute changes no group alone.
    ///
    /// From the fewest starts on the results so far are noted after each round; the last are those that count.
    func measureSideBySide(_ groups: [TrialGroup]) throws -> [[TrialResult]] {
        var shares = groups.map(share)
        var round = 0
        while !isInterrupted(), shares.contains(where: needsMore) {
            round += 1
            for index in shares.indices where !isInterrupted() && needsMore(shares[index]) {
                try takeStart(&shares[index], "[\(index + 1)/\(groups.count)] \(groups[index].work)")
                if round >= trials.rule.fewestStarts { shares[index].measurement.results.forEach(note) }
            }
        }
        progress.clear()
        return shares.map(\.measurement.results)
    }

    private func share(_ group: TrialGroup) -> Share {
        let whole = trials.budget * group.weight / allWeight
        var budget = TrialBudget(whole, fewestStarts: trials.rule.fewestStarts, weight: group.weight)
        budget.beginGroup(heats: group.heatsOfStart, weight: group.weight, at: 0)
        return Share(measurement: TrialMeasurement(group, trials, settings, controls: controls), budget: budget)
    }

    private func needsMore(_ share: Share) -> Bool { needsMore(share.measurement, share.budget, at: share.spent) }

    private func takeStart(_ share: inout Share, _ title: String) throws {
        let (start, before) = (seconds, share.spent)
        try takeStart(share.measurement, turns: share.budget.nextTurns(), title)
        share.spent += seconds - start
        share.budget.endStart(from: before, to: share.spent)
    }

    private func takeStart(_ measurement: TrialMeasurement, turns: Double, _ title: String) throws {
        let show = { [self] (text: String) in progress.update("\(title)  start \(measurement.starts), \(text)") }
        do {
            try measurement.takeStart(servers, turns: turns, show: show, isInterrupted: isInterrupted)
        } catch {
            progress.clear()
            // Who ends a run may have ended its servers, too; what had been measured is there.
            guard isInterrupted() else { throw error }
        }
    }

    /// - Parameter time: of the budget's clock.
    private func needsMore(_ measurement: TrialMeasurement, _ budget: TrialBudget, at time: Double) -> Bool {
        measurement.needsMore(trials.rule, secondsLeft: budget.secondsLeft(at: time), budget.secondsPerStart)
    }

    /// Since the run began.
    private var seconds: Double { Double(MonotonicClock.now() - began) / 1e9 }
}
