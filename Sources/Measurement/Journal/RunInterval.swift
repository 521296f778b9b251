/// What happened in about a second of a run; in a long one in several, which were merged (``IntervalSeries``).
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
    /// Response times that were recorded in this interval alone; absent where there were none, and in files that are older than
    /// the field, as all that follow.
    package var latency: LatencyFigure?
    /// Operations without their completion at its end; absent where a shard did not tell in time.
    package var outstanding: UInt64?
    /// Connections that failed or ended too early, and calls that were answered with an error, in the interval.
    package var errors: UInt64?
    /// What both sides used, about four times a second.
    package var resources: [ResourceSample]?

    package init(at: Double, seconds: Double, phase: String, connections: Int, messages: UInt64) {
        self.at = at
        self.seconds = seconds
        self.phase = phase
        self.connections = connections
        self.messages = messages
        messagesPerSecond = RunInterval.rate(messages, seconds)
    }

    private static func rate(_ messages: UInt64, _ seconds: Double) -> Double {
        seconds > 0 ? Double(messages) / seconds : 0
    }

    /// Takes in the interval that follows.
    mutating func merge(_ next: RunInterval) {
        at = next.at
        seconds += next.seconds
        phase = next.phase
        connections = next.connections
        messages &+= next.messages
        messagesPerSecond = RunInterval.rate(messages, seconds)
        generatorSeconds = RunInterval.sum(generatorSeconds, next.generatorSeconds)
        routerSeconds = RunInterval.sum(routerSeconds, next.routerSeconds)
        response = next.response ?? response
        latency = LatencyFigure.merged(latency, next.latency)
        outstanding = next.outstanding
        errors = RunInterval.sum(errors, next.errors)
        if let samples = resources, let others = next.resources {
            resources = ResourceSample.halved(samples + others)
        } else {
            resources = resources ?? next.resources
        }
    }

    /// What one of both does not know is not known of both.
    private static func sum<Number: AdditiveArithmetic>(_ one: Number?, _ other: Number?) -> Number? {
        guard let one, let other else { return nil }
        return one + other
    }
}

extension LatencyFigure {
    /// Of two intervals together: all samples of both.
    fileprivate static func merged(_ one: LatencyFigure?, _ next: LatencyFigure?) -> LatencyFigure? {
        guard let one, let next else { return one ?? next }
        guard var all = try? one.histogram.recorder(), let more = try? next.histogram.recorder() else { return nil }
        all.merge(more)
        return LatencyFigure(all)
    }
}
