import RennbahnReactor

/// A tool that a command runs to its end: a build, a script.
struct ToolRun {
    /// Nanoseconds: the longest that a tool may take, and the time from SIGTERM to SIGKILL.
    private static let timeout: UInt64 = 3_600_000_000_000
    private static let patience: UInt64 = 5_000_000_000
    /// How often it is asked whether the user wants an end.
    private static let look: UInt64 = 200_000_000

    private let process: ChildProcess
    private let isInterrupted: () -> Bool
    private let deadline = MonotonicClock.now() + ToolRun.timeout

    /// Runs a tool; throws unless it ends well, and when the user wants an end, which the tool then has come to, too.
    ///
    /// - Parameter output: `.pipe`: it is of interest only if the tool fails.
    static func run(
        _ tool: String, _ arguments: [String], environment: [String: String] = [:],
        output: ChildProcess.Stream = .pipe, isInterrupted: @escaping () -> Bool
    ) throws {
        let run = ToolRun(
            process: try ChildProcess(
                tool, arguments: arguments, environment: environment, output: output, errors: .inherit),
            isInterrupted: isInterrupted)
        let lines = output == .pipe ? try run.lines() : []
        guard try run.status() == .exited(code: 0) else {
            lines.suffix(40).forEach(Console.error)
            throw Failure.internalError("\(tool) \(arguments.joined(separator: " ")) failed")
        }
    }

    private func lines() throws -> [String] {
        var lines: [String] = []
        while true {
            switch process.readLine(deadline: MonotonicClock.now() + ToolRun.look) {
            case .line(let line): lines.append(line)
            case .ended: return lines
            case .timedOut: try goOn()
            }
        }
    }

    private func status() throws -> ExitStatus? {
        while true {
            if let status = process.wait(deadline: MonotonicClock.now() + ToolRun.look) {
                // ^C on a terminal reaches the tool, too, and it fails by that.
                if isInterrupted() { throw Failure.interrupted }
                return status
            }
            try goOn()
        }
    }

    /// Ends the tool where there is no time left for it.
    private func goOn() throws {
        let wasAsked = isInterrupted()
        guard wasAsked || MonotonicClock.now() >= deadline else { return }
        process.terminate()
        if process.wait(deadline: MonotonicClock.now() + ToolRun.patience) == nil {
            process.terminate(Signals.kill)
            _ = process.wait(deadline: MonotonicClock.now() + ToolRun.patience)
        }
        throw wasAsked ? Failure.interrupted : Failure.internalError("a tool took more than an hour")
    }
}
