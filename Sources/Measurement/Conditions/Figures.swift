/// What a run measured, by name.
package struct Figures: Sendable {
    package enum Value: Sendable {
        /// Some of which may be of what was never answered.
        case distribution(LatencyRecorder, unanswered: UnansweredFigures? = nil)
        /// In a window of so many seconds.
        case counter(UInt64, seconds: Double)
        /// So many, of all that could have been.
        case fault(UInt64, of: UInt64)
        /// Nanoseconds, octets, or a share.
        case value(Double)
    }

    /// What is known of what a condition asks.
    enum Answer: Equatable {
        case told(Double)
        /// No more than that it is this or more.
        case atLeast(Double, reason: String)
        case absent(reason: String)
    }

    private var values: [Figure: Value] = [:]

    package init() {}

    package subscript(figure: Figure) -> Value? {
        get { values[figure] }
        set { values[figure] = newValue }
    }

    /// - Parameter asShare: of a fault: its part of all, instead of how many.
    func answer(_ statistic: Statistic?, _ figure: Figure, asShare: Bool) -> Answer {
        guard let value = values[figure] else { return .absent(reason: "the run has no figure \(figure.rawValue)") }
        let number: Double
        switch value {
        case .distribution(let recorder, unanswered: let unanswered):
            return BoundedLatencies(recorder: recorder, unanswered: unanswered).answer(statistic)
                ?? .absent(reason: "nothing of \(figure.rawValue) was recorded")
        case .counter(let count, let seconds):
            number = statistic == .rate ? Double(count) / seconds : Double(count)
        case .fault(let count, let all): number = asShare ? Double(count) / Double(all) : Double(count)
        case .value(let value): number = value
        }
        guard number.isFinite else { return .absent(reason: "\(figure.rawValue) was measured of nothing") }
        return .told(number)
    }
}

extension Figures {
    /// Of a cell of the results, as a run or a file has it.
    package init(_ cell: ResultCell) {
        self.init()
        let (parameters, measured) = (cell.parameters, cell.measurements)
        addLatencies(measured.latency, scenario: parameters.scenario)
        addCounts(measured, scenario: parameters.scenario)
        addFaults(cell)
        addProcess(measured.generator, .generatorCPU, .generatorWait, .generatorCost, .generatorMemory)
        if let router = measured.router {
            addProcess(router, .routerCPU, .routerWait, .routerCost, .routerMemory)
            self[.connectionMemory] = router.residentBytesPerConnection.map { .value($0) }
        }
        self[.messageBytes] = measured.messages > 0 ? .value(measured.wire.bytesPerMessage) : nil
    }

    private mutating func addLatencies(_ latency: LatencyFigures, scenario: String) {
        func distribution(_ figure: LatencyFigure?, _ unanswered: UnansweredFigures? = nil) -> Value? {
            (try? figure?.histogram.recorder()).map { .distribution($0, unanswered: unanswered) }
        }
        self[.response] = distribution(latency.response, latency.unanswered)
        self[.service] = distribution(latency.service)
        self[.lag] = distribution(latency.lag)
        switch scenario {
        case "pubsub":
            self[.pubsubResponse] = self[.response]
            self[.pubsubService] = self[.service]
            self[.pubsubLast] = distribution(latency.lastSubscriber)
        case "rpc": (self[.rpcResponse], self[.rpcService]) = (self[.response], self[.service])
        case "connect": self[.connectResponse] = self[.response]
        case "echo": (self[.echoResponse], self[.echoService]) = (self[.response], self[.service])
        default: break
        }
    }

    private mutating func addCounts(_ measured: CellMeasurements, scenario: String) {
        func counter(_ count: UInt64) -> Value { .counter(count, seconds: measured.seconds) }
        self[.messages] = counter(measured.messages)
        self[.operations] = counter(measured.operations)
        let units: [String: Figure] = ["pubsub": .events, "rpc": .calls, "connect": .sessions, "echo": .echoes]
        if let unit = units[scenario] { self[unit] = self[.messages] }
        self[.bytesIn] = counter(measured.wire.bytesIn)
        self[.bytesOut] = counter(measured.wire.bytesOut)
    }

    private mutating func addFaults(_ cell: ResultCell) {
        let verification = cell.measurements.verification
        let connections = cell.measurements.connections
        let all = Swift.max(verification.expected, cell.measurements.messages) &+ (connections?.unopenedSessions ?? 0)
        let faults: [(Figure, UInt64)] = [
            (.loss, verification.lost), (.duplicates, verification.duplicated), (.disorder, verification.reordered),
            (.corruption, verification.corrupted), (.unexpected, verification.unexpected),
        ]
        for (figure, count) in faults { self[figure] = .fault(count, of: all) }
        guard let connections else { return }
        self[.errors] = .fault(verification.violations &+ connections.unopenedSessions, of: all)
        self[.lostConnections] = .fault(connections.lost, of: UInt64(Swift.max(0, cell.parameters.clients)))
    }

    private mutating func addProcess(
        _ process: ProcessFigures, _ cpu: Figure, _ wait: Figure, _ cost: Figure, _ memory: Figure
    ) {
        // No process is that small: it could not be sampled.
        guard process.residentBytes > 0 else { return }
        self[cpu] = .value(process.cpuShare)
        self[wait] = process.runQueueShare.map { .value($0) }
        self[cost] = process.cpuMicrosecondsPerMessage.map { .value($0.total * 1000) }
        self[memory] = .value(Double(process.residentBytes))
    }
}
