import Foundation
import RennbahnLoadGenerator
import RennbahnReactor
import RennbahnTLS

extension RunningServers {
    /// How a `rennbahn router` is started.
    struct RouterOptions {
        var compression = CompressionOption.none.text
        var isEcho = false
        var shards = 1
        var processors: [Int] = []
        var portPerShard = false
        /// CPU time to waste, for tests of the gate.
        var burnPercent = 0.0
        var identity: ThrowawayIdentity?
        /// Empty: its usual one.
        var realms: [String] = []
        /// Whether addresses have limits: fleets come from one, and what is measured shall not depend on them. Of another build,
        /// which may not know the options, they stay as they are.
        var limitsAddresses = false
        /// The text of a configuration, which says realms, compression and where to listen. The router reads it from its standard
        /// input: a file would be left over when this process is killed before it has removed it.
        var configuration: [UInt8]?

        var arguments: [String] {
            var arguments = ["router", "--shards", "\(shards)"]
            if configuration != nil {
                arguments += ["--config", "/dev/stdin"]
            } else {
                arguments += ["--compression", compression] + realms.flatMap { ["--realm", $0] }
                if !limitsAddresses { arguments += AddressOptions.off }
            }
            if isEcho { arguments.append("--echo") }
            if portPerShard { arguments.append("--port-per-shard") }
            if burnPercent > 0 { arguments += ["--burn-percent", "\(burnPercent)"] }
            if let identity { arguments += ["--tls-certificate", identity.certificate, "--tls-key", identity.key] }
            return arguments
        }
    }

    /// Starts a `rennbahn router`, or its echo, and waits until it accepts connections.
    func router(_ executable: String, _ options: RouterOptions) throws -> MeasuredServer {
        let scheme = options.identity == nil ? "ws" : "wss"
        return try start(
            executable, options.arguments, scheme, options.processors, input: options.configuration ?? [],
            listens: options.configuration == nil)
    }

    /// Starts a program of `Benchmarks/Floor` and waits until it accepts connections.
    func floorProgram(_ path: String, processors: [Int]) throws -> MeasuredServer {
        try start(path, [], "ws", processors)
    }

    private func start(
        _ executable: String, _ options: [String], _ scheme: String, _ processors: [Int], input: [UInt8] = [],
        listens: Bool = true
    ) throws -> MeasuredServer {
        var arguments = options + ["--exit-with-parent", RunningServers.ownProcess]
        if listens { arguments += ["--listen", "127.0.0.1:0"] }
        if !processors.isEmpty { arguments += ["--cpus", processors.map(String.init).joined(separator: ",")] }
        let process = try ServerProcess(executable, arguments, input: input, processors: processors)
        add(process)
        let ready: RouterReadyLine
        do throws(ServerProcess.NotReady) {
            ready = try process.awaitLine { RouterReadyLine($0) }
        } catch {
            process.end()
            throw Failure.internalError("the server at \(executable) did not start")
        }
        return MeasuredServer(
            executable, process, at: try LoadTarget(parsing: "\(scheme)://\(ready.address)/"),
            receiverTarget: try LoadTarget(parsing: "\(scheme)://\(ready.lastAddress)/"),
            targets: try ready.transports.map { try LoadTarget(parsing: "\(scheme)://\($0)/") }, mustEndWell: true)
    }

    /// Starts somebody else's router, with `{port}` in its words replaced by a free one, and waits until it accepts
    /// connections there.
    func command(
        _ words: [String], processors: [Int], isInterrupted: () -> Bool = { false }
    ) throws -> MeasuredServer {
        let listener = try Sockets.listen(.loopback(port: 0))
        let port = try Sockets.boundAddress(of: listener).port
        Sockets.close(listener)
        let words = words.map { $0.replacingOccurrences(of: "{port}", with: "\(port)") }
        let text = words.joined(separator: " ")
        let process = try ServerProcess(
            words[0], Array(words.dropFirst()), output: .discard, processors: processors)
        add(process)
        do throws(ServerProcess.NotReady) {
            try process.awaitConnection(to: .loopback(port: port), isInterrupted: isInterrupted)
        } catch {
            process.end()
            switch error {
            case .interrupted: throw Failure.interrupted
            case .ended: throw Failure.internalError("\(text) ended")
            case .timedOut, .otherLine: throw Failure.internalError("\(text) does not listen on port \(port)")
            }
        }
        // The command may be a shell, or another program that starts the one that serves.
        return MeasuredServer(
            text, process, at: try LoadTarget(parsing: "ws://127.0.0.1:\(port)/"),
            pid: SocketOwners(of: .loopback(port: port)).listening.first, mustEndWell: false)
    }

    /// A router that is compared with ours: one that runs already, or one that a script starts.
    ///
    /// - Parameter scripts: folder of `peer-NAME`.
    func peer(
        _ specification: PeerSpecification, scripts: String, processors: [Int], isInterrupted: () -> Bool
    ) throws -> MeasuredServer {
        switch specification {
        case .running(let name, let target, let pid):
            return MeasuredServer(running: name, at: target, pid: pid)
        case .startable(let name):
            let script = "\(scripts)/peer-\(name)"
            guard FileManager.default.isExecutableFile(atPath: script) else {
                throw Failure.usage("--peers \(name): there is no \(script); run it where the package is")
            }
            // Installing it for the first time takes its time, and so does its end: the script waits for its own.
            let process = try ServerProcess(
                script, ["--exit-with-parent", RunningServers.ownProcess], processors: processors,
                patience: ServerProcess.Patience(start: 900_000_000_000, stop: 20_000_000_000))
            add(process)
            let ready: PeerReadyLine
            do throws(ServerProcess.NotReady) {
                ready = try process.awaitLine(isInterrupted: isInterrupted) { PeerReadyLine($0) }
            } catch {
                process.end()
                throw error == .interrupted
                    ? Failure.interrupted : Failure.internalError("\(script) did not start \(name)")
            }
            return MeasuredServer(
                name, process, at: ready.target, pid: ready.pid, version: ready.version, mustEndWell: false)
        }
    }

    private static var ownProcess: String { "\(ProcessInfo.processInfo.processIdentifier)" }
}
