import Foundation
import RennbahnGate
import RennbahnMeasurement
import RennbahnReport

// Files that we have written, and that somebody may have changed since.

extension FuzzTarget {
    /// A file of results, of the gate or of exact counts: the schema says which.
    static let results = FuzzTarget("results", longest: 16_384, kinds: ["results", "gate", "exact"]) { input in
        let data = Data(input)
        var kinds: [String] = []
        if let document = try? ResultsFile.decode(data, path: "results.json") {
            let again = try ResultsFile.decode(ResultsFile.encode(document, path: "results.json"), path: "results.json")
            kinds.append("results")
            try hold(again == document, "results are written and read again")
            try checkTerminal(BenchText.environment(document.environment))
            try checkTerminal(BenchText.notes(document.cells, isTerminal: true))
            for format in ExportFormat.allCases {
                guard let text = try? format.text(of: .run(document)) else { continue }
                try hold(!text.isEmpty, "\(format.rawValue) is refused or says something")
            }
        }
        if let report = try? GateFile.report(from: data, path: "gate.json") {
            let again = try GateFile.report(from: GateFile.encode(report), path: "gate.json")
            kinds.append("gate")
            try hold(again == report, "what the gate found is written and read again")
            try checkTerminal(GateTable.render(report, isTerminal: true))
            let pages = [GateMarkdown.render(report), GateJUnit.render(report), GatePage.render(report)]
            try hold(pages.allSatisfy { !$0.isEmpty }, "there is something to say in every form")
            try hold(GateAnnotations.render(report).unicodeScalars.allSatisfy { $0 != "\r" }, "annotations are lines")
        }
        if let record = try? GateFile.exactRecord(from: data, path: "exact.json") {
            let again = try GateFile.exactRecord(from: GateFile.encode(record), path: "exact.json")
            kinds.append("exact")
            try hold(again == record, "exact counts are written and read again")
            let same = ExactResult(measured: record, reference: record)
            try hold(same.rows.allSatisfy { $0.finding == .same }, "counts are what they are")
        }
        return kinds
    }

    /// What is printed moves no cursor: of control characters it has line ends and the beginnings of styles.
    private static func checkTerminal(_ text: String) throws {
        let plain = text.replacing(/\u{1b}\[[0-9]+m/, with: "")
        let isPlain = plain.unicodeScalars.allSatisfy { $0 == "\n" || $0.properties.generalCategory != .control }
        try hold(isPlain, "\(text.debugDescription) moves no cursor")
    }

    /// The counts of a histogram in the encoding of HdrHistogram, as results hold them.
    static let histogram = FuzzTarget("histogram", longest: 1024) { input in
        let stored = try record(of: Data(input))
        guard let recorder = try? stored.recorder() else { return [] }
        let once = HistogramRecord(recorder)
        try hold(HistogramRecord(try once.recorder()) == once, "a histogram is written as it was read")
        let summary = recorder.summary()
        let percentiles = [0, 50, 99, 100].map { recorder.value(atPercentile: $0) }
        try hold(percentiles == percentiles.sorted(), "\(percentiles), of \(summary), grow")
        return ["histogram"]
    }

    private static func record(of payload: Data) throws -> HistogramRecord {
        let text = #"{"encoding":"hdr-v2","unit":"ns","overRange":0,"payload":"\#(payload.base64EncodedString())"}"#
        return try JSONDecoder().decode(HistogramRecord.self, from: Data(text.utf8))
    }

    /// Where a journal is torn; its lines.
    static let journal = FuzzTarget("journal", longest: 8192) { input in
        var input = InputReader(input)
        let place = Int(input.octet()) << 8 | Int(input.octet())
        let bytes = Data(input.rest)
        guard let whole = try? Journal(reading: bytes) else { return [] }
        try hold(whole.rows.allSatisfy { !$0.contains(UInt8(ascii: "\n")) }, "a row is a line")
        let lines = bytes.count { $0 == UInt8(ascii: "\n") }
        try hold(1 + whole.rows.count + whole.damagedLines <= lines, "a line is one thing")
        try hold(!whole.summary.isEmpty, "there is something to say")
        if let torn = try? Journal(reading: bytes.prefix(place % (bytes.count + 1))) {
            try hold(whole.rows.starts(with: torn.rows), "torn at \(place) it has the first rows")
        }
        return ["journal"]
    }

    /// Ratios of many commits; taken where there is one.
    static let history = FuzzTarget("history", longest: 4096) { input in
        let text = String(decoding: input, as: UTF8.self)
        guard let rows = try? HistoryFile.parse(text) else { return [] }
        let again = try HistoryFile.parse(HistoryFile.appending(rows, to: ""))
        try hold(again == rows, "\(again) is \(rows)")
        let twice = try HistoryFile.parse(HistoryFile.appending(rows, to: text))
        try hold(twice == rows + rows, "rows are only appended")
        let series = HistorySeries.all(of: rows)
        try hold(series.map(\.rows.count).reduce(0, +) == rows.count, "each row is of one series")
        for columns in [10, 80] {
            try checkTerminal(HistoryChart.render(series, columns: columns, isTerminal: columns == 80))
        }
        return rows.isEmpty ? [] : ["history"]
    }
}
