import RennbahnLoadGenerator
import RennbahnMeasurement
import RennbahnReport

/// What `load --results` keeps of a run, from before its beginning. One owner, one thread.
final class LoadResults {
    private let journal: RunJournal
    private let environment: RunEnvironment
    private var intervals: [RunInterval] = []

    /// The first line of the journal.
    private struct Description: Encodable {
        let command = "load"
        let parameters: CellParameters
        let run: RunDescription
        /// Conditions.
        let required: [String]
    }

    /// Begins the journal; `nil` without a place for it.
    ///
    /// - Parameter place: a file, or a folder for one.
    init?(
        _ place: String?, _ configuration: LoadConfiguration, _ environment: RunEnvironment, _ conditions: [Condition]
    ) throws {
        guard let place else { return nil }
        guard !place.isEmpty else { throw Failure.usage("--results: is empty") }
        self.environment = environment
        journal =
            place.hasSuffix("/") || ResultsFile.isFolder(place)
            ? RunJournal(of: "load", in: place, environment) : RunJournal(path: place)
        let description = Description(
            parameters: configuration.parameters,
            run: LoadDocument.description(configuration, environment, isComplete: false),
            required: conditions.map(\.description))
        try journal.beginRun(description)
    }

    func note(_ interval: RunInterval) {
        intervals.append(interval)
        journal.row(interval)
    }

    /// Writes what came of the run, also where it was broken off; returns the path.
    func finish(_ outcome: LoadOutcome, _ conditions: [ConditionOutcome]) throws -> String {
        var document = ResultsDocument(
            environment: environment, cells: [LoadDocument.cell(outcome, environment, conditions)],
            incompleteReason: outcome.isInterrupted ? "interrupted" : nil)
        document.intervals = intervals
        return try journal.finishRun(document)
    }

    /// The run failed and has no results.
    func fail(_ reason: String) { journal.fail(reason) }
}
