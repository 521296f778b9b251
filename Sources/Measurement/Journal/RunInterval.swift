/// What happened in about a second of a run.
package struct RunInterval: Codable, Equatable, Sendable {
    /// End of the interval, in seconds since the start of the run.
    package var at: Double
    /// Its length.
    package var seconds: Double
    /// `connecting`, `settling`, `warming-up`, `measuring`, `draining`, `closing`: at its end.
    package var phase: String
    /// Clients that are ready.
    package var connections: Int
    /// Units of work completed in the interval.
    package var messages: UInt64
    package var messagesPerSecond: Double
    /// CPU time used in the interval, in seconds; absent where it cannot be sampled.
    package var generatorSeconds: Double?
    package var routerSeconds: Double?
    /// Of the measured window so far; absent before anything was recorded.
    package var response: LatencySummary?

    package init(at: Double, seconds: Double, phase: String, connections: Int, messages: UInt64) {
        self.at = at
        self.seconds = seconds
        self.phase = phase
        self.connections = connections
        self.messages = messages
        messagesPerSecond = seconds > 0 ? Double(messages) / seconds : 0
    }
}
