import RennbahnGate
import RennbahnLoadGenerator
import RennbahnMeasurement
import RennbahnReactor
import RennbahnReport
import RennbahnTrial
import RennbahnWorkload

/// Carries out a plan: starts the routers of a quartet, loads them in turn, and tells the plan what came of it.
final class GateRun {
    /// The share of what the base can do that the open loop asks for.
    private static let offeredShare = 0.3

    private let cells: [GateCell]
    private let base: GateSide
    private let candidate: GateSide
    private let settings: BenchSettings
    private let lengths: GateTurns
    private let servers: RunningServers
    private let isInterrupted: () -> Bool
    private var progress: RennbahnReport.Progress
    /// Operations a second of each cell's open loop; 0 where the base has not shown what it can do.
    private var rates: [Double]
    /// What voids nothing and must be known: one sentence of each kind a side.
    private(set) var warnings: [String] = []
    private var warned: Set<String> = []

    init(
        cells: [GateCell], base: GateSide, candidate: GateSide, settings: BenchSettings, lengths: GateTurns,
        servers: RunningServers, progress: RennbahnReport.Progress, isInterrupted: @escaping () -> Bool
    ) {
        self.cells = cells
        self.base = base
        self.candidate = candidate
        self.settings = settings
        self.lengths = lengths
        self.servers = servers
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
            case .run(let quartet):
                let (done, expected) = plan.progress
                let isConfirmation = quartet.blocks[0].isConfirmation ? " (confirming)" : ""
                let title = "[\(done / 4 + 1)/\(expected / 4)] \(cells[quartet.cell].name)\(isConfirmation)"
                let outcomes = try measure(quartet, title)
                let seconds = Double(MonotonicClock.now() - start) / 1e9
                if isInterrupted() || seconds > deadline ?? .infinity {
                    progress.clear()
                    return plan.stop()
                }
                for case .invalid(let reason, _) in outcomes { progress.milestone("\(title): invalid, \(reason)") }
                action = plan.quartetFinished(outcomes)
            }
        }
    }

    // MARK: - Blocks

    /// Operations a second that the base can bear when they come at times of their own; what is measured here is used for nothing
    /// else. What a closed loop carries is no measure of that: with 64 in flight it is twenty times as much.
    private func capacity(ofCell cell: Int) throws -> Double {
        let server = try start(base, cell)
        let title = "trying \(cells[cell].name)"
        let capacity: Double
        do throws(LoadFailure) {
            capacity = try openLoopCapacity(cells[cell].task, server, title)
        } catch {
            progress.clear()
            throw Failure(line: "\(base.name), \(cells[cell].name): \(error)", status: error.exitStatus)
        }
        try server.stop()
        if !isInterrupted(), let flaw = server.ending?.flaw {
            progress.clear()
            throw Failure.invalid("\(base.name), \(cells[cell].name): \(flaw)")
        }
        return capacity
    }

    /// From the CPU time of the router at a low rate, and once more nearer to the rate that will be offered.
    private func openLoopCapacity(
        _ task: CellTask, _ server: MeasuredServer, _ title: String
    ) throws(LoadFailure) -> Double {
        let session = try session(task, server, rate: GateRun.openLoopRoom, title)
        guard session.samplesServer else {
            _ = try session.close()
            return try closedLoopRate(task, server, title)
        }
        var probe = GateRun.firstProbe
        var capacity = 0.0
        for _ in 0..<3 {
            guard let turn = try session.turn(leadIn: lengths.turn, window: 3 * lengths.turn, rate: probe),
                let seen = OpenLoopCapacity.estimate(rate: probe, TurnSample(turn, routerCores: task.server.cores))
            else { break }
            capacity = seen
            probe = GateRun.offeredShare * seen
        }
        _ = try session.close()
        return capacity
    }

    /// What an open loop may have in flight at the most, as operations a second; and what is tried first.
    private static let openLoopRoom = 20_000.0
    private static let firstProbe = 200.0

    /// Of a router whose CPU time cannot be seen: one operation in flight is the nearest to operations that come one by one.
    private func closedLoopRate(
        _ task: CellTask, _ server: MeasuredServer, _ title: String
    ) throws(LoadFailure) -> Double {
        var task = task
        task.depth = 1
        let outcome = try load(task, server, title)
        return outcome.seconds > 0 ? Double(outcome.operations) / outcome.seconds : 0
    }

    /// Four fresh routers, a closed loop for what they can do and what that costs, and an open loop for their latency.
    private func measure(_ quartet: Quartet, _ title: String) throws -> [BlockOutcome] {
        let began = MonotonicClock.now()
        let task = cells[quartet.cell].task
        let measured = try GateQuartet(quartet, lengths: lengths) { build in
            let side = build == .base ? base : candidate
            return (side.name, try start(side, quartet.cell))
        }
        do {
            try measured.measureClosedLoop(
                { try self.session(task, $0, rate: nil, title) }, show: { self.show($0, of: title, "closed loop") },
                isInterrupted: isInterrupted)
            let rate = rates[quartet.cell]
            if rate > 0 {
                try measured.measureOpenLoop(
                    { try self.session(task, $0, rate: rate, title) }, show: { self.show($0, of: title, "open loop") },
                    isInterrupted: isInterrupted)
            }
        } catch {
            progress.clear()
            measured.abandon()
            throw error
        }
        for (name, warning) in measured.warnings where warned.insert("\(name) \(warning.kind)").inserted {
            let text = "\(cells[quartet.cell].name), \(name): \(warning)"
            progress.milestone("warning: \(text)")
            warnings.append(text)
        }
        return try measured.finish(seconds: Double(MonotonicClock.now() - began) / 1e9)
    }

    private func show(_ turn: Int, of title: String, _ load: String) {
        progress.update("\(title)  \(load)  " + (turn < 0 ? "warming up" : "turn \(turn + 1) of \(lengths.count)"))
    }

    private func start(_ side: GateSide, _ cell: Int) throws -> MeasuredServer {
        try servers.router(
            of: side, realm: settings.peerRealm, compression: cells[cell].task.compression.text,
            processors: settings.routerPins,
            isInterrupted: isInterrupted)
    }

    /// - Parameter rate: of an open loop; nil: a closed one.
    private func configuration(_ task: CellTask, _ server: MeasuredServer, rate: Double?) -> LoadConfiguration {
        var configuration = CellRunner.configuration(task, settings, target: server.target, seed: settings.seed)
        if let rate { configuration.workload.load = .open(rate: rate, arrivals: .constant) }
        configuration.realm = settings.peerRealm
        configuration.targetProcesses = server.pid.map { [$0] } ?? []
        configuration.targetIsOwn = server.isOwn
        // Few at a time: what a router grows for many handshakes at once is a matter of chance, not of its connections.
        configuration.pendingHandshakes = 8
        return configuration
    }

    private func session(
        _ task: CellTask, _ server: MeasuredServer, rate: Double?, _ title: String
    ) throws(LoadFailure) -> LoadSession {
        try LoadSession(
            configuration(task, server, rate: rate),
            onProgress: { [self] in
                if case .connecting = $0.phase { progress.update("\(title)  \(CellRunner.text($0))") }
            }, isInterrupted: isInterrupted)
    }

    private func load(
        _ task: CellTask, _ server: MeasuredServer, _ title: String
    ) throws(LoadFailure) -> LoadOutcome {
        try LoadRun(configuration(task, server, rate: nil)).run(
            onProgress: { progress.update("\(title)  \(CellRunner.text($0))") }, isInterrupted: isInterrupted)
    }
}
