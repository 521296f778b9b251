import Foundation
package import RennbahnMeasurement

/// The results of one run on disk, from before its beginning to its end:
///
/// ```
/// begin ──► row, row, row … ──► finish: the results file, whole, in the journal's place
///                        └────► fail:   the journal, whose last line says why
/// ```
///
/// While the run goes, each line is written with one system call to `NAME.jsonl.partial` beside the results file `NAME.json`: a run
/// that is killed leaves it, up to the last line. One owner, one thread.
package final class RunJournal {
    /// Where the results go.
    package let path: String
    /// Where the lines go.
    package let journalPath: String
    /// What an earlier run left under the journal's name, and what it is called now: one line, or `nil`.
    package private(set) var leftover: String?
    private var rowCount = 0
    private var failure: ResultsFile.Failure?
    private var output: OutputFile?

    /// The names under which what earlier runs left is kept.
    private static let keptNames = 1...999

    /// - Parameter path: of the results file.
    package init(path: String) {
        self.path = path
        journalPath = (path.hasSuffix(".json") ? String(path.dropLast(5)) : path) + ".jsonl.partial"
    }

    /// Results of `command` in `folder`, under the name that ``ResultsFile`` gives them.
    package convenience init(of command: String, in folder: String, _ environment: RunEnvironment) {
        let name = ResultsFile.name(for: environment, command: command)
        self.init(path: URL(fileURLWithPath: folder, isDirectory: true).appendingPathComponent(name).path)
    }

    /// Writes the first line. A folder that is not there is made.
    ///
    /// - Throws: where the results could not be written either: better now than when the run is over.
    package func begin(_ description: some Encodable) throws(ResultsFile.Failure) {
        try ResultsFile.checkTarget(path)
        try ResultsFile.createFolder(of: path)
        let line: Data
        do {
            line = try JournalLine.begin(description)
        } catch {
            throw ResultsFile.Failure(path: journalPath, reason: "JSON cannot hold the description: \(error)")
        }
        do throws(OutputFile.Refusal) {
            var file = try OutputFile.growing(journalPath)
            if file.size > 0 {
                try keepLeftover()
                file = try OutputFile.growing(journalPath)
            }
            do throws(OutputFile.Refusal) {
                try file.append(line)
            } catch {
                OutputFile.remove(journalPath)
                throw error
            }
            output = file
        } catch {
            let reason =
                error.code == EWOULDBLOCK ? "another run writes it" : "cannot write results there: \(error)"
            throw ResultsFile.Failure(path: journalPath, reason: reason)
        }
    }

    private func keepLeftover() throws(OutputFile.Refusal) {
        let found: String
        do {
            found = try Journal(reading: try Data(contentsOf: URL(fileURLWithPath: journalPath))).summary
        } catch {
            found = "\(error)"
        }
        for number in RunJournal.keptNames {
            let name = "\(journalPath).\(number)"
            guard try OutputFile.keep(journalPath, as: name) else { continue }
            leftover = "\(name): what an earlier run left (\(found))"
            return
        }
        throw OutputFile.Refusal(code: EEXIST)
    }

    /// Adds a line. What cannot be written is told at the end: a full disk must not end a run.
    package func row(_ row: some Encodable) {
        guard let output else { return }
        rowCount += 1
        do {
            try output.append(try JournalLine.row(row, number: rowCount))
        } catch {
            note(error)
        }
    }

    /// Writes the results, whole or not at all, after which the journal goes; returns their path.
    ///
    /// - Throws: where they could not be written, which the journal then says, or where rows were lost on the way.
    package func finish(_ document: some Encodable) throws(ResultsFile.Failure) -> String {
        do throws(ResultsFile.Failure) {
            try ResultsFile.put(document, at: path)
        } catch {
            fail(error.description)
            throw error
        }
        if output != nil { OutputFile.remove(journalPath) }
        output = nil
        if let failure {
            throw ResultsFile.Failure(path: failure.path, reason: "\(failure.reason); \(path) is whole")
        }
        return path
    }

    /// The run ends here, without results: the journal stays, and says why.
    package func fail(_ reason: String) {
        guard let output else { return }
        do {
            try output.append(try JournalLine.end(reason: reason))
            try output.synchronize()
        } catch {
            note(error)
        }
        self.output = nil
    }

    private func note(_ error: any Error) {
        guard failure == nil else { return }
        failure = ResultsFile.Failure(path: journalPath, reason: "rows could not be written: \(error)")
    }
}
