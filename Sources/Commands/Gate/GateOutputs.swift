import ArgumentParser
import Foundation
import RennbahnGate
import RennbahnReport

/// Where a report goes besides the terminal.
struct GateOutputs: ParsableArguments {
    @Option(help: "Write the report as JSON (schema rennbahn-gate/1) to this file.")
    var json: String?

    @Option(help: "Write it as JUnit XML to this file.")
    var junit: String?

    @Option(help: "Write it as a page with a forest plot to this file.")
    var html: String?

    @Option(help: "Write it as Markdown to this file. In GitHub Actions it is also added to the job's summary.")
    var markdown: String?

    /// Prints the report, and writes it everywhere it is wanted: all before the exit status is known to anybody.
    func deliver(_ report: GateReport) throws {
        try Console.output(GateTable.render(report, isTerminal: Console.outputIsStyled))
        var failures: [String] = []
        func write(_ path: String?, _ make: () throws -> Data) {
            guard let path else { return }
            do {
                let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
                try make().write(to: URL(fileURLWithPath: path), options: .atomic)
            } catch {
                failures.append("\(path): \(error.localizedDescription)")
            }
        }
        write(json) { try GateFile.encode(report) }
        write(junit) { Data(GateJUnit.render(report).utf8) }
        write(html) { Data(GatePage.render(report).utf8) }
        write(markdown) { Data(GateMarkdown.render(report).utf8) }
        let environment = ProcessInfo.processInfo.environment
        if let summary = environment["GITHUB_STEP_SUMMARY"], !summary.isEmpty {
            do {
                try GateOutputs.append(GateMarkdown.render(report), to: summary)
            } catch {
                failures.append("\(summary): \(error.localizedDescription)")
            }
        }
        if environment["GITHUB_ACTIONS"] == "true" {
            let commands = GateAnnotations.render(report)
            if !commands.isEmpty { try Console.output(commands) }
        }
        guard failures.isEmpty else {
            throw Failure.internalError("the report could not be written: " + failures.joined(separator: "; "))
        }
    }

    static func append(_ text: String, to path: String) throws {
        if !FileManager.default.fileExists(atPath: path) { try Data().write(to: URL(fileURLWithPath: path)) }
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        defer { try? file.close() }
        try file.seekToEnd()
        try file.write(contentsOf: Data(text.utf8))
    }
}
