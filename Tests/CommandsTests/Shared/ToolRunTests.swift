import Foundation
import RennbahnReactor
import Testing

@testable import RennbahnCommands

/// With real processes: shells that do what a build might.
@Suite(.timeLimit(.minutes(5)))
struct ToolRunTests {
    private func run(
        _ script: String, _ arguments: String..., output: ChildProcess.Stream = .pipe,
        isInterrupted: @escaping () -> Bool = { false }
    ) throws {
        try ToolRun.run("/bin/sh", ["-c", script, "sh"] + arguments, output: output, isInterrupted: isInterrupted)
    }

    @Test(arguments: [ChildProcess.Stream.pipe, .discard])
    func `A tool that ends well is no error, another one is told`(output: ChildProcess.Stream) throws {
        try run("exit 0", output: output)
        #expect(throws: Failure.internalError("/bin/sh -c exit 3 sh failed")) { try run("exit 3", output: output) }
    }

    @Test(arguments: [ChildProcess.Stream.pipe, .discard])
    func `A tool ends when the user wants an end`(output: ChildProcess.Stream) throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "rennbahn-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        func written() -> String? { try? String(contentsOf: file, encoding: .utf8) }
        #expect(throws: Failure.interrupted) {
            try run("echo $$ >$1; exec tail -f /dev/null", file.path, output: output) { written()?.last == "\n" }
        }
        let pid = try #require(written().flatMap { Int32($0.dropLast()) })
        #expect(kill(pid, 0) == -1, "it is still there")
    }

    @Test func `One that fails because ^C reached it, too, was interrupted`() throws {
        #expect(throws: Failure.interrupted) { try run("exit 130", isInterrupted: { true }) }
    }
}
