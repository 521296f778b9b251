import Foundation
import RennbahnMeasurement
import RennbahnReactor
import RennbahnReport
import Testing

@testable import RennbahnCommands

struct ReportCommandTests {
    private let bench = repository.appending(path: "results/2026-11-30T145726Z-09e2cbf-bench.json").path
    private let serializers = [
        "results/2026-12-01T052706Z-8d4c1d1-serializers.json", "results/2026-12-01T054019Z-8d4c1d1-serializers.json",
    ].map { repository.appending(path: $0).path }

    @Test func `Results become a page, in a file whose folder is made`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "rennbahn-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let output = folder.appending(path: "deep/page.html").path
        try #require(try Rennbahn.carryOut(["report", bench, "-o", output]) == .good)
        let page = try String(contentsOfFile: output, encoding: .utf8)
        #expect(page == ReportPage.render([try PageSource(reading: bench)]))
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "deep").path) == ["page.html"])
    }

    @Test func `On standard output there is the page and nothing else, with the advice of serializers`() throws {
        let process = try ProgramProcess(["report", serializers[0], "-o", "-"])
        #expect(try process.end() == .exited(code: CommandStatus.good.rawValue))
        #expect(process.output.first == "<!DOCTYPE html>" && process.output.last == "</html>")
        #expect(process.output.joined().contains("In words"))
    }

    @Test func `All that cannot be read is told at once, and no page is written`() {
        let schema = repository.appending(path: "docs/results.schema.json").path
        let output = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).html").path
        let told = answer(to: ["report", schema, bench, "/nowhere/a.json", "-o", output])
        #expect(told.status == CommandStatus.usage.rawValue)
        let lines = told.text.split(separator: "\n").map(String.init)
        #expect(lines.count == 2 && lines[0].hasPrefix("rennbahn: \(schema): is not a results file: "))
        #expect(lines.last?.hasPrefix("rennbahn: /nowhere/a.json: cannot read the results: ") == true)
        #expect(!FileManager.default.fileExists(atPath: output))
    }

    @Test func `A place that nothing can be written to is an error`() {
        let told = answer(to: ["report", bench, "-o", "/dev/null"])
        #expect(told.status == CommandStatus.internalError.rawValue)
        #expect(told.text == "rennbahn: /dev/null: is not a regular file")
    }

    @Test func `Two runs of the same are compared with intervals, for people and for programs`() throws {
        let process = try ProgramProcess(["compare"] + serializers)
        #expect(try process.end() == .exited(code: CommandStatus.good.rawValue))
        #expect(process.output.contains { $0.contains("same?") } && process.output.allSatisfy { $0.count <= 200 })
        let json = try ProgramProcess(["compare", "--json"] + serializers)
        #expect(try json.end() == .exited(code: CommandStatus.good.rawValue))
        let object = try JSONSerialization.jsonObject(with: Data(json.output.joined(separator: "\n").utf8))
        let comparisons = (object as? [String: Any])?["comparisons"] as? [[String: Any]]
        #expect((comparisons?.first?["rows"] as? [Any])?.isEmpty == false)
    }
}
