import Foundation
import RennbahnReactor
import Testing

/// The program as a process of its own.
final class ProgramProcess {
    private let process: ChildProcess
    private(set) var output: [String] = []

    /// A minute for what takes seconds.
    private static var deadline: UInt64 { MonotonicClock.now() + 240_000_000_000 }

    /// - Parameter shell: what a shell does before it becomes the program.
    init(_ arguments: [String], shell: String = ":") throws {
        process = try ChildProcess(
            "/bin/sh", arguments: ["-c", "\(shell); exec \"$0\" \"$@\" 2>&1", try Self.built()] + arguments,
            output: .pipe)
    }

    /// The path of the program, which is built beside the tests.
    static func built() throws -> String {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        let place = URL(filePath: own).deletingLastPathComponent().appending(path: "rennbahn").path
        try #require(FileManager.default.isExecutableFile(atPath: place), "the program is not built beside the tests")
        return place
    }

    /// Returns when a journal in a folder has a line with a text.
    func awaitLine(with text: String, in folder: URL) throws {
        let script = "until grep -q \"$1\" \"$0\"/*.partial 2>/dev/null; do sleep 0.05; done; echo there"
        let waiting = try ChildProcess("/bin/sh", arguments: ["-c", script, folder.path, text], output: .pipe)
        try #require(waiting.readLine(deadline: Self.deadline) == .line("there"))
    }

    /// Reads on until a line begins with a text.
    func awaitOutput(beginningWith text: String) throws {
        while case .line(let line) = process.readLine(deadline: Self.deadline) {
            output.append(line)
            if line.hasPrefix(text) { return }
        }
        Issue.record("no line begins with \(text): \(output)")
    }

    /// A line that has a text in it: reads on until there is one.
    func awaitOutput(containing text: String) throws -> String {
        while true {
            if let line = output.first(where: { $0.contains(text) }) { return line }
            guard case .line(let line) = process.readLine(deadline: Self.deadline) else { break }
            output.append(line)
        }
        try #require(Bool(false), "no line contains \(text): \(output)")
        return ""
    }

    func send(_ signal: Int32) { process.terminate(signal) }

    /// Waits for the end, and reads nothing more of what the program says.
    func endUnread() throws -> RennbahnReactor.ExitStatus { try #require(process.wait(deadline: Self.deadline)) }

    /// Reads what the program says until it has ended.
    func end() throws -> RennbahnReactor.ExitStatus {
        while case .line(let line) = process.readLine(deadline: Self.deadline) { output.append(line) }
        return try #require(process.wait(deadline: Self.deadline))
    }
}
