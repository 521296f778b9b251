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

/// Measures cells as whole runs, each against a server of its own, with live progress: what cannot take turns.
final class CellRunner {
    private let settings: BenchSettings
    private let servers: RunningServers
    private var progress: RennbahnReport.Progress
    /// Whether the user wants the run to end.
    private let isInterrupted: () -> Bool

    init(
        _ settings: BenchSettings, servers: RunningServers, progress: RennbahnReport.Progress,
        isInterrupted: @escaping () -> Bool
    ) {
        self.settings = settings
        self.servers = servers
        self.progress = progress
        self.isInterrupted = isInterrupted
    }

    /// Measures tasks one after another, forwards and backwards, and merges the rounds of each.
    func measureInTurn(_ tasks: [CellTask]) throws -> [LoadOutcome] {
        var outcomes = [LoadOutcome?](repeating: nil, count: tasks.count)
        for round in 0..<settings.rounds {
            for index in CellTask.order(of: tasks.count, round: round) {
                let outcome = try measure(tasks[index], round: round)
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

    private func measure(_ task: CellTask, round: Int) throws -> LoadOutcome {
        // The address is known when the server runs.
        var configuration = CellRunner.configuration(
            task, settings, target: try LoadTarget(parsing: "ws://127.0.0.1/"), seed: settings.seed &+ UInt64(round))
        let server = try start(task, for: &configuration)
        let outcome: LoadOutcome
        defer { progress.clear() }
        do throws(LoadFailure) {
            outcome = try LoadRun(configuration).run(
                onProgress: { progress.update("\(task.name)  \(CellRunner.text($0))") },
                isInterrupted: isInterrupted)
        } catch {
            throw Failure(
                line: "\(task.name): \(error)", status: error.exitStatus)
        }
        try server.stop()
        if !isInterrupted(), let flaw = server.ending?.flaw { throw Failure.invalid("\(task.name): \(flaw)") }
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

    /// Starts the task's server, and tells the generator of it. When it runs, both have read what they need of an identity, whose
    /// folder goes before anything is measured.
    private func start(_ task: CellTask, for configuration: inout LoadConfiguration) throws -> MeasuredServer {
        guard task.isSecure else { return try start(task, nil, for: &configuration) }
        let folder = FileManager.default.temporaryDirectory.appending(path: "rennbahn-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        let identity = try CellRunner.secure(&configuration, in: folder)
        return try start(task, identity, for: &configuration)
    }

    private func start(
        _ task: CellTask, _ identity: ThrowawayIdentity?, for configuration: inout LoadConfiguration
    ) throws -> MeasuredServer {
        let server: MeasuredServer
        switch task.server {
        case .router(let shards):
            var options = RunningServers.RouterOptions(
                compression: task.compression.text, shards: shards,
                processors: Array(settings.routerPins.prefix(shards)))
            options.identity = identity
            server = try servers.router(settings.executable, options)
            configuration.targetName = CellParameters.ownRouter
            configuration.targetShards = shards
        case .floor(let path):
            server = try servers.floorProgram(path, processors: Array(settings.routerPins.prefix(1)))
            configuration.targetName = "c-floor"
            configuration.targetShards = 1
        case .echo, .peer: preconditionFailure("an echo has no sessions, and a peer is measured in turns")
        }
        configuration.target = server.target
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
