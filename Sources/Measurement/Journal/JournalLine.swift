package import FoundationEssentials

/// What a run writes while it goes: one line of JSON each, the first before the run begins.
///
/// ```
/// {"complete":false,"description":{…},"kind":"begin","schema":"rennbahn-journal/1"}
/// {"kind":"row","number":1,"row":{…}}
/// {"complete":false,"kind":"end","reason":"interrupted"}
/// ```
///
/// A run that comes to its end puts a results file in the journal's place, so that a journal that is found is of a run that did
/// not: `complete` is false throughout. The last line is there where somebody was left to write it.
package enum JournalLine {
    package static let schemaName = "rennbahn-journal/1"

    private struct Begin<Description: Encodable>: Encodable {
        let kind = Kind.begin
        let schema = JournalLine.schemaName
        let complete = false
        let description: Description
    }

    private struct Row<Value: Encodable>: Encodable {
        let kind = Kind.row
        let number: Int
        let row: Value
    }

    private struct End: Encodable {
        let kind = Kind.end
        let complete = false
        let reason: String
    }

    enum Kind: String, Codable {
        case begin, row, end
    }

    /// - Parameter description: what defines the run: whatever a reader needs to know what the rows are of.
    /// - Throws: `EncodingError`, as all of them: a figure that JSON cannot hold.
    package static func begin(_ description: some Encodable) throws -> Data {
        try line(Begin(description: description))
    }

    /// - Parameter number: counted from 1.
    package static func row(_ row: some Encodable, number: Int) throws -> Data {
        try line(Row(number: number, row: row))
    }

    package static func end(reason: String) throws -> Data { try line(End(reason: reason)) }

    /// JSON has no line ends but those that it escapes, so that the last octet alone is one.
    private static func line(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(value) + [UInt8(ascii: "\n")]
    }
}
