import Foundation
import RennbahnReactor
import RennbahnTLS

/// A `rennbahn router`, its echo, or a floor program, that a benchmark starts, pins and ends.
final class RouterProcess {
    private static let startTimeout: UInt64 = 10_000_000_000
    private static let stopTimeout: UInt64 = 5_000_000_000

    let address: SocketAddress
    /// Of the last shard, where each has its own.
    let lastAddress: SocketAddress
    private let process: ChildProcess

    var pid: Int32 { process.pid }

    /// Starts the router and waits until it accepts connections.
    convenience init(
        executable: String, compression: String, isEcho: Bool, shards: Int, processors: [Int],
        portPerShard: Bool = false, burnPercent: Double = 0, identity: ThrowawayIdentity? = nil
    ) throws {
        var arguments = ["router", "--compression", compression, "--shards", "\(shards)"]
        if isEcho { arguments.append("--echo") }
        if portPerShard { arguments.append("--port-per-shard") }
        if burnPercent > 0 { arguments += ["--burn-percent", "\(burnPercent)"] }
        if let identity { arguments += ["--tls-certificate", identity.certificate, "--tls-key", identity.key] }
        try self.init(executable, arguments, processors: processors)
    }

    /// Starts a program of `Benchmarks/Floor` and waits until it accepts connections.
    convenience init(floorProgram path: String, processors: [Int]) throws {
        try self.init(path, [], processors: processors)
    }

    private init(_ executable: String, _ options: [String], processors: [Int]) throws {
        var arguments =
            options + [
                "--listen", "127.0.0.1:0", "--exit-with-parent", "\(ProcessInfo.processInfo.processIdentifier)",
            ]
        if !processors.isEmpty { arguments += ["--cpus", processors.map(String.init).joined(separator: ",")] }
        process = try ChildProcess(
            executable, arguments: arguments, output: .pipe, errors: .inherit,
            processors: processors.isEmpty ? nil : processors)
        let deadline = MonotonicClock.now() + RouterProcess.startTimeout
        guard case .line(let line) = process.readLine(deadline: deadline), let address = RouterProcess.address(line)
        else {
            process.terminate(Signals.kill)
            throw Failure.internalError("the server at \(executable) did not start")
        }
        self.address = address
        let ports = line.split(separator: " ").last { $0.hasPrefix("ports=") }
        let lastPort = ports.flatMap { $0.split(whereSeparator: { "=,".contains($0) }).last }.flatMap { UInt16($0) }
        lastAddress = address.with(port: lastPort ?? address.port)
    }

    /// Starts somebody else's router, with `{port}` in its arguments replaced by a free one, and waits until it accepts
    /// connections there.
    init(command: [String], processors: [Int]) throws {
        let listener = try Sockets.listen(.loopback(port: 0))
        let port = try Sockets.boundAddress(of: listener).port
        Sockets.close(listener)
        address = .loopback(port: port)
        lastAddress = address
        let words = command.map { $0.replacingOccurrences(of: "{port}", with: "\(port)") }
        process = try ChildProcess(
            words[0], arguments: Array(words.dropFirst()), output: .discard, errors: .inherit,
            processors: processors.isEmpty ? nil : processors)
        let deadline = MonotonicClock.now() + RouterProcess.startTimeout
        while !RouterProcess.accepts(address) {
            let hasEnded = process.wait(deadline: MonotonicClock.now() + 10_000_000) != nil
            guard !hasEnded, MonotonicClock.now() < deadline else {
                process.terminate(Signals.kill)
                let fate = hasEnded ? "ended" : "does not listen on port \(port)"
                throw Failure.internalError("\(words.joined(separator: " ")) \(fate)")
            }
        }
    }

    private static func accepts(_ address: SocketAddress) -> Bool {
        guard let attempt = try? Sockets.connect(to: address) else { return false }
        defer { Sockets.close(attempt.descriptor) }
        // To an address of this machine a connection is made or refused at once.
        return !attempt.inProgress || Sockets.connectError(attempt.descriptor) == nil
    }

    /// Ends a router of somebody else, however it takes that.
    func end() {
        process.terminate()
        if process.wait(deadline: MonotonicClock.now() + RouterProcess.stopTimeout) == nil {
            process.terminate(Signals.kill)
            _ = process.wait(deadline: MonotonicClock.now() + RouterProcess.stopTimeout)
        }
    }

    /// The address in the ready line: `… ready on ws://ADDRESS/ …`, or `wss://`.
    private static func address(_ line: String) -> SocketAddress? {
        guard let start = line.range(of: "://")?.upperBound,
            let end = line[start...].firstIndex(of: "/")
        else { return nil }
        return try? SocketAddress(parsing: String(line[start..<end]))
    }

    /// Ends the router and waits for it; a router that does not end by itself is an error.
    func stop() throws {
        process.terminate()
        switch process.wait(deadline: MonotonicClock.now() + RouterProcess.stopTimeout) {
        case .exited(code: 0): return
        case nil:
            process.terminate(Signals.kill)
            throw Failure.internalError("the router did not end within five seconds of SIGTERM")
        case .exited(let code): throw Failure.internalError("the router ended with status \(code)")
        case .signalled(let signal): throw Failure.internalError("the router was ended by signal \(signal)")
        case .lost: return
        }
    }
}
