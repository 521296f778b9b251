import RennbahnTrial
import Testing

@testable import RennbahnGate

struct HistoryTests {
    private func row(
        _ ratio: Double, date: String = "2026-11-23", commit: String = "1a2b3c4", anchor: String = "0.1.0",
        machine: String = "9f3c21ab", cell: String = "pubsub 32 B json", metric: String = "router-cpu-per-message"
    ) -> HistoryRow {
        HistoryRow(
            date: date, commit: commit, anchor: anchor, machine: machine, cell: cell, metric: metric, ratio: ratio)
    }

    private let header = "date,commit,anchor,machine,cell,metric,ratio\n"

    @Test func `The first rows come with a header, later ones behind what was there`() throws {
        let first = try HistoryFile.appending([row(0.9871)], to: "")
        #expect(
            first == header + "2026-11-23,1a2b3c4,0.1.0,9f3c21ab,pubsub 32 B json,router-cpu-per-message,0.9871\n")
        let second = try HistoryFile.appending([row(1.01, date: "2026-11-24T10:00:00Z")], to: first)
        #expect(second.hasPrefix(first))
        #expect(try HistoryFile.parse(second) == [row(0.9871), row(1.01, date: "2026-11-24T10:00:00Z")])
        #expect(try HistoryFile.appending([], to: second) == second)
    }

    @Test func `A last line without its end gets one`() throws {
        let text = try HistoryFile.appending([row(1)], to: "")
        let cut = String(text.dropLast())
        #expect(try HistoryFile.parse(HistoryFile.appending([row(2)], to: cut)) == [row(1), row(2)])
    }

    @Test(arguments: [
        "a,b", "say \"x\"", "two\nlines", "\"", ",", "a\r\nb", "é, ü", " spaces ", ",\u{301}", "\"\u{338}x", "\r",
        "\n\u{301}",
    ])
    func `Any text of a cell survives`(cell: String) throws {
        let rows = [row(1, cell: cell), row(2)]
        #expect(try HistoryFile.parse(HistoryFile.appending(rows, to: "")) == rows)
    }

    @Test func `Lines of other systems and empty lines are read`() throws {
        let text = header + "\n2026-11-23,1a2b3c4,0.1.0,m,c,throughput,1.5\n\n"
        #expect(try HistoryFile.parse(text.replacing("\n", with: "\r\n")).map(\.ratio) == [1.5])
        #expect(try HistoryFile.parse("").isEmpty)
        #expect(try HistoryFile.parse(header).isEmpty)
    }

    @Test(arguments: [
        ("date,commit\n", 1, "header"),
        ("H2026-11-23,c,a,m,x,throughput\n", 2, "6 fields"),
        ("H2026-11-23,c,a,m,x,throughput,1,1\n", 2, "8 fields"),
        ("H2026-11-23,c,a,m,x,throughput,fast\n", 2, "no number"),
        ("H2026-11-23,c,a,m,x,throughput,0\n", 2, "positive"),
        ("H2026-11-23,c,a,m,x,throughput,nan\n", 2, "positive"),
        ("H2026-11-23,c,a,m,x,throughput,-1e17\n", 2, "positive"),
        ("H2026-11-23,c,a,m,x,throughput,1e999\n", 2, "positive"),
        ("H2026-11-23,c,a,m,x,throughput,1e-999\n", 2, "positive"),
        ("Hyesterday,c,a,m,x,throughput,1\n", 2, "ISO 8601"),
        ("H2026-11-23,,a,m,x,throughput,1\n", 2, "commit is empty"),
        ("H2026-11-23,c,,m,x,throughput,1\n", 2, "anchor is empty"),
        ("H2026-11-23,c,a,m,x,speed,1\n", 2, "metric \"speed\""),
        ("H2026-11-23,c,a,m,x,throughput,1\n2026-11-24,c,a,m,\"x,throughput,1\n", 3, "not closed"),
        ("H2026-11-23,c,a,m,x\"y,throughput,1\n", 2, "quote within"),
        ("H2026-11-23,c,a,m,\"x\"y,throughput,1\n", 2, "closing quote"),
    ])
    func `What is not a history says where and why`(text: String, line: Int, reason: String) {
        let full = text.hasPrefix("H") ? header + text.dropFirst() : text
        do throws(HistoryFile.Malformed) {
            _ = try HistoryFile.parse(full)
            Issue.record("no error")
        } catch {
            #expect(error.line == line)
            #expect(error.reason.contains(reason), "\(error)")
        }
    }

    @Test(arguments: [1e17, .greatestFiniteMagnitude, .leastNonzeroMagnitude])
    func `Any positive number is a ratio, and makes series`(ratio: Double) throws {
        let rows = (0..<24).map { row($0 < 12 ? 1 : ratio, date: "2026-11-\($0 < 10 ? "0" : "")\($0)") }
        let read = try HistoryFile.parse(HistoryFile.appending(rows, to: ""))
        #expect(read == rows)
        #expect(HistorySeries.all(of: read).map(\.rows) == [rows])
    }

    @Test func `A row that could not be read again is not appended`() {
        #expect(throws: HistoryFile.Malformed.self) { _ = try HistoryFile.appending([row(.infinity)], to: "") }
        #expect(throws: HistoryFile.Malformed.self) { _ = try HistoryFile.appending([row(1, metric: "x")], to: "") }
        #expect(throws: HistoryFile.Malformed.self) { _ = try HistoryFile.appending([row(1)], to: "not,a,history\n") }
    }

    @Test func `Series are told apart by cell, metric, anchor and machine, and sorted by date`() {
        let rows = [
            row(3, date: "2026-11-25"), row(1, date: "2026-11-23"), row(2, date: "2026-11-24"),
            row(9, machine: "other"), row(6, anchor: "0.2.0"),
            row(8, metric: "throughput"), row(7, cell: "a cell"),
        ]
        let series = HistorySeries.all(of: rows)
        #expect(series.map { $0.rows.map(\.ratio) } == [[7], [1, 2, 3], [9], [6], [8]])
        #expect(series.allSatisfy { $0.changePoints.isEmpty })
    }

    @Test func `A step in a series is its change point`() {
        let rows = (0..<24).map { index in
            row(
                (index < 12 ? 1 : 1.08) + 0.002 * Double(index * 7 % 5),
                date: "2026-11-\(index < 10 ? "0" : "")\(index)")
        }
        let series = HistorySeries.all(of: rows.reversed())
        #expect(series.map { $0.changePoints.map(\.index) } == [[12]])
    }

    @Test func `A comparison with the anchor becomes rows`() throws {
        let result = Simulation.run(settings: GateSettings(seed: 1)) { block in
            .measured([.routerCPU: block.build == .candidate ? 5.5 : 5, .bytesPerMessage: 60], seconds: 1)
        }
        let rows = HistoryRow.rows(
            of: GateReport(environment: .sample, base: "1.0", candidate: "x", paired: result), machine: "m")
        #expect(rows.map(\.metric) == ["router-cpu-per-message", "bytes-per-message"])
        #expect(rows[0].anchor == "1.0" && rows[0].machine == "m")
        #expect((rows[0].ratio - 1.1).magnitude < 1e-12 && rows[1].ratio == 1)
        #expect(try HistoryFile.parse(HistoryFile.appending(rows, to: "")) == rows)
    }

    @Test func `Machines have fingerprints of eight digits`() {
        let one = HistoryRow.fingerprint(["cpu", "kernel"])
        #expect(one.wholeMatch(of: /[0-9a-f]{8}/) != nil)
        #expect(one != HistoryRow.fingerprint(["cpuk", "ernel"]))
        #expect(one == HistoryRow.fingerprint(["cpu", "kernel"]))
    }
}
