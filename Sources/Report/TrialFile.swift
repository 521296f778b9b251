import Foundation
package import RennbahnMeasurement
package import RennbahnTrial

/// Results of trials on disk: one JSON file a run.
package enum TrialFile {
    /// Whether results can be written into a folder, which is made where it is not there: asked before a run of minutes.
    package static func prepare(_ directory: String) throws(ResultsFile.Failure) {
        let folder = URL(fileURLWithPath: directory, isDirectory: true)
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let probe = folder.appendingPathComponent(".rennbahn-\(UUID().uuidString)")
            try Data().write(to: probe)
            try FileManager.default.removeItem(at: probe)
        } catch {
            throw ResultsFile.Failure(
                path: directory, reason: "results cannot be written there: \(error.localizedDescription)")
        }
    }

    package static func write(
        _ document: TrialDocument, to directory: String
    ) throws(ResultsFile.Failure) -> String {
        try write(document, named: document.environment, command: document.command, to: directory)
    }

    /// Writes `document` into `directory` and returns the path of the file, which appears whole or not at all.
    package static func write(
        _ document: some Encodable, named environment: RunEnvironment, command: String, to directory: String
    ) throws(ResultsFile.Failure) -> String {
        let file = URL(fileURLWithPath: directory, isDirectory: true)
            .appendingPathComponent(ResultsFile.name(for: environment, command: command))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            try (encoder.encode(document) + Data("\n".utf8)).write(to: file, options: .atomic)
        } catch {
            throw ResultsFile.Failure(
                path: file.path, reason: "cannot write the results: \(error.localizedDescription)")
        }
        return file.path
    }
}
