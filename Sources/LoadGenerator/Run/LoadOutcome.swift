package import RennbahnMeasurement
import RennbahnWAMP
import RennbahnWebSocket
package import RennbahnWorkload

/// What a run measured, and whether it may be believed.
package struct LoadOutcome: Sendable {
    package let configuration: LoadConfiguration
    package internal(set) var ending: PhaseOutcome
    /// The run was broken off; what was measured until then is here.
    package internal(set) var isInterrupted: Bool
    /// Length of the window.
    package internal(set) var seconds: Double
    /// Units of work, and operations sent, in the window.
    package internal(set) var messages: UInt64
    package internal(set) var operations: UInt64
    /// From the generator to the server, and back, in the window.
    package internal(set) var bytesSent: UInt64
    package internal(set) var bytesReceived: UInt64
    package internal(set) var response: LatencyRecorder
    package internal(set) var service: LatencyRecorder
    package internal(set) var lag: LatencyRecorder
    package internal(set) var lastSubscriber: LatencyRecorder
    package internal(set) var verification: VerificationCounters
    package internal(set) var laggards: LaggardFigures
    package internal(set) var generator: ProcessWindow?
    package internal(set) var target: ProcessWindow?
    /// What is to be said of how the server's processes were found.
    package internal(set) var targetWarning: RunWarning?
    package internal(set) var stealShare: Double
    /// CPU seconds of both sides for a message, where those of their windows are of other work, too, as in turns.
    var secondsPerMessage: Double?
    package internal(set) var connectionsEstablished: Int
    package internal(set) var connectionsLost: Int
    /// Sessions of the connect scenario that could not be opened.
    package internal(set) var failedVisits: UInt64
    /// Messages that were outstanding when the connections were closed.
    package internal(set) var undrained: UInt64
    /// What was never answered, which ``response`` has, too; `nil` where all was.
    package internal(set) var unanswered: UnansweredFigures?
    /// What went wrong with connections and calls, and how often.
    package internal(set) var failures: [String: Int]
    /// The first violations of what is verified, by name.
    package internal(set) var faults: FaultList
    /// What somebody did to the run while it went.
    package internal(set) var steering: SteeringFigures?

    init(
        _ configuration: LoadConfiguration, _ figures: FleetFigures, ending: PhaseOutcome, isInterrupted: Bool,
        established: Int, lost: Int, undrained: UInt64, failures: [String: Int], generator: ProcessWindow?,
        target: ProcessWindow?, targetWarning: RunWarning? = nil, stealShare: Double
    ) {
        self.configuration = configuration
        self.ending = ending
        self.isInterrupted = isInterrupted
        seconds = Double(figures.nanoseconds) / 1_000_000_000
        messages = figures.messages
        operations = figures.operations
        bytesSent = figures.bytesSent
        bytesReceived = figures.bytesReceived
        response = figures.latencies.response
        service = figures.latencies.service
        lag = figures.latencies.lag
        lastSubscriber = figures.latencies.lastSubscriber
        // Only who had the time that the drain is to have failed to answer.
        if case .drainTimedOut = ending, let waited = figures.unanswered {
            response.merge(waited)
            let summary = waited.summary()
            unanswered = UnansweredFigures(count: summary.count, atLeast: summary.min)
        }
        // What is on its way when a run is broken off is not lost.
        var verification = figures.verification
        if isInterrupted { verification.lost = 0 }
        self.verification = verification
        faults = isInterrupted ? figures.faults.withoutLosses : figures.faults
        laggards = figures.laggards
        failedVisits = figures.failedVisits
        self.generator = generator
        self.target = target
        self.targetWarning = targetWarning
        self.stealShare = stealShare
        connectionsEstablished = established
        connectionsLost = lost
        self.undrained = undrained
        self.failures = failures
    }

    // MARK: As a cell of the results

    package var cell: ResultCell {
        let facts = facts
        return ResultCell(
            parameters: parameters, measurements: measurements, verdict: facts.verdict, warnings: facts.warnings)
    }

    package var parameters: CellParameters { configuration.parameters }

    package var measurements: CellMeasurements {
        var cell = CellMeasurements(
            seconds: seconds, messages: messages, operations: operations, router: target.map(figures),
            generator: generator.map(figures)
                ?? ProcessFigures(
                    cpu: CPUUsage(user: 0, system: 0), seconds: seconds, cores: configuration.workload.shards,
                    messages: messages, residentBytes: 0),
            wire: WireFigures(bytesIn: bytesSent, bytesOut: bytesReceived, messages: messages),
            latency: LatencyFigures(
                response: LatencyFigure(response), service: LoadOutcome.figure(service),
                lag: LoadOutcome.figure(lag), lastSubscriber: LoadOutcome.figure(lastSubscriber)),
            verification: verification)
        cell.latency.unanswered = unanswered
        cell.connections = ConnectionFigures(lost: UInt64(clamping: connectionsLost), unopenedSessions: failedVisits)
        if configuration.workload.laggards.count > 0 { cell.laggards = laggards }
        cell.steering = steering
        if !faults.faults.isEmpty { cell.violations = faults.faults.map(\.description) }
        return cell
    }

    private static func figure(_ recorder: LatencyRecorder) -> LatencyFigure? {
        recorder.count > 0 ? LatencyFigure(recorder) : nil
    }

    /// The CPU time is brought to the length of the window, which the samples keep to about a millisecond.
    private func figures(_ process: ProcessWindow) -> ProcessFigures {
        let scale = process.seconds > 0 ? seconds / process.seconds : 0
        let cpu = process.cpu * scale
        var figures = ProcessFigures(
            cpu: cpu, seconds: seconds, cores: process.cores, messages: messages,
            residentBytes: process.residentAtEnd)
        figures.processes = process.processes.count
        figures.peakResidentBytes = process.residentPeak
        figures.runQueueShare = process.waitShare
        figures.residentBytesPerConnection =
            ConnectionMemory(
                before: process.residentBeforeConnections, after: process.residentAtEnd,
                connections: connectionsEstablished, workBefore: process.workBeforeConnections
            ).bytesPerConnection
        return figures
    }
}
