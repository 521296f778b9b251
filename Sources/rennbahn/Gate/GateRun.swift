import Gate
import LoadGenerator
import Measurement
import Reactor
import Report
import Workload

/// Carries out a plan: starts a router for every block, loads it, and tells the plan what came of it.
final class GateRun {
    /// The share of what the base can do that the open loop asks for.
    private static let offeredShare = 0.5
    /// The largest share of the median response that the generator's own delay may be: a timer's slack and what it does
    /// for other connections, which is the same for both builds.
    private static let largestLagShare = 0.5

    private let cells: [GateCell]
    private let base: GateSide
    private let candidate: GateSide
    private let settings: BenchSettings
    private let isInterrupted: () -> Bool
    private var progress: Report.Progress
    /// Operations a second of each cell's open loop; 0 where the base has not shown what it can do.
    private var rates: [Double]

    init(
        cells: [GateCell], base: GateSide, candidate: GateSide, settings: BenchSettings, progress: Report.Progress,
        isInterrupted: @escaping () -> Bool
    ) {
        self.cells = cells
        self.base = base
        self.candidate = candidate
        self.settings = settings
        self.progress = progress
        self.isInterrupted = isInterrupted
        rates = Array(repeating: 0, count: cells.count)
    }

    /// - Parameter deadline: seconds after which the plan is ended with what there is; none: when it has what it needs.
    func measure(_ gate: GateSettings, stoppingAfter deadline: Double? = nil) throws -> PairedResult {
        let start = MonotonicClock.now()
        for cell in cells.indices { rates[cell] = GateRun.offeredShare * (try capacity(ofCell: cell)) }
        var plan = GatePlan(cells: cells.map(\.name), settings: gate)
        var action = plan.start()
        while true {
            switch action {
            case .finish(let result):
                progress.clear()
                return result
            case .run(let block):
                let (done, expected) = plan.progress
                let isConfirmation = block.isConfirmation ? " (confirming)" : ""
                let title = "[\(done + 1)/\(expected)] \(cells[block.cell].name), \(block.build)\(isConfirmation)"
                let outcome = try measure(block, title)
                if case .invalid(let reason, _) = outcome { progress.milestone("\(title): invalid, \(reason)") }
                let seconds = Double(MonotonicClock.now() - start) / 1e9
                if isInterrupted() || seconds > deadline ?? .infinity {
                    progress.clear()
                    return plan.stop()
                }
                action = plan.blockFinished(outcome)
            }
        }
    }

    // MARK: - Blocks

    /// Operations a second of the base in a closed loop; what is measured here is used for nothing else.
    private func capacity(ofCell cell: Int) throws -> Double {
        let server = try start(base, cell)
        let outcome: LoadOutcome
        do throws(LoadFailure) {
            outcome = try load(cells[cell].task, server, rate: nil, "trying \(cells[cell].name)")
        } catch {
            progress.clear()
            let status = error.isConfiguration ? Status.usage : Status.invalidRun
            throw Failure(line: "\(base.name), \(cells[cell].name): \(error)", status: status)
        }
        try server.stop()
        return outcome.seconds > 0 ? Double(outcome.operations) / outcome.seconds : 0
    }

    /// A fresh router, a closed loop for what it can do and what that costs, and an open loop for its latency.
    private func measure(_ block: Block, _ title: String) throws -> BlockOutcome {
        let began = MonotonicClock.now()
        var seconds: Double { Double(MonotonicClock.now() - began) / 1e9 }
        let task = cells[block.cell].task
        let side = block.build == .base ? base : candidate
        let server = try start(side, block.cell)
        var values: [GateMetric: Double] = [:]
        do throws(LoadFailure) {
            let closed = try load(task, server, rate: nil, title)
            if let flaw = GateRun.flaw(of: closed, seconds) {
                try? server.stop()
                return flaw
            }
            values = GateRun.closedLoopValues(closed.measurements)
            // One that ran before has the memory of earlier blocks: it does not grow by connections.
            if !server.isFresh { values[.memoryPerConnection] = nil }
            if rates[block.cell] > 0 {
                let open = try load(task, server, rate: rates[block.cell], title)
                if case .verificationFailed = open.facts.verdict {
                    try? server.stop()
                    return .verificationFailed(reason: open.verification.summary)
                }
                values.merge(GateRun.openLoopValues(open)) { $1 }
            }
        } catch {
            try? server.stop()
            if error.isConfiguration { throw Failure.usage("\(side.name): \(error)") }
            return .invalid(reason: "\(side.name): \(error)", seconds: seconds)
        }
        try server.stop()
        return .measured(values, seconds: seconds)
    }

    private static func closedLoopValues(_ measurements: CellMeasurements) -> [GateMetric: Double] {
        var values: [GateMetric: Double] = [
            .throughput: measurements.messagesPerSecond, .bytesPerMessage: measurements.wire.bytesPerMessage,
        ]
        values[.routerCPU] = measurements.router?.cpuMicrosecondsPerMessage?.total
        values[.memoryPerConnection] = measurements.router?.residentBytesPerConnection
        return values
    }

    /// The latencies; none where the generator was so late that they would be its own. What the closed loop showed stays.
    private static func openLoopValues(_ outcome: LoadOutcome) -> [GateMetric: Double] {
        let response = outcome.response.summary()
        let isLate = Double(outcome.lag.summary().p50) > largestLagShare * Double(response.p50)
        // The 99th percentile of the lag is the advisory metric's matter; it says little of the median.
        let others = outcome.facts.verdict.reasons.filter { $0.kind != .scheduleLag }
        guard !isLate, others.isEmpty, response.count > 0 else { return [:] }
        return [.responseP50: Double(response.p50), .responseP99: Double(response.p99)]
    }

    private static func flaw(of outcome: LoadOutcome, _ seconds: Double) -> BlockOutcome? {
        switch outcome.facts.verdict {
        case .valid: nil
        case .invalid(let reasons):
            .invalid(reason: reasons.map(\.description).joined(separator: "; "), seconds: seconds)
        case .verificationFailed: .verificationFailed(reason: outcome.verification.summary)
        }
    }

    private func start(_ side: GateSide, _ cell: Int) throws -> GateServer {
        try GateServer(side, compression: cells[cell].task.compression.text, processors: settings.routerPins)
    }

    /// - Parameter rate: of an open loop; nil: a closed one.
    private func load(
        _ task: CellTask, _ server: GateServer, rate: Double?, _ title: String
    ) throws(LoadFailure) -> LoadOutcome {
        var configuration = CellRunner.configuration(task, settings, target: server.target, seed: settings.seed)
        if let rate { configuration.workload.load = .open(rate: rate, arrivals: .constant) }
        configuration.realm = settings.peerRealm
        configuration.targetProcess = server.pid
        return try LoadRun(configuration).run(
            onProgress: { progress.update("\(title)  \(CellRunner.text($0))") }, isInterrupted: isInterrupted)
    }
}
