import Foundation
import RennbahnReactor
import Testing

/// `scripts/leaving-nothing`, by which `make test` finds what tests leave in the temporary folder.
@Suite(.timeLimit(.minutes(2)))
struct LeavingNothingTests {
    /// What the script says of a line of the shell, and its exit status.
    private func told(of line: String) throws -> (lines: [String], status: RennbahnReactor.ExitStatus?) {
        let script = repository.appending(path: "scripts/leaving-nothing").path
        let process = try ChildProcess(
            "/bin/sh", arguments: ["-c", "exec \"$0\" 'rennbahn-*' sh -c \"$1\" 2>&1", script, line], output: .pipe)
        let deadline = MonotonicClock.now() + 60_000_000_000
        var lines: [String] = []
        while case .line(let line) = process.readLine(deadline: deadline) { lines.append(line) }
        return (lines, process.wait(deadline: deadline))
    }

    @Test(arguments: [0, 3] as [Int32]) func `Who leaves nothing ends as he ended`(code: Int32) throws {
        let (lines, status) = try told(of: "mkdir $TMPDIR/a; rmdir $TMPDIR/a; exit \(code)")
        #expect(lines == [] && status == .exited(code: code))
    }

    @Test(arguments: [(0, 1), (3, 3)] as [(Int32, Int32)])
    func `What is left of theirs is named, and a failure`(code: Int32, expected: Int32) throws {
        let (lines, status) = try told(
            of: "cd $TMPDIR; mkdir rennbahn-1 rennbahn-2; touch rennbahn-2/key.pem rennbahn-3 other; exit \(code)")
        #expect(
            Set(lines) == [
                "error: left in the temporary folder: rennbahn-1 with nothing in it",
                "error: left in the temporary folder: rennbahn-2 with key.pem in it",
                "error: left in the temporary folder: rennbahn-3",
            ])
        #expect(status == .exited(code: expected))
    }

    @Test func `The folder of its own is gone afterwards`() throws {
        let (lines, _) = try told(of: "echo $TMPDIR; touch $TMPDIR/rennbahn-4")
        let folder = try #require(lines.first)
        #expect(folder.hasPrefix("/") && lines.count == 2)
        #expect(!FileManager.default.fileExists(atPath: folder))
    }
}
