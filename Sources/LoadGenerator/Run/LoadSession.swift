package import RennbahnMeasurement
import RennbahnReactor
import RennbahnWorkload

/// A fleet that stays connected and is loaded in turns. Between two turns nothing of it is on its way, so that other
/// fleets, of other servers, can have theirs: what is compared is compared within a fraction of a second.
///
/// ```
/// open ──► turn, turn, turn … ──► close
/// ```
package final class LoadSession {
    /// What one turn brought.
    package struct Turn: Sendable {
        /// Units of work in the turn's window, and its seconds.
        package let messages: UInt64
        package let seconds: Double
        /// Of what was completed in the window; in an open loop of what was due in it.
        package let response: LatencyRecorder
        /// In an open loop, of what was due in the window: how much later it was handed to its socket.
        package var lag = LatencyRecorder()
        /// From the first message on its way to the last one's arrival: units of work, octets both ways, and the CPU time
        /// that the server's processes used, in seconds; nil if one of them cannot be sampled.
        package let wholeMessages: UInt64
        package let wholeBytes: UInt64
        package let serverSeconds: Double?
        /// The same: seconds, how often the fleet's sockets gave something, and the messages that came so.
        package var wholeSeconds = 0.0
        package var receives: UInt64 = 0
        package var received: UInt64 = 0
        package var generatorSeconds = 0.0
        /// Seconds in which threads of the process that fared worst, or those that carry the load, were ready to run and had no
        /// processor; nil where the kernel does not tell.
        package var serverWait: Double?
        package var generatorWait: Double?
    }

    private let director: LoadDirector
    private let onProgress: (LoadProgress) -> Void
    private let isInterrupted: () -> Bool
    private let server: ProcessGroupSampler?
    private let generator: ProcessGroupSampler?
    /// Of all turns so far: CPU time of both sides, and messages.
    private var worked = (seconds: 0.0, messages: UInt64(0))
    /// Memory of their own that the server's processes took to have the fleet connected, without any load, in octets per
    /// connection; nil where the kernel does not tell.
    package let anonymousBytesPerConnection: Double?

    /// Connects the fleet; returns when every client is ready.
    ///
    /// - Parameters:
    ///   - onProgress: called on this thread a few times a second, and at every change of the phase.
    ///   - isInterrupted: asked several times a second; once true, the session is closed.
    package init(
        _ configuration: LoadConfiguration, onProgress: @escaping (LoadProgress) -> Void = { _ in },
        isInterrupted: @escaping () -> Bool = { false }
    ) throws(LoadFailure) {
        self.onProgress = onProgress
        self.isInterrupted = isInterrupted
        generator = try? ProcessGroupSampler(pids: [ProcessSampler.ownProcess])
        director = try LoadRun.director(configuration, isInTurns: true)
        try director.conduct(onProgress: onProgress, isInterrupted: isInterrupted)
        server = director.targetGroup
        if let before = director.targetMemoryBefore, let after = server?.anonymousBytes() {
            anonymousBytesPerConnection =
                (Double(after) - Double(before)) / Double(configuration.workload.clients)
        } else {
            anonymousBytesPerConnection = nil
        }
    }

    deinit { director.end() }

    /// Whether turns have the server's CPU time: its processes are on this machine, and are known.
    package var samplesServer: Bool { server != nil }

    /// Loads the server for `leadIn` and then for `window`, of which the figures are, both in nanoseconds; returns when
    /// everything has arrived. Nil where the session was interrupted or broke off: ``close()`` says why.
    ///
    /// - Parameter rate: operations a second of an open loop in this turn; nil: those of the configuration.
    package func turn(leadIn: UInt64, window: UInt64, rate: Double? = nil) throws(LoadFailure) -> Turn? {
        let before = (
            server: samples(server), generator: samples(generator), waiting: director.waiting,
            time: MonotonicClock.now()
        )
        director.beginTurn(leadIn: leadIn, window: window, rate: rate)
        try director.conduct(onProgress: onProgress, isInterrupted: isInterrupted)
        guard let figures = director.takeTurn() else { return nil }
        let end = MonotonicClock.now()
        let after = (server: samples(server), generator: samples(generator), waiting: director.waiting)
        var turn = Turn(
            figures, shards: director.shardCount, serverBefore: used(before.server, by: server),
            serverAfter: used(after.server, by: server))
        turn.wholeSeconds = Double(end - before.time) / 1e9
        turn.receives = figures.receives
        turn.received = figures.received
        turn.serverWait = LoadSession.wait(from: before.server, to: after.server)
        if let start = before.waiting, let end = after.waiting {
            turn.generatorWait = Double(end - min(start, end)) / 1e9
        }
        if let start = used(before.generator, by: generator), let end = used(after.generator, by: generator) {
            turn.generatorSeconds = Double(end - min(start, end)) / 1e9
        }
        worked.seconds += turn.generatorSeconds + (turn.serverSeconds ?? 0)
        worked.messages += turn.wholeMessages
        return turn
    }

    private func samples(_ side: ProcessGroupSampler?) -> [Int32: ProcessSample] { side?.samples() ?? [:] }

    private func used(_ samples: [Int32: ProcessSample], by side: ProcessGroupSampler?) -> UInt64? {
        side?.sum(of: samples)?.usedNanoseconds
    }

    /// Seconds that the process which fared worst was kept waiting: of many that wait a little none waits long.
    static func wait(from before: [Int32: ProcessSample], to after: [Int32: ProcessSample]) -> Double? {
        after.compactMap { pid, sample in
            guard let start = before[pid]?.runQueueNanoseconds, let end = sample.runQueueNanoseconds else { return nil }
            return Double(end - min(start, end)) / 1e9
        }.max()
    }

    /// Closes the connections; the outcome is that of all turns together.
    package func close() throws(LoadFailure) -> LoadOutcome {
        director.close()
        try director.conduct(onProgress: onProgress, isInterrupted: isInterrupted)
        var outcome = director.outcome()
        if worked.messages > 0 { outcome.secondsPerMessage = worked.seconds / Double(worked.messages) }
        return outcome
    }
}

extension LoadSession.Turn {
    /// - Parameters:
    ///   - figures: of all shards together.
    ///   - serverBefore: nanoseconds of CPU time that the server had used before the turn, and behind it.
    init(_ figures: TurnFigures, shards: Int, serverBefore: UInt64?, serverAfter: UInt64?) {
        var window = figures.window
        window.averageWindow(of: shards)
        let used: Double? =
            if let serverBefore, let serverAfter, serverAfter >= serverBefore {
                Double(serverAfter - serverBefore) / 1e9
            } else {
                nil
            }
        self.init(
            messages: window.messages, seconds: Double(window.nanoseconds) / 1e9, response: window.latencies.response,
            wholeMessages: figures.messages,
            wholeBytes: figures.bytesSent + figures.bytesReceived, serverSeconds: used)
        lag = window.latencies.lag
    }
}

extension ProcessSample {
    /// CPU time, exact where the kernel has scheduling statistics, otherwise by its ticks.
    var usedNanoseconds: UInt64 { onCPUNanoseconds ?? UInt64((userSeconds + systemSeconds) * 1e9) }
}
