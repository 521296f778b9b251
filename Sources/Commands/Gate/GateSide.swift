import Foundation
import RennbahnLoadGenerator

/// One of the two that are compared.
struct GateSide {
    enum Server {
        /// A `rennbahn`, started as `rennbahn router` for every block.
        case rennbahn(String)
        /// Another router, started for every block; `{port}` stands for where it is to listen.
        case command([String])
        /// A router that runs already, and its process if it is on this machine.
        case running(LoadTarget, pid: Int32?)
    }

    /// As reports name it.
    var name: String
    var server: Server
    /// CPU time to waste, for tests of the gate.
    var burnPercent = 0.0

    /// A program or a command, as `--a` and `--b` name it.
    init(command text: String, option: String) throws {
        name = text
        let words = text.split(separator: " ").map(String.init)
        guard let program = words.first else { throw Failure.usage("\(option): nothing is given") }
        if words.contains(where: { $0.contains("{port}") }) {
            server = .command(words)
            return
        }
        guard words.count == 1 else {
            throw Failure.usage("\(option) \(text): a command with arguments says with {port} where it listens")
        }
        guard FileManager.default.isExecutableFile(atPath: program) else {
            throw Failure.usage("\(option): there is no program \(program)")
        }
        server = .rennbahn(program)
    }

    /// A router that runs already: `ws://HOST:PORT/PATH[@PID]`.
    init(url text: String, option: String) throws {
        let specification: PeerSpecification
        do throws(PeerSpecification.Malformed) {
            specification = try PeerSpecification(parsing: "router=" + text)
        } catch {
            throw Failure.usage("\(option) \(text): \(error)")
        }
        switch specification {
        case .running(_, let target, let pid): (name, server) = (target.url, .running(target, pid: pid))
        case .startable: throw Failure.usage("\(option) \(text): expected ws://HOST:PORT/PATH[@PID]")
        }
    }

    init(name: String, executable: String) {
        self.name = name
        server = .rennbahn(executable)
    }
}

extension RunningServers {
    /// The router of a side for one block: a fresh one, unless it is one that runs already.
    func router(
        of side: GateSide, realm: String, compression: String, processors: [Int], isInterrupted: () -> Bool
    ) throws -> MeasuredServer {
        switch side.server {
        case .rennbahn(let executable):
            try router(
                executable,
                RouterOptions(
                    compression: compression, shards: max(1, processors.count), processors: processors,
                    burnPercent: side.burnPercent, realms: [realm], limitsAddresses: true))
        case .command(let words): try command(words, processors: processors, isInterrupted: isInterrupted)
        case .running(let target, let pid): MeasuredServer(running: side.name, at: target, pid: pid)
        }
    }
}
