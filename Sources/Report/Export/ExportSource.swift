import Foundation
package import RennbahnMeasurement
package import RennbahnTrial

/// What a file of results holds, as far as it can be exported.
package enum ExportSource: Equatable, Sendable {
    /// Whole runs: of `load`, of older benchmarks.
    case run(ResultsDocument)
    /// Groups of sides that took turns.
    case trials(TrialDocument)

    /// The schema of `rennbahn serializers`, of which the trials are read.
    package static let serializersSchema = "rennbahn-serializers/1"

    private struct Head: Decodable {
        let schema: String?
    }

    private struct Serializers: Decodable {
        let trials: TrialDocument
    }

    package init(reading path: String) throws(ResultsFile.Failure) {
        try self.init(try ResultsFile.bytes(of: path), path: path)
    }

    init(_ data: Data, path: String) throws(ResultsFile.Failure) {
        do {
            let decoder = JSONDecoder()
            let schema = try decoder.decode(Head.self, from: data).schema
            if let schema, ResultsDocument.readableSchemas.contains(schema) {
                self = .run(try ResultsFile.decode(data, path: path))
            } else if schema == TrialDocument.schemaName {
                self = .trials(try decoder.decode(TrialDocument.self, from: data))
            } else if schema == ExportSource.serializersSchema {
                self = .trials(try decoder.decode(Serializers.self, from: data).trials)
            } else if let schema {
                throw ResultsFile.Failure(path: path, reason: ExportSource.unknown(schema))
            } else {
                self = .run(try ExportSource.document(try decoder.decode(ResultCell.self, from: data), path: path))
            }
        } catch let failure as ResultsFile.Failure {
            throw failure
        } catch {
            throw ResultsFile.Failure(path: path, reason: "is not a results file: " + ResultsFile.words(for: error))
        }
    }

    private static func unknown(_ schema: String) -> String {
        let known = (ResultsDocument.readableSchemas + [TrialDocument.schemaName, serializersSchema]).map {
            "\"\($0)\""
        }
        return "is of schema \"\(schema)\"; exported are \(known.joined(separator: ", "))"
    }

    /// Of a cell that stands alone, as `load --json` prints it.
    private static func document(_ cell: ResultCell, path: String) throws(ResultsFile.Failure) -> ResultsDocument {
        guard let run = cell.run else {
            throw ResultsFile.Failure(path: path, reason: "is a cell that does not say what was run")
        }
        return ResultsDocument(
            environment: run.environment, cells: [cell], incompleteReason: run.isComplete ? nil : "interrupted")
    }
}
