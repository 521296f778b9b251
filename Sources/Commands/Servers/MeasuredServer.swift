import RennbahnLoadGenerator

/// A server under measurement: one that was started for it, or one that runs already.
final class MeasuredServer {
    /// As tables and errors name it.
    let name: String
    let target: LoadTarget
    /// Of the last shard, where each has a port of its own.
    let receiverTarget: LoadTarget
    /// Of all its transports, in the order of its configuration.
    let targets: [LoadTarget]
    /// The process that serves, where it is on this machine.
    let pid: Int32?
    /// The release that runs, where it says so.
    let version: String?
    /// What it told when it had ended; `nil`: it runs, or does not tell.
    private(set) var ending: RouterEndLine?
    private let process: ServerProcess?
    /// Whether an end that is not a good one is an error: of what is our own.
    private let mustEndWell: Bool

    /// Whether it is a program of this project that was started here, which is one process.
    var isOwn: Bool { mustEndWell }

    /// Whether it was started for the measurement.
    var isFresh: Bool { process != nil }

    /// One that runs already.
    init(running name: String, at target: LoadTarget, pid: Int32?) {
        self.name = name
        self.target = target
        receiverTarget = target
        targets = [target]
        self.pid = pid
        version = nil
        process = nil
        mustEndWell = false
    }

    init(
        _ name: String, _ process: ServerProcess, at target: LoadTarget, receiverTarget: LoadTarget? = nil,
        targets: [LoadTarget]? = nil,
        pid: Int32? = nil, version: String? = nil, mustEndWell: Bool
    ) {
        self.name = name
        self.target = target
        self.receiverTarget = receiverTarget ?? target
        self.targets = targets ?? [target]
        self.pid = pid ?? process.pid
        self.version = version
        self.process = process
        self.mustEndWell = mustEndWell
    }

    /// Ends what was started; a server that ran before goes on.
    func stop() throws {
        guard let process else { return }
        guard mustEndWell else { return process.end() }
        try process.stop()
        ending = process.lastLine.flatMap { RouterEndLine($0) }
    }
}
