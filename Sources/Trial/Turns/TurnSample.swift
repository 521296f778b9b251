import RennbahnMeasurement

/// What one turn of one side brought: the load from nothing on its way to nothing on its way.
package struct TurnSample: Equatable, Sendable {
    /// What was completed in the window, and its seconds.
    package var messages: UInt64
    package var windowSeconds: Double
    /// Of the whole turn.
    package var wholeMessages: UInt64
    package var wholeBytes: UInt64
    package var wholeSeconds: Double
    /// How often the fleet's sockets were read and gave something, and the messages that came so.
    package var receives: UInt64
    package var received: UInt64
    /// CPU seconds; `nil` where the process cannot be sampled.
    package var routerSeconds: Double?
    package var generatorSeconds: Double
    /// Cores that the router's threads can use at once.
    package var routerCores: Int
    /// Of the whole turn: how long threads of the process that fared worst were ready to run and had no processor, all of them
    /// together.
    package var routerWaitShare: Double?
    package var generatorWaitShare: Double?

    package init(
        messages: UInt64, windowSeconds: Double, wholeMessages: UInt64, wholeBytes: UInt64, wholeSeconds: Double,
        receives: UInt64, received: UInt64, routerSeconds: Double?, generatorSeconds: Double,
        routerWaitShare: Double? = nil, generatorWaitShare: Double? = nil, routerCores: Int = 1
    ) {
        precondition(routerCores > 0)
        self.messages = messages
        self.windowSeconds = windowSeconds
        self.wholeMessages = wholeMessages
        self.wholeBytes = wholeBytes
        self.wholeSeconds = wholeSeconds
        self.receives = receives
        self.received = received
        self.routerSeconds = routerSeconds
        self.generatorSeconds = generatorSeconds
        self.routerWaitShare = routerWaitShare
        self.generatorWaitShare = generatorWaitShare
        self.routerCores = routerCores
    }

    /// As ``RunFacts`` has them.
    static let waitLimit = RunFacts.waitLimit
    static let waitLimitOfCPU = RunFacts.waitLimitOfCPU

    /// How much of the turn either side was kept waiting for a processor.
    package var waitShare: Double { max((routerWaitShare ?? 0) / Double(routerCores), generatorWaitShare ?? 0) }

    /// Whether what it took is that of the sides, not of their neighbours.
    package var hasTimes: Bool { waitShare <= TurnSample.waitLimit }

    /// The figure, if the turn has it and says something by it: a side that waited tells how busy its neighbours were.
    package func figure(_ metric: TrialMetric) -> Double? {
        guard waitShare <= metric.patience else { return nil }
        let whole = Double(wholeMessages)
        let value: Double? =
            switch metric {
            case .routerCPU: routerSeconds.map { $0 * 1e6 / whole }
            case .generatorCPU: generatorSeconds * 1e6 / whole
            case .rate: Double(messages) / windowSeconds
            case .bytes: Double(wholeBytes) / whole
            case .batch: Double(received) / Double(receives)
            }
        return value.flatMap { $0.isFinite && $0 > 0 ? $0 : nil }
    }

    /// Busy share of its cores over the whole turn.
    package var routerShare: Double? {
        wholeSeconds > 0 ? routerSeconds.map { $0 / wholeSeconds / Double(routerCores) } : nil
    }

    package var generatorShare: Double { wholeSeconds > 0 ? generatorSeconds / wholeSeconds : 0 }
}
