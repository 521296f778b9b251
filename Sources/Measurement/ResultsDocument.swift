/// A results file: one run of a command, with everything needed to judge and to compare it.
///
/// JSON, keys sorted; `docs/results.schema.json` is its JSON Schema. The schema's name carries its version: readers refuse one that
/// they do not know, and any change of a field's meaning is a new version. Rules that hold throughout:
///
/// - latencies are nanoseconds, durations are seconds, sizes are bytes, CPU per message is microseconds;
/// - a share is between 0 and 1, where 1 is all cores of that process busy for the whole window;
/// - a field that does not apply is absent.
///
/// ```
/// schema       "rennbahn-results/2"
/// complete     whether the run came to its end, and why not        absent in version 1, which was written at the end only
/// environment  where, when and with what                           ``RunEnvironment``
/// cells        [ { parameters, measurements, verdict } … ]          ``ResultCell``
/// comparison   [ ratios of each cell to JSON uncompressed … ]       ``SerializerComparison``
/// peers        [ ratios of each peer's cell to our own … ]          ``PeerComparison``
/// goals        [ goal, figure and verdict … ]                       ``GoalOutcome``, of older files
/// intervals    [ what happened in each second or more … ]           ``RunInterval``, of `rennbahn load`
/// ```
package struct ResultsDocument: Codable, Equatable, Sendable {
    package static let schemaName = "rennbahn-results/2"
    /// All versions that are read.
    package static let readableSchemas = ["rennbahn-results/1", schemaName]

    package var schema: String
    /// Absent in version 1.
    package var complete: Bool?
    /// Why it is not; absent where it is.
    package var incompleteReason: String?
    package var environment: RunEnvironment
    package var cells: [ResultCell]
    package var comparison: [SerializerComparison]
    /// Absent where no peer was measured.
    package var peers: [PeerComparison]?
    /// Of files that are older than `rennbahn-trials/1`, which has them now; absent where no goals were measured.
    package var goals: [GoalOutcome]?
    /// Absent where the run was not cut into any.
    package var intervals: [RunInterval]?

    /// - Parameter incompleteReason: `nil`: the run came to its end.
    package init(
        environment: RunEnvironment, cells: [ResultCell], incompleteReason: String? = nil
    ) {
        schema = ResultsDocument.schemaName
        complete = incompleteReason == nil
        self.incompleteReason = incompleteReason
        self.environment = environment
        self.cells = cells
        comparison = SerializerComparison.rows(of: cells)
        let peers = PeerComparison.rows(of: cells)
        self.peers = peers.isEmpty ? nil : peers
    }

    /// The exit status of a run of several cells: a verification failure outweighs an invalid cell.
    package var exitStatus: CommandStatus { CommandStatus.worst(of: cells.map(\.verdict.exitStatus)) }
}

/// One cell of the benchmark matrix.
package struct ResultCell: Codable, Equatable, Sendable {
    package var parameters: CellParameters
    package var measurements: CellMeasurements
    package var verdict: Verdict
    /// What voids no figure and must be known; absent where there is nothing, and in files that are older than the field.
    package var warnings: [RunWarning]?
    /// What defines the run, where the cell stands alone (`rennbahn load --json`).
    package var run: RunDescription?
    /// What was required of the run, and whether it holds; absent where nothing was.
    package var conditions: [ConditionOutcome]?

    package init(
        parameters: CellParameters, measurements: CellMeasurements, verdict: Verdict, warnings: [RunWarning] = []
    ) {
        self.parameters = parameters
        self.measurements = measurements
        self.verdict = verdict
        self.warnings = warnings.isEmpty ? nil : warnings
    }
}
