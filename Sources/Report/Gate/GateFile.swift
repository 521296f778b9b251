package import Foundation
package import RennbahnGate

/// What the gate found, as JSON.
package enum GateFile {
    /// Pretty-printed with sorted keys, so that two files can be compared line by line.
    package static func encode(_ report: GateReport) throws -> Data { try encoded(report) }

    /// The same for counts that are kept in the repository.
    package static func encode(_ record: ExactRecord) throws -> Data { try encoded(record) }

    private static func encoded(_ document: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(document) + Data("\n".utf8)
    }

    package static func report(from data: Data, path: String) throws(ResultsFile.Failure) -> GateReport {
        try decoded(data, GateReport.schemaName, path: path)
    }

    package static func exactRecord(from data: Data, path: String) throws(ResultsFile.Failure) -> ExactRecord {
        try decoded(data, ExactRecord.schemaName, path: path)
    }

    private struct Head: Decodable {
        let schema: String
    }

    private static func decoded<Document: Decodable>(
        _ data: Data, _ known: String, path: String
    ) throws(ResultsFile.Failure) -> Document {
        let head = try? JSONDecoder().decode(Head.self, from: data)
        guard head?.schema == known else {
            let found = head.map { "of schema \"\($0.schema)\"" } ?? "no JSON with a schema"
            throw ResultsFile.Failure(path: path, reason: "is \(found); this version reads \"\(known)\"")
        }
        do {
            return try JSONDecoder().decode(Document.self, from: data)
        } catch {
            throw ResultsFile.Failure(
                path: path, reason: "does not follow \"\(known)\": " + ResultsFile.words(for: error))
        }
    }
}
