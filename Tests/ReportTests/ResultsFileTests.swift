import Foundation
import RennbahnMeasurement
import Testing

@testable import RennbahnReport

@Suite("Results files")
struct ResultsFileTests {
    /// Hands out a folder of its own and takes it away afterwards.
    private func withFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("results-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder.path)
    }

    @Test("a run is read back as it was written, from a folder that did not exist")
    func roundTrip() throws {
        try withFolder { folder in
            let path = folder + "/deep/results/" + ResultsFile.name(for: Samples.environment, command: "bench")
            try ResultsFile.put(Samples.document, at: path)
            #expect(try ResultsFile.read(path) == Samples.document)
            let names = try FileManager.default.contentsOfDirectory(atPath: folder + "/deep/results")
            #expect(names == ["2026-03-01T120000Z-1a2b3c4-bench.json"])
        }
    }

    @Test("the text is pretty, its keys sorted, and the same every time")
    func stable() throws {
        let data = try ResultsFile.encode(Samples.document, path: "")
        #expect(try ResultsFile.encode(Samples.document, path: "") == data)
        let lines = String(decoding: data, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        let sections = lines.filter { $0.hasPrefix("  \"") }.map { $0.split(separator: "\"")[1] }
        #expect(sections == ["cells", "comparison", "complete", "environment", "schema"])
        #expect(lines.contains { $0.contains("\"schema\" : \"rennbahn-results/2\"") })
        #expect(lines.last == "")
    }

    @Test("what does not apply is absent from the file")
    func absent() throws {
        var cell = Samples.cell("json")
        cell.measurements.router = nil
        let document = ResultsDocument(environment: Samples.environment, cells: [cell])
        let text = String(decoding: try ResultsFile.encode(document, path: ""), as: UTF8.self)
        #expect(!text.contains("\"router\"") && !text.contains("null") && !text.contains("\"rate\""))
    }

    @Test("another schema is refused by name")
    func otherSchema() {
        let data = Data(#"{"schema":"rennbahn-results/3","cells":1}"#.utf8)
        let expected =
            "old.json: is of schema \"rennbahn-results/3\"; this version reads \"rennbahn-results/1\" and \"rennbahn-results/2\""
        #expect(message { try ResultsFile.decode(data, path: "old.json") } == expected)
    }

    @Test("what is no results file is refused in one line that says where")
    func malformed() throws {
        let empty = message { try ResultsFile.decode(Data("{}".utf8), path: "x") }
        #expect(empty == "x: is not a results file: \"schema\" is missing")
        let garbage = message { try ResultsFile.decode(Data("[1".utf8), path: "x") }
        #expect(garbage?.hasPrefix("x: is not a results file: ") == true && garbage?.contains("\n") == false)
        let text = String(decoding: try ResultsFile.encode(Samples.document, path: ""), as: UTF8.self)
        let cut = text.replacingOccurrences(of: "\"payloadBytes\"", with: "\"payload\"")
        let missing = message { try ResultsFile.decode(Data(cut.utf8), path: "x") }
        #expect(missing == "x: is not a results file: \"payloadBytes\" is missing at cells.0.parameters")
    }

    /// All numbers of a file at once; strings stay as they are, the histograms' too.
    @Test(
        "whatever numbers a file has, it is read or refused, and what is read can be told and judged",
        arguments: ["0", "1e17", "9223372036854775807", "18446744073709551615", "-1", "0.5", "1.7976931348623157e308"])
    func extremes(number: String) throws {
        let text = String(decoding: try ResultsFile.encode(Samples.document, path: ""), as: UTF8.self)
        let lines = text.split(separator: "\n").map { line -> String in
            let value = line.firstIndex(of: ":").map { line[line.index(after: $0)...] } ?? line
            let isNumber = value.contains { $0.isNumber } && !value.contains("\"")
            guard isNumber else { return String(line) }
            return "\(line[..<value.startIndex]) \(number)\(line.hasSuffix(",") ? "," : "")"
        }
        #expect(lines.count { $0.contains(" \(number)") } > 60)
        let document: ResultsDocument
        do throws(ResultsFile.Failure) {
            document = try ResultsFile.decode(Data(lines.joined(separator: "\n").utf8), path: "x")
        } catch {
            // Zero fits every field.
            #expect(number != "0" && error.description.hasPrefix("x: is not a results file: "))
            return
        }
        #expect(document.cells.count == Samples.cells.count)
        #expect(BenchText.notes(document.cells, isTerminal: false).isEmpty == (number == "0"))
        let condition = try Condition(parsing: "rate(messages)<1")
        for cell in document.cells {
            let outcome = condition.judge(Figures(cell))
            // Nothing in no time is no rate.
            #expect((outcome.verdict == .untold) == (number == "0"), "\(outcome.line)")
        }
    }

    @Test("a folder that cannot be made, or a file that cannot be read, is told with the system's reason")
    func unwritable() throws {
        try withFolder { folder in
            try Data().write(to: URL(fileURLWithPath: folder))
            let failure = message { try ResultsFile.put(Samples.document, at: folder + "/results/a.json") }
            #expect(failure == "\(folder)/results: cannot create the directory: Not a directory")
            let unread = message { try ResultsFile.read(folder + "-none.json") }
            #expect(unread == "\(folder)-none.json: cannot read the results: No such file or directory")
        }
    }

    @Test("a figure that JSON cannot hold is an error, not a broken file")
    func notANumber() throws {
        var cell = Samples.cell("json")
        cell.measurements.floorRatio = .nan
        let document = ResultsDocument(environment: Samples.environment, cells: [cell])
        try withFolder { folder in
            #expect(throws: ResultsFile.Failure.self) { try ResultsFile.put(document, at: folder + "/a.json") }
            #expect(!FileManager.default.fileExists(atPath: folder))
        }
    }

    private func message<Value>(_ body: () throws -> Value) -> String? {
        do {
            _ = try body()
            return nil
        } catch {
            return "\(error)"
        }
    }
}
