import RennbahnLoadGenerator
import RennbahnMeasurement
import RennbahnReport

/// What is kept of a run of `load`, from before its beginning: the results of `--results`, and what the outputs for other tools
/// are made of. One owner, one thread.
final class LoadResults {
    /// `nil`: the results have no place of their own.
    private let journal: RunJournal?
    private let environment: RunEnvironment
    private var series = IntervalSeries()

    /// The first line of the journal.
    struct Description: Encodable {
        private let command = "load"
        private let parameters: CellParameters
        private let run: RunDescription
        /// Conditions.
        private let required: [String]

        init(_ configuration: LoadConfiguration, _ environment: RunEnvironment, _ conditions: [Condition]) {
            parameters = configuration.parameters
            run = LoadDocument.description(configuration, environment, isComplete: false)
            required = conditions.map(\.description)
        }
    }

    /// Begins the journal, where there is a place for it.
    ///
    /// - Parameter place: a file, or a folder for one.
    init(
        _ place: String?, _ configuration: LoadConfiguration, _ environment: RunEnvironment, _ conditions: [Condition]
    ) throws {
        self.environment = environment
        guard let place else {
            journal = nil
            return
        }
        guard !place.isEmpty else { throw Failure.usage("--results: is empty") }
        let journal =
            place.hasSuffix("/") || ResultsFile.isFolder(place)
            ? RunJournal(of: "load", in: place, environment) : RunJournal(path: place)
        self.journal = journal
        try journal.beginRun(Description(configuration, environment, conditions))
    }

    func note(_ interval: RunInterval) {
        series.append(interval)
        journal?.row(interval)
    }

    /// What came of the run, also where it was broken off.
    func document(_ outcome: LoadOutcome, _ conditions: [ConditionOutcome]) -> ResultsDocument {
        var document = ResultsDocument(
            environment: environment, cells: [LoadDocument.cell(outcome, environment, conditions)],
            incompleteReason: outcome.isInterrupted ? "interrupted" : nil)
        document.intervals = series.intervals
        return document
    }

    /// Writes the results; returns their path, `nil` where they have none.
    func finish(_ document: ResultsDocument) throws -> String? { try journal?.finishRun(document) }

    /// The run failed and has no results.
    func fail(_ reason: String) { journal?.fail(reason) }
}
