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
        /// From the first message on its way to the last one's arrival: units of work, octets both ways, and the CPU time
        /// that the server's process used, in seconds; nil if it cannot be sampled.
        package let wholeMessages: UInt64
        package let wholeBytes: UInt64
        package let serverSeconds: Double?
    }

    private let director: LoadDirector
    private let onProgress: (LoadProgress) -> Void
    private let isInterrupted: () -> Bool
    private let server: ProcessGroupSampler?
    /// Memory of its own that the server's process took to have the fleet connected, without any load, in octets per
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

    /// Loads the server for `leadIn` and then for `window`, of which the figures are, both in nanoseconds; returns when
    /// everything has arrived. Nil where the session was interrupted or broke off: ``close()`` says why.
    package func turn(leadIn: UInt64, window: UInt64) throws(LoadFailure) -> Turn? {
        let before = serverTime
        director.beginTurn(leadIn: leadIn, window: window)
        try director.conduct(onProgress: onProgress, isInterrupted: isInterrupted)
        guard let figures = director.takeTurn() else { return nil }
        let used: Double? =
            if let before, let after = serverTime, after >= before { Double(after - before) / 1e9 } else { nil }
        return Turn(
            messages: figures.window.messages,
            seconds: Double(figures.window.nanoseconds) / 1e9 / Double(director.shardCount),
            response: figures.window.latencies.response, wholeMessages: figures.messages,
            wholeBytes: figures.bytesSent + figures.bytesReceived, serverSeconds: used)
    }

    /// Closes the connections; the outcome is that of all turns together.
    package func close() throws(LoadFailure) -> LoadOutcome {
        director.close()
        try director.conduct(onProgress: onProgress, isInterrupted: isInterrupted)
        return director.outcome()
    }

    /// In nanoseconds, exact where the kernel has scheduling statistics.
    private var serverTime: UInt64? {
        guard let sample = try? server?.sample() else { return nil }
        return sample.onCPUNanoseconds ?? UInt64((sample.userSeconds + sample.systemSeconds) * 1e9)
    }
}
