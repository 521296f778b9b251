import RennbahnReport

extension RunJournal {
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
