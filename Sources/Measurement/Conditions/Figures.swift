/// What a run measured, by name.
package struct Figures: Sendable {
    package enum Value: Sendable {
        case distribution(LatencyRecorder)
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
        guard let value = values[figure] else { return .absent(reason: "the run has no \(figure.rawValue)") }
        let number: Double?
        switch value {
        case .distribution(let recorder):
            number = Figures.number(statistic, recorder)
            if number == nil { return .absent(reason: "nothing of \(figure.rawValue) was recorded") }
        case .counter(let count, let seconds):
            number = statistic == .rate ? Double(count) / seconds : Double(count)
        case .fault(let count, let all): number = asShare ? Double(count) / Double(all) : Double(count)
        case .value(let value): number = value
        }
        guard let number, number.isFinite else { return .absent(reason: "\(figure.rawValue) was measured of nothing") }
        return .told(number)
    }

    private static func number(_ statistic: Statistic?, _ recorder: LatencyRecorder) -> Double? {
        if statistic == .count { return Double(recorder.count) }
        guard recorder.count > 0 else { return nil }
        switch statistic {
        case .percentile(let thousandths): return Double(recorder.value(atPercentile: Double(thousandths) / 1000))
        case .min: return Double(recorder.summary().min)
        case .max: return Double(recorder.summary().max)
        case .mean: return recorder.summary().mean
        // Neither is asked of a distribution: `Condition` does not read that.
        case .rate, .count, nil: return nil
        }
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
        func distribution(_ figure: LatencyFigure?) -> Value? {
            (try? figure?.histogram.recorder()).map { .distribution($0) }
        }
        self[.response] = distribution(latency.response)
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
        func reason(_ kind: InvalidReason.Kind) -> UInt64 {
            cell.verdict.reasons.first { $0.kind == kind }.flatMap { UInt64(exactly: $0.measured) } ?? 0
        }
        let unopened = reason(.sessionsNotOpened)
        let all = Swift.max(verification.expected, cell.measurements.messages) &+ unopened
        let faults: [(Figure, UInt64)] = [
            (.loss, verification.lost), (.duplicates, verification.duplicated), (.disorder, verification.reordered),
            (.corruption, verification.corrupted), (.unexpected, verification.unexpected),
            (.errors, verification.violations &+ unopened),
        ]
        for (figure, count) in faults { self[figure] = .fault(count, of: all) }
        self[.lostConnections] = .fault(reason(.connectionsLost), of: UInt64(Swift.max(0, cell.parameters.clients)))
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
