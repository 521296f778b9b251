import RennbahnMeasurement

/// `results/history.csv`: rows that are only ever appended.
///
/// ```
/// date,commit,anchor,machine,cell,metric,ratio
/// 2026-11-23T12:00:00Z,1a2b3c4,0.1.0,9f3c21ab,pubsub 32 B json,router-cpu-per-message,0.9871
/// ```
///
/// RFC 4180: fields with commas, quotes or line ends stand in quotes. Lines end with a line feed.
package enum HistoryFile {
    package static let header = ["date", "commit", "anchor", "machine", "cell", "metric", "ratio"]

    /// Why a text is no history: the line, counted from 1, and what is wrong with it.
    package struct Malformed: Error, Equatable, Sendable, CustomStringConvertible {
        package let line: Int
        package let reason: String

        package var description: String { "line \(line): \(reason)" }
    }

    /// The rows of a text. An empty one has none; any line that is not a row is an error, not skipped.
    package static func parse(_ text: String) throws(Malformed) -> [HistoryRow] {
        var records = try records(of: text)[...]
        guard let first = records.popFirst() else { return [] }
        guard first.fields == header else {
            throw Malformed(line: 1, reason: "the header is not \"\(header.joined(separator: ","))\"")
        }
        var rows: [HistoryRow] = []
        for record in records { rows.append(try row(record)) }
        return rows
    }

    /// The text with these rows behind it, and with the header if it is empty; what was there stays as it is.
    package static func appending(_ rows: [HistoryRow], to text: String) throws(Malformed) -> String {
        let known = try parse(text)
        var extended = text.isEmpty ? header.joined(separator: ",") + "\n" : text
        if !extended.hasSuffix("\n") { extended += "\n" }
        for (index, row) in rows.enumerated() {
            let line = known.count + index + 2
            if let reason = flaw(of: row) { throw Malformed(line: line, reason: reason) }
            let fields = [row.date, row.commit, row.anchor, row.machine, row.cell, row.metric, "\(row.ratio)"]
            extended += fields.map(quoted).joined(separator: ",") + "\n"
        }
        return extended
    }

    private static func row(_ record: (fields: [String], line: Int)) throws(Malformed) -> HistoryRow {
        let fields = record.fields
        guard fields.count == header.count else {
            throw Malformed(line: record.line, reason: "\(fields.count.of("field")), where \(header.count) are needed")
        }
        guard let ratio = Double(fields[6]) else {
            throw Malformed(line: record.line, reason: "the ratio \"\(fields[6])\" is no number")
        }
        let row = HistoryRow(
            date: fields[0], commit: fields[1], anchor: fields[2], machine: fields[3], cell: fields[4],
            metric: fields[5], ratio: ratio)
        if let reason = flaw(of: row) { throw Malformed(line: record.line, reason: reason) }
        return row
    }

    private static func flaw(of row: HistoryRow) -> String? {
        let isDate = row.date.wholeMatch(of: /\d{4}-\d{2}-\d{2}(T[0-9:.]+Z)?/) != nil
        if !isDate { return "the date \"\(row.date)\" is not ISO 8601" }
        let names = [(row.commit, "commit"), (row.anchor, "anchor"), (row.machine, "machine"), (row.cell, "cell")]
        for (field, name) in names where field.isEmpty {
            return "the \(name) is empty"
        }
        if GateMetric(rawValue: row.metric) == nil, ExactCounter(rawValue: row.metric) == nil {
            return "the metric \"\(row.metric)\" is not known"
        }
        return row.ratio > 0 && row.ratio.isFinite ? nil : "the ratio \(row.ratio) is not a positive number"
    }

    // MARK: - CSV

    /// By scalars, as they are read: a comma with an accent upon it is no comma to Swift, and one to a reader of CSV.
    private static func quoted(_ field: String) -> String {
        let marks: Set<Unicode.Scalar> = [",", "\"", "\r", "\n"]
        guard field.unicodeScalars.contains(where: marks.contains) else { return field }
        var text = "\"".unicodeScalars
        for scalar in field.unicodeScalars {
            if scalar == "\"" { text.append(scalar) }
            text.append(scalar)
        }
        text.append("\"")
        return String(text)
    }

    /// The records of a text, each with the line on which it begins. Empty lines are none.
    private static func records(of text: String) throws(Malformed) -> [(fields: [String], line: Int)] {
        var records: [(fields: [String], line: Int)] = []
        var fields: [String] = []
        var field = ""
        var (line, begin) = (1, 1)
        var isQuoted = false
        var wasQuoted = false
        func end() {
            fields.append(field)
            if fields != [""] { records.append((fields, begin)) }
            (fields, field, wasQuoted) = ([], "", false)
        }
        var rest = text.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\"" where isQuoted:
                if rest.first == "\"" {
                    field.unicodeScalars.append(rest.removeFirst())
                } else {
                    isQuoted = false
                }
            case "\"" where field.isEmpty && !wasQuoted: (isQuoted, wasQuoted) = (true, true)
            case "\"": throw Malformed(line: line, reason: "a quote within a field that does not begin with one")
            case "," where !isQuoted:
                fields.append(field)
                (field, wasQuoted) = ("", false)
            case "\r" where !isQuoted && rest.first == "\n": break
            case "\n" where !isQuoted:
                end()
                line += 1
                begin = line
            default:
                guard isQuoted || !wasQuoted else {
                    throw Malformed(line: line, reason: "text behind a closing quote")
                }
                if scalar == "\n" { line += 1 }
                field.unicodeScalars.append(scalar)
            }
        }
        if isQuoted { throw Malformed(line: begin, reason: "a quote that is not closed") }
        end()
        return records
    }
}
