package import FoundationEssentials

/// What a run left that did not come to its end, as far as it got.
package struct Journal: Equatable, Sendable {
    /// Why a file is no journal: one clause.
    package struct Foreign: Error, Equatable, Sendable, CustomStringConvertible {
        package let description: String
    }

    /// The lines of rows, whole and each JSON by itself, in their order.
    package private(set) var rows: [Data] = []
    /// Why the run did not come to its end; `nil`: nobody was left to say.
    package private(set) var reason: String?
    /// Lines between the others that cannot be read, as a machine leaves them that lost its power.
    package private(set) var damagedLines = 0
    /// Whether the last line was cut off, which is then not among the rows.
    package private(set) var isTorn = false

    private struct Line: Decodable {
        let kind: JournalLine.Kind
        let schema: String?
        let reason: String?
    }

    package init(reading bytes: Data) throws(Foreign) {
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        // What stands behind the last line end is a line that was not written to its end.
        if let last = lines.popLast() { isTorn = !last.isEmpty }
        guard let first = lines.first.flatMap(Journal.line), first.kind == .begin else {
            throw Foreign(description: "is not a journal: its first line does not say what was run")
        }
        guard first.schema == JournalLine.schemaName else {
            let known = JournalLine.schemaName
            throw Foreign(description: "is of schema \"\(first.schema ?? "")\"; this version reads \"\(known)\"")
        }
        for bytes in lines.dropFirst() {
            switch Journal.line(bytes).map({ ($0.kind, $0.reason) }) {
            case (.row, _)?: rows.append(Data(bytes))
            case (.end, let reason)?: self.reason = reason
            case (.begin, _)?, nil: damagedLines += 1
            }
        }
    }

    private static func line(_ bytes: Data) -> Line? { try? JSONDecoder().decode(Line.self, from: bytes) }

    /// One clause: `3 rows; interrupted`.
    package var summary: String {
        var parts = [rows.count == 1 ? "1 row" : "\(rows.count) rows"]
        if damagedLines > 0 { parts.append("\(damagedLines) damaged") }
        parts.append(reason ?? "ended without a word")
        return parts.joined(separator: "; ")
    }
}
