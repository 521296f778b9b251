import Foundation
import RennbahnReactor

/// Builds the `rennbahn` of a git ref in a work tree of its own.
struct GateBuild {
    /// Where work trees, the build and programs go; absolute, since the build runs elsewhere.
    private let folder: String
    private let report: (String) -> Void

    private let isInterrupted: () -> Bool

    init(folder: String, report: @escaping (String) -> Void, isInterrupted: @escaping () -> Bool) {
        self.folder = URL(fileURLWithPath: folder, isDirectory: true).path
        self.report = report
        self.isInterrupted = isInterrupted
    }

    /// The program of a ref, built unless it was before, and how to name it: `main (1a2b3c4)`.
    func program(of ref: String) throws -> (path: String, name: String) {
        guard let commit = GateBuild.line("git", "rev-parse", "--verify", "--quiet", ref + "^{commit}") else {
            throw Failure.usage("--against \(ref): there is no such commit in this repository")
        }
        let name = ref == commit ? String(commit.prefix(7)) : "\(ref) (\(commit.prefix(7)))"
        let home = "\(folder)/\(commit)"
        let program = home + "/rennbahn"
        guard !FileManager.default.isExecutableFile(atPath: program) else { return (program, name) }
        report("building \(name)")
        let tree = home + "/tree"
        _ = GateBuild.line("git", "worktree", "remove", "--force", tree)
        try run("git", "worktree", "add", "--quiet", "--force", "--detach", tree, commit)
        defer { _ = GateBuild.line("git", "worktree", "remove", "--force", tree) }
        try run(
            "swift", "build", "--package-path", tree, "--scratch-path", folder + "/build", "--configuration", "release",
            "--product", "rennbahn")
        do {
            try FileManager.default.copyItem(atPath: folder + "/build/release/rennbahn", toPath: program)
        } catch {
            throw Failure.internalError("cannot keep the program of \(name): \(error.localizedDescription)")
        }
        return (program, name)
    }

    private func run(_ tool: String, _ arguments: String...) throws {
        try ToolRun.run(tool, arguments, isInterrupted: isInterrupted)
    }

    /// The first line that a tool prints; nil if it fails.
    static func line(_ tool: String, _ arguments: String...) -> String? {
        guard let process = try? ChildProcess(tool, arguments: arguments, output: .pipe, errors: .discard) else {
            return nil
        }
        let deadline = MonotonicClock.now() + 30_000_000_000
        var first: String?
        while case .line(let line) = process.readLine(deadline: deadline) { first = first ?? line }
        return process.wait(deadline: deadline) == .exited(code: 0) ? first ?? "" : nil
    }
}
