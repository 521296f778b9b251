import LoadGenerator
import Measurement
import Reactor
import Report
import WAMP
import Workload

/// Measures the cells of a plan, each against a router of its own.
struct BenchRun {
    struct Settings {
        var clients: Int
        var depth: Int
        var shards: Int
        var rounds: Int
        var warmUp: Double
        var duration: Double
        var seed: UInt64
        var routerPins: [Int]
        var generatorPins: [Int]
        /// The program to start as the router: ourselves.
        var executable: String
    }

    let plan: BenchPlan
    let settings: Settings
    var progress: Progress
    /// Whether the user wants the run to end.
    let isInterrupted: () -> Bool

    private var done = 0

    init(plan: BenchPlan, settings: Settings, progress: Progress, isInterrupted: @escaping () -> Bool) {
        self.plan = plan
        self.settings = settings
        self.progress = progress
        self.isInterrupted = isInterrupted
    }

    /// The cells of the table, those of the floor left out; each with its ratio to its floor.
    mutating func measure() throws -> [ResultCell] {
        var floors: [String: Double] = [:]
        var cells: [ResultCell] = []
        for group in plan.groups {
            let outcomes = try measure(group)
            for (cell, outcome) in zip(group, outcomes) {
                var result = outcome.cell
                let cpu = result.measurements.router?.cpuMicrosecondsPerMessage?.total
                let key = "\(cell.serializer.name) \(cell.payloadBytes)"
                if cell.work == .floor {
                    floors[key] = cpu
                    guard result.verdict != .valid else { continue }
                } else if let cpu, let floor = floors[key], floor > 0 {
                    // A call is two messages in and two out: twice what an echo is.
                    result.measurements.floorRatio = cpu / (cell.work == .rpc ? 2 * floor : floor)
                }
                cells.append(result)
            }
        }
        progress.clear()
        return cells
    }

    private mutating func measure(_ group: [BenchPlan.Cell]) throws -> [LoadOutcome] {
        var outcomes = [LoadOutcome?](repeating: nil, count: group.count)
        for round in 0..<settings.rounds {
            for index in BenchPlan.order(of: group.count, round: round) {
                let outcome = try measure(group[index], round: round)
                if outcomes[index] == nil {
                    outcomes[index] = outcome
                } else {
                    outcomes[index]?.merge(outcome)
                }
                guard !isInterrupted() else { throw Failure.invalid("interrupted") }
            }
        }
        return outcomes.compactMap { $0 }
    }

    private mutating func measure(_ cell: BenchPlan.Cell, round: Int) throws -> LoadOutcome {
        done += 1
        let title = "[\(done)/\(plan.cellCount * settings.rounds)] \(cell.name)"
        let router = try RouterProcess(
            executable: settings.executable, compression: cell.compression.text, isEcho: cell.work == .floor,
            shards: settings.shards, processors: settings.routerPins)
        let outcome: LoadOutcome
        var progress = progress
        let configuration = try configuration(cell, router, round: round)
        do throws(LoadFailure) {
            outcome = try LoadRun(configuration).run(
                onProgress: { progress.update("\(title)  \(BenchRun.text($0))") }, isInterrupted: isInterrupted)
        } catch {
            progress.clear()
            throw Failure(
                line: "\(cell.name): \(error)",
                status: error.isConfiguration ? Status.usage : Status.invalidRun)
        }
        self.progress = progress
        try router.stop()
        self.progress.milestone("\(title)  \(HumanNumber.rate(Double(outcome.messages) / max(outcome.seconds, 0.001)))")
        return outcome
    }

    private func configuration(
        _ cell: BenchPlan.Cell, _ router: RouterProcess, round: Int
    ) throws -> LoadConfiguration {
        var phases = PhaseDurations()
        phases.settle = 50_000_000
        phases.warmUp = UInt64(settings.warmUp * 1_000_000_000)
        phases.window = UInt64(settings.duration * 1_000_000_000)
        let workload = WorkloadParameters(
            scenario: BenchPlan.scenario(cell.work, clients: settings.clients), clients: settings.clients,
            payloadBytes: cell.payloadBytes, load: .closed(depth: settings.depth), connectRate: 20_000,
            phases: phases, seed: settings.seed &+ UInt64(round))
        var configuration = LoadConfiguration(
            target: try LoadTarget(parsing: "ws://\(router.address)/"), workload: workload,
            serializer: cell.serializer)
        configuration.deflate = cell.compression.policy
        configuration.compressionName = cell.compression.text
        configuration.processors = settings.generatorPins
        configuration.targetProcess = router.pid
        configuration.targetCores = settings.shards
        configuration.targetShards = settings.shards
        return configuration
    }

    private static func text(_ progress: LoadProgress) -> String {
        switch progress.phase {
        case .idle, .connecting, .settling: "connecting \(progress.ready)/\(progress.requested)"
        case .warmingUp: "warming up  \(HumanNumber.rate(progress.messagesPerSecond))"
        case .measuring: "measuring  \(HumanNumber.rate(progress.messagesPerSecond))"
        case .draining: "draining \(progress.outstanding)"
        case .closing, .finished: "closing"
        }
    }
}
