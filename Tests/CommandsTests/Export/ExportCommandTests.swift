import Foundation
import RennbahnMeasurement
import RennbahnReactor
import RennbahnReport
import Testing

@testable import RennbahnCommands

struct ExportCommandTests {
    private let bench = repository.appending(path: "results/2026-11-30T145726Z-09e2cbf-bench.json").path
    private let serializers = repository.appending(path: "results/2026-11-30T190318Z-769056a-serializers.json").path

    /// The file that the command writes.
    private func exported(_ file: String, _ format: ExportFormat) throws -> String {
        let folder = FileManager.default.temporaryDirectory.appending(path: "rennbahn-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let output = folder.appending(path: "deep/export").path
        let command = ["export", file, "--format", format.rawValue, "-o", output]
        try #require(try Rennbahn.carryOut(command) == .good)
        return try String(contentsOfFile: output, encoding: .utf8)
    }

    @Test func `Results become what their writers make of them, in a file whose folder is made`() throws {
        for file in [bench, serializers] {
            let source = try ExportSource(reading: file)
            for format in [.csv, .markdown, .junit] as [ExportFormat] {
                #expect(try exported(file, format) == (try format.text(of: source)))
            }
        }
        #expect(SerializersDocument.schemaName == "rennbahn-serializers/1")
    }

    @Test func `What the results do not have is refused with the file and the form`() {
        let told = answer(to: ["export", bench, "--format", "openmetrics"])
        #expect(told.status == CommandStatus.usage.rawValue)
        #expect(
            told.text
                == "rennbahn: \(bench): openmetrics: trials are ratios with intervals and count nothing; csv has them")
        let schema = repository.appending(path: "docs/results.schema.json").path
        let none = answer(to: ["export", schema, "--format", "csv"])
        #expect(none.status == CommandStatus.usage.rawValue)
        #expect(none.text.hasPrefix("rennbahn: \(schema): is not a results file: "))
    }

    @Test func `A place that nothing can be written to is an error`() {
        let told = answer(to: ["export", bench, "--format", "csv", "--output", "/dev/null"])
        #expect(told.status == CommandStatus.internalError.rawValue)
        #expect(told.text == "rennbahn: /dev/null: is not a regular file")
    }

    @Test func `On standard output there is the text and nothing else`() throws {
        let process = try ProgramProcess(["export", bench, "--format", "junit"])
        #expect(try process.end() == .exited(code: CommandStatus.good.rawValue))
        let text = try ExportFormat.junit.text(of: try ExportSource(reading: bench))
        #expect(process.output.joined(separator: "\n") + "\n" == text)
    }
}
