package import RennbahnMeasurement

/// A file of results that were measured in turns: one run of `bench` or `serializers`.
///
/// JSON, keys sorted; the rules are those of ``ResultsDocument``. Every figure and every ratio has its interval of 95 %.
package struct TrialDocument: Codable, Equatable, Sendable {
    package static let schemaName = "rennbahn-trials/1"

    package var schema: String
    /// `bench`, `peers`, `serializers`.
    package var command: String
    package var environment: RunEnvironment
    /// Whether all of it was measured that was asked for.
    package var complete: Bool
    package var trials: [TrialResult]

    package init(command: String, environment: RunEnvironment, complete: Bool, trials: [TrialResult]) {
        schema = TrialDocument.schemaName
        self.command = command
        self.environment = environment
        self.complete = complete
        self.trials = trials
    }

    /// A verification failure outweighs a side that tells nothing.
    package var exitStatus: CommandStatus { CommandStatus.worst(of: trials.map(\.exitStatus)) }
}
