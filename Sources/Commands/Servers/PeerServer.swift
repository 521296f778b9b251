import Foundation
import RennbahnLoadGenerator
import RennbahnReactor

/// A router of somebody else that is compared with ours: one that runs already, or one that a script starts.
final class PeerServer {
    /// Installing it for the first time takes its time.
    private static let startTimeout: UInt64 = 900_000_000_000
    private static let stopTimeout: UInt64 = 20_000_000_000

    let name: String
    let target: LoadTarget
    /// The process that serves, where it is on this machine.
    let pid: Int32?
    /// The release that runs, where it says so.
    let version: String?
    private let process: ChildProcess?

    /// - Parameters:
    ///   - scripts: folder of `peer-NAME`.
    ///   - processors: where to pin a peer that is started.
    init(
        _ specification: PeerSpecification, scripts: String, processors: [Int], isInterrupted: () -> Bool
    ) throws {
        name = specification.name
        switch specification {
        case .running(_, let target, let pid):
            (self.target, self.pid, version, process) = (target, pid, nil, nil)
        case .startable(let name):
            let script = "\(scripts)/peer-\(name)"
            guard FileManager.default.isExecutableFile(atPath: script) else {
                throw Failure.usage("--peers \(name): there is no \(script); run it where the package is")
            }
            let process = try ChildProcess(
                script, arguments: ["--exit-with-parent", "\(ProcessInfo.processInfo.processIdentifier)"],
                output: .pipe, errors: .inherit, processors: processors.isEmpty ? nil : processors)
            guard let ready = PeerServer.readyLine(of: process, isInterrupted: isInterrupted) else {
                PeerServer.end(process)
                if isInterrupted() { throw Failure.invalid("interrupted") }
                throw Failure.internalError("\(script) did not start \(name)")
            }
            (target, pid, version) = (ready.target, ready.pid, ready.version)
            self.process = process
        }
    }

    /// Ends what was started; a peer that ran before goes on.
    func stop() {
        if let process { PeerServer.end(process) }
    }

    private static func readyLine(of process: ChildProcess, isInterrupted: () -> Bool) -> PeerReadyLine? {
        let deadline = MonotonicClock.now() + startTimeout
        while MonotonicClock.now() < deadline, !isInterrupted() {
            switch process.readLine(deadline: MonotonicClock.now() + 200_000_000) {
            case .line(let line): return PeerReadyLine(line)
            case .ended: return nil
            case .timedOut: continue
            }
        }
        return nil
    }

    private static func end(_ process: ChildProcess) {
        process.terminate()
        if process.wait(deadline: MonotonicClock.now() + PeerServer.stopTimeout) == nil {
            process.terminate(Signals.kill)
        }
    }
}
