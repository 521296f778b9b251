import Foundation
import RennbahnLoadGenerator
import RennbahnMeasurement
import RennbahnReactor
import RennbahnReport
import RennbahnTLS
import RennbahnWAMP
import RennbahnWorkload

/// What all cells of a run have in common.
struct BenchSettings {
    var clients: Int
    var depth: Int
    var shards: Int
    var rounds: Int
    /// Seconds.
    var warmUp: Double
    var duration: Double
    var seed: UInt64
    /// The router's processors, one for each shard; empty: nothing is pinned.
    var routerPins: [Int]
    var generatorPins: [Int]
    /// The program to start as the router: ourselves.
    var executable: String
    /// The folder of the floor programs, where there is one.
    var cFloor: String?
    var peerRealm: String
}

/// Measures cells, each against a server of its own, with live progress.
final class CellRunner {
    let settings: BenchSettings
    private let servers: RunningServers
    private var progress: RennbahnReport.Progress
    /// Is told of each measurement when it is over.
    private let note: (ResultCell) -> Void
    /// Whether the user wants the run to end.
    private let isInterrupted: () -> Bool
    private let total: Int
    private var done = 0

    /// - Parameter total: measurements of the whole run, for the progress.
    init(
        _ settings: BenchSettings, total: Int, servers: RunningServers, progress: RennbahnReport.Progress,
        note: @escaping (ResultCell) -> Void, isInterrupted: @escaping () -> Bool
    ) {
        self.settings = settings
        self.servers = servers
        self.progress = progress
        self.note = note
        self.isInterrupted = isInterrupted
        self.total = total
    }

    /// Measures tasks in turn, forwards and backwards, and merges the rounds of each.
    func measureInTurn(_ tasks: [CellTask]) throws -> [LoadOutcome] {
        var outcomes = [LoadOutcome?](repeating: nil, count: tasks.count)
        for round in 0..<settings.rounds {
            for index in CellTask.order(of: tasks.count, round: round) {
                let outcome = try measure(tasks[index], round: round)
                note(outcome.cell)
                if outcomes[index] == nil {
                    outcomes[index] = outcome
                } else {
                    outcomes[index]?.merge(outcome)
                }
                guard !isInterrupted() else { throw Failure.interrupted }
            }
        }
        return outcomes.compactMap { $0 }
    }

    func clear() { progress.clear() }

    func milestone(_ text: String) { progress.milestone(text) }

    private func measure(_ task: CellTask, round: Int) throws -> LoadOutcome {
        done += 1
        let title = "[\(done)/\(total)] \(task.name)"
        // The address is known when the server runs.
        var configuration = CellRunner.configuration(
            task, settings, target: try LoadTarget(parsing: "ws://127.0.0.1/"), seed: settings.seed &+ UInt64(round))
        let folder = task.isSecure ? try CellRunner.temporaryFolder() : nil
        defer { if let folder { try? FileManager.default.removeItem(at: folder) } }
        let identity = try folder.map { try CellRunner.secure(&configuration, in: $0) }
        let server = try start(task, identity, for: &configuration)
        let outcome: LoadOutcome
        do throws(LoadFailure) {
            outcome = try LoadRun(configuration).run(
                onProgress: { progress.update("\(title)  \(CellRunner.text($0))") }, isInterrupted: isInterrupted)
        } catch {
            progress.clear()
            throw Failure(
                line: "\(task.name): \(error)",
                status: error.isConfiguration ? .usage : .invalid)
        }
        try server?.stop()
        progress.milestone("\(title)  \(HumanNumber.rate(Double(outcome.messages) / max(outcome.seconds, 0.001)))")
        return outcome
    }

    /// What the generator does for a task.
    static func configuration(
        _ task: CellTask, _ settings: BenchSettings, target: LoadTarget, seed: UInt64
    ) -> LoadConfiguration {
        var phases = PhaseDurations()
        phases.settle = 50_000_000
        phases.warmUp = UInt64((task.warmUp ?? settings.warmUp) * 1_000_000_000)
        phases.window = UInt64((task.duration ?? settings.duration) * 1_000_000_000)
        let workload = WorkloadParameters(
            scenario: task.scenario, clients: task.scenario.roleCount ?? task.clients,
            payload: task.payload, load: .closed(depth: task.depth), connectRate: 20_000,
            phases: phases,
            seed: seed)
        var configuration = LoadConfiguration(
            target: target, workload: workload, serializer: task.serializer)
        configuration.deflate = task.compression.policy
        configuration.compressionName = task.compression.text
        configuration.processors = settings.generatorPins
        return configuration
    }

    private static func temporaryFolder() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appending(path: "rennbahn-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        return folder
    }

    /// Lets the generator speak TLS 1.3, and trust nobody but the server that gets the identity.
    private static func secure(
        _ configuration: inout LoadConfiguration, in folder: URL
    ) throws -> ThrowawayIdentity {
        let identity = try ThrowawayIdentity(in: folder.path())
        var settings = TLSClientSettings(hostName: "localhost")
        settings.authorities = [identity.certificate]
        settings.versions = .onlyTLS13
        configuration.tls = try TLSContext(settings)
        return identity
    }

    /// Starts the task's server, unless it runs, and tells the generator of it.
    private func start(
        _ task: CellTask, _ identity: ThrowawayIdentity?, for configuration: inout LoadConfiguration
    ) throws -> MeasuredServer? {
        let server: MeasuredServer
        let pins = task.routerPins ?? settings.routerPins
        var options = RunningServers.RouterOptions(compression: task.compression.text, processors: pins)
        switch task.server {
        case .peer(let peer):
            configuration.target = peer.target
            configuration.targetName = peer.name
            configuration.targetProcesses = peer.pid.map { [$0] } ?? []
            configuration.realm = settings.peerRealm
            return nil
        case .router(let shards):
            options.shards = shards
            options.processors = Array(pins.prefix(shards))
            options.portPerShard = task.isCrossed
            options.identity = identity
            server = try servers.router(settings.executable, options)
            configuration.targetName = CellParameters.ownRouter
            configuration.targetShards = shards
        case .echo:
            options.shards = settings.shards
            options.isEcho = true
            server = try servers.router(settings.executable, options)
            configuration.targetName = "rennbahn-echo"
            configuration.targetShards = settings.shards
        case .floor(let path):
            server = try servers.floorProgram(path, processors: Array(pins.prefix(1)))
            configuration.targetName = "c-floor"
            configuration.targetShards = 1
        }
        configuration.target = server.target
        if task.isCrossed { configuration.receiverTarget = server.receiverTarget }
        configuration.targetProcesses = server.pid.map { [$0] } ?? []
        configuration.targetIsOwn = server.isOwn
        configuration.targetCores = configuration.targetShards
        return server
    }

    static func text(_ progress: LoadProgress) -> String {
        switch progress.phase {
        case .idle, .connecting, .settling, .waiting: "connecting \(progress.ready)/\(progress.requested)"
        case .warmingUp: "warming up  \(HumanNumber.rate(progress.messagesPerSecond))"
        case .measuring: "measuring  \(HumanNumber.rate(progress.messagesPerSecond))"
        case .draining: "draining \(progress.outstanding)"
        case .closing, .finished: "closing"
        }
    }
}
