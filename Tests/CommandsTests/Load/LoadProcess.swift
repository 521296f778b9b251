import Foundation
import RennbahnLoadGenerator
import RennbahnMeasurement
import RennbahnReactor
import Testing

@testable import RennbahnCommands
@testable import RennbahnReport

/// `rennbahn load` as a process of its own, against a router that is one, too. All goes with the value.
final class LoadProcess {
    let router: MeasuredServer
    let folder = FileManager.default.temporaryDirectory.appending(path: "rennbahn-\(UUID().uuidString)")
    private let process: ProgramProcess
    var output: [String] { process.output }

    /// - Parameter shell: what a shell does before it becomes the program.
    init(_ line: String, shell: String = ":") throws {
        router = try RunningServers().router(try ProgramProcess.built(), RunningServers.RouterOptions())
        let arguments =
            ["load", "--url", router.target.url, "--router-pid", "\(try #require(router.pid))", "--clients", "4"]
            + ["--results", folder.appending(path: "run.json").path] + words(of: line)
        process = try ProgramProcess(arguments, shell: shell)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()) ?? [] }

    func results() throws -> ResultsDocument { try ResultsFile.read(folder.appending(path: "run.json").path) }

    func journal() throws -> Journal {
        try Journal(reading: try Data(contentsOf: folder.appending(path: "run.jsonl.partial")))
    }

    /// Returns when the journal has a row with latencies, which is one of the measured window.
    func awaitRow() throws { try process.awaitLine(with: "\"response\":", in: folder) }

    func send(_ signal: Int32) { process.send(signal) }

    func end() throws -> RennbahnReactor.ExitStatus { try process.end() }
}
