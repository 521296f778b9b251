import RennbahnMeasurement
import RennbahnReport

extension RunJournal {
    /// The first line of the journal of a benchmark.
    private struct Description: Encodable {
        let command: String
        let environment: RunEnvironment
    }

    /// Measures with a journal that holds what has been measured, and puts the results in its place; tells of them and whether
    /// they could be written. Results go to their file before they are told: who reads may have gone.
    static func keep<Document: Encodable>(
        _ command: String, in folder: String, _ environment: RunEnvironment,
        _ measure: (RunJournal) throws -> Document
    ) throws -> (document: Document, path: Result<String, any Error>) {
        let journal = RunJournal(of: command, in: folder, environment)
        try journal.beginRun(Description(command: command, environment: environment))
        let document: Document
        do {
            document = try measure(journal)
        } catch {
            journal.fail("\(error)")
            throw error
        }
        return (document, Result { try journal.finishRun(document) })
    }

    /// Begins before the run does: a place that nothing can be written to is the fault of an option.
    func beginRun(_ description: some Encodable) throws {
        do throws(ResultsFile.Failure) {
            try begin(description)
        } catch {
            throw Failure.usage("--results: \(error)")
        }
        if let leftover { Console.error("rennbahn: \(leftover)") }
    }

    func finishRun(_ document: some Encodable) throws -> String {
        do throws(ResultsFile.Failure) {
            return try finish(document)
        } catch {
            throw Failure.internalError("the results could not be written: \(error)")
        }
    }
}
