package import RennbahnMeasurement

/// A file of results that were measured in turns: one run of `bench` or `serializers`.
///
/// JSON, keys sorted; `docs/trials.schema.json` is its JSON Schema, and the rules are those of ``ResultsDocument``. Figures by
/// metric and ratios have their interval of 95 %; response times have none, nor have goals that are no load in turns.
package struct TrialDocument: Codable, Equatable, Sendable {
    package static let schemaName = "rennbahn-trials/1"

    package var schema: String
    /// `bench`, `peers`, `goals`, `serializers`.
    package var command: String
    package var environment: RunEnvironment
    /// Whether all of it was measured that was asked for.
    package var complete: Bool
    package var trials: [TrialResult]
    /// What was asked of the trials, and of sessions that were set up beside them; absent where nothing was.
    package var goals: [GoalOutcome]?
    /// Whole runs, of which goals on the set-up of sessions are; absent where there were none.
    package var cells: [ResultCell]?

    package init(
        command: String, environment: RunEnvironment, complete: Bool, trials: [TrialResult],
        goals: [GoalOutcome]? = nil,
        cells: [ResultCell]? = nil
    ) {
        schema = TrialDocument.schemaName
        self.command = command
        self.environment = environment
        self.complete = complete
        self.trials = trials
        self.goals = goals
        self.cells = cells
    }

    /// A verification failure outweighs a side that tells nothing.
    package var exitStatus: CommandStatus { CommandStatus.worst(of: statuses) }

    /// - Parameter allowsInvalid: whether sides that tell nothing are no reason to fail.
    package func exitStatus(allowsInvalid: Bool) -> CommandStatus {
        CommandStatus.worst(of: statuses.filter { !allowsInvalid || $0 != .invalid })
    }

    private var statuses: [CommandStatus] {
        guard let goals else { return trials.map(\.exitStatus) }
        return trials.flatMap(TrialDocument.statusesForGoals) + (cells ?? []).map(\.verdict.exitStatus)
            + goals.map { $0.verdict == .missed ? .thresholdMissed : .good }
    }

    /// Goals ask for CPU time alone: a side that lacks its rate has told what it was asked.
    private static func statusesForGoals(_ result: TrialResult) -> [CommandStatus] {
        let hasFloor = result.sides.contains { $0.role == .floor }
        return result.sides.map { side in
            guard side.verification.isClean else { return .verificationFailure }
            let hasRatio =
                switch side.role {
                case .baseline: !hasFloor || side.floorRatio != nil
                case .twin, .other: side.ratios[.routerCPU] != nil
                case .floor: true
                }
            return side.figures[.routerCPU] != nil && hasRatio ? .good : .invalid
        }
    }
}
