import RennbahnReactor

/// A server that a command started: one child process, from its start to its end, which is awaited.
///
/// ```
/// start ──► ready (a line, or a connection) ──► stop: must end well, of itself
///      └───────────────┴──────────────────────► end: however it takes that, also when the value is dropped
/// ```
///
/// Ending means SIGTERM, a wait that is bounded, SIGKILL, and a wait again, so that nothing runs on and nothing is left to be
/// reaped. One owner, one thread.
final class ServerProcess {
    /// Nanoseconds.
    struct Patience {
        /// From the start to the sign that it is ready.
        var start: UInt64 = 10_000_000_000
        /// From SIGTERM to the end.
        var stop: UInt64 = 5_000_000_000
        /// From SIGKILL to the end.
        static let kill: UInt64 = 5_000_000_000
        /// How often it is asked whether the user wants an end.
        static let look: UInt64 = 200_000_000
    }

    /// Why there is no sign.
    enum NotReady: Error, Equatable, CustomStringConvertible {
        case interrupted
        /// It ended.
        case ended
        /// It said something else.
        case otherLine(String)
        case timedOut

        var description: String {
            switch self {
            case .interrupted: "interrupted"
            case .ended: "it ended"
            case .otherLine(let line): "it said \"\(line)\""
            case .timedOut: "it was not ready in time"
            }
        }
    }

    let pid: Int32
    private let process: ChildProcess
    private let patience: Patience
    /// The last of the lines that it printed after the one that said it was ready; known when it has ended well.
    private(set) var lastLine: String?
    /// Whether it was asked to end: a second SIGTERM means at once, to a router of ours and to many others.
    private var wasAsked = false

    init(
        _ program: String, _ arguments: [String] = [], input: [UInt8] = [], output: ChildProcess.Stream = .pipe,
        processors: [Int] = [], patience: Patience = Patience()
    ) throws(SystemError) {
        process = try ChildProcess(
            program, arguments: arguments, input: input, output: output, errors: .inherit,
            processors: processors.isEmpty ? nil : processors)
        pid = process.pid
        self.patience = patience
    }

    deinit { end() }

    // MARK: - Ready

    /// Waits for the line that says that the server is ready, which is the first that it prints.
    ///
    /// - Parameter parse: what the line says; `nil`: it is another one.
    func awaitLine<Sign>(
        isInterrupted: () -> Bool = { false }, _ parse: (String) -> Sign?
    ) throws(NotReady) -> Sign {
        let deadline = MonotonicClock.now() + patience.start
        while true {
            guard !isInterrupted() else { throw .interrupted }
            switch process.readLine(deadline: min(deadline, MonotonicClock.now() + Patience.look)) {
            case .line(let line):
                guard let sign = parse(line) else { throw .otherLine(line) }
                return sign
            case .ended: throw .ended
            case .timedOut: guard MonotonicClock.now() < deadline else { throw .timedOut }
            }
        }
    }

    /// Waits until the server accepts connections.
    func awaitConnection(to address: SocketAddress, isInterrupted: () -> Bool = { false }) throws(NotReady) {
        let deadline = MonotonicClock.now() + patience.start
        while !ServerProcess.accepts(address) {
            guard !isInterrupted() else { throw .interrupted }
            guard process.wait(deadline: MonotonicClock.now() + 10_000_000) == nil else { throw .ended }
            guard MonotonicClock.now() < deadline else { throw .timedOut }
        }
    }

    private static func accepts(_ address: SocketAddress) -> Bool {
        guard let attempt = try? Sockets.connect(to: address) else { return false }
        defer { Sockets.close(attempt.descriptor) }
        // To an address of this machine a connection is made or refused at once.
        return !attempt.inProgress || Sockets.connectError(attempt.descriptor) == nil
    }

    // MARK: - End

    /// Ends the server, which must do so by itself when it is asked to, with status 0.
    func stop() throws {
        switch askToEnd() {
        case .exited(code: 0), .lost: readLastLine()
        case nil:
            kill()
            let seconds = Double(patience.stop) / 1e9
            throw Failure.internalError("the router did not end within \(seconds) seconds of SIGTERM")
        case .exited(let code): throw Failure.internalError("the router ended with status \(code)")
        case .signalled(let signal): throw Failure.internalError("the router was ended by signal \(signal)")
        }
    }

    /// All that it has printed is in the pipe; who has inherited that from it is not waited for.
    private func readLastLine() {
        while case .line(let line) = process.readLine(deadline: 0) { lastLine = line }
    }

    /// Ends the server, however it takes that; does nothing where it has ended.
    func end() {
        if askToEnd() == nil { kill() }
    }

    /// Asks several at once, and waits for each.
    static func end(_ servers: [ServerProcess]) {
        for server in servers { server.ask() }
        for server in servers { server.end() }
    }

    private func ask() {
        guard !wasAsked else { return }
        wasAsked = true
        process.terminate()
    }

    private func askToEnd() -> ExitStatus? {
        ask()
        return process.wait(deadline: MonotonicClock.now() + patience.stop)
    }

    private func kill() {
        process.terminate(Signals.kill)
        _ = process.wait(deadline: MonotonicClock.now() + Patience.kill)
    }
}
