import Foundation
import LoadGenerator
import Reactor

/// A router of somebody else that is compared with ours: one that runs already, or one that a script starts.
final class PeerServer {
    /// Installing it for the first time takes its time.
    private static let startTimeout: UInt64 = 900_000_000_000
    private static let stopTimeout: UInt64 = 20_000_000_000

    let name: String
    let target: LoadTarget
    /// The process that serves, where it is on this machine.
    let pid: Int32?
    /// Cores that it may use; `nil`: as many of its threads as are busy.
    let cores: Int?
    /// The release that runs, where it says so.
    let version: String?
    private let process: ChildProcess?

    /// - Parameters:
    ///   - scripts: folder of `peer-NAME`.
    ///   - processors: where to pin a peer that is started.
    init(_ specification: PeerSpecification, scripts: String, processors: [Int]) throws {
        name = specification.name
        switch specification {
        case .running(_, let target, let pid):
            (self.target, self.pid, cores, version, process) = (target, pid, nil, nil, nil)
        case .startable(let name):
            let script = "\(scripts)/peer-\(name)"
            guard FileManager.default.isExecutableFile(atPath: script) else {
                throw Failure.usage("--peers \(name): there is no \(script); run it where the package is")
            }
            let process = try ChildProcess(
                script, arguments: ["--exit-with-parent", "\(ProcessInfo.processInfo.processIdentifier)"],
                output: .pipe, errors: .inherit, processors: processors.isEmpty ? nil : processors)
            let deadline = MonotonicClock.now() + PeerServer.startTimeout
            guard case .line(let line) = process.readLine(deadline: deadline), let ready = PeerReadyLine(line) else {
                process.terminate()
                _ = process.wait(deadline: MonotonicClock.now() + PeerServer.stopTimeout)
                throw Failure.internalError("\(script) did not start \(name)")
            }
            (target, pid, version) = (ready.target, ready.pid, ready.version)
            cores = processors.isEmpty ? nil : processors.count
            self.process = process
        }
    }

    /// Ends what was started; a peer that ran before goes on.
    func stop() {
        guard let process else { return }
        process.terminate()
        if process.wait(deadline: MonotonicClock.now() + PeerServer.stopTimeout) == nil {
            process.terminate(Signals.kill)
        }
    }
}
