import ArgumentParser
import Foundation
import RennbahnLoadGenerator
import RennbahnMeasurement
import RennbahnReactor
import RennbahnReport
import RennbahnWAMP

struct BenchCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure the router: serializers × compression × scenarios × payload sizes.",
        discussion: """
            Starts the router as a process of its own for every cell, pinned to one core, with the generator on another.
            The formats of one work are measured in turn, forwards and backwards. Prints the table and the comparison of
            the serializers, and writes results/<date>-<commit>-bench.json.

            With --peers the same work is measured against other routers, in turn with ours, and the table shows ratios.
            Scenarios are then fan-out-1, fan-out-100 (one publisher, 16 publications in flight), rpc-pair (one caller, \
            one callee, 64 calls in flight), pubsub and rpc.

            With --goals the goals of the hot path are measured, and the table shows goal, figure and verdict.
            """)

    @Option(help: "Clients of each cell.", transform: Quantity.count)
    var clients: Int?

    @Option(help: "Operations in flight per publisher, caller or echo client. (default: 1)", transform: Quantity.count)
    var depth = 1

    @Flag(help: "A short run: fewer clients, one round, shorter windows.")
    var quick = false

    @Option(help: "Scenarios, separated by commas. Default: pubsub,rpc; with --peers fan-out-1,fan-out-100,rpc-pair.")
    var scenarios: String?

    @Option(help: "Serializers, separated by commas.")
    var serializers = "json,msgpack"

    @Option(
        help: "Compressions, separated by commas; see rennbahn load --help. Default: none,deflate; with --peers none.")
    var compressions: String?

    @Option(help: "Payload sizes, separated by commas; a bare number is bytes. Default: 32,1024; with --peers 32.")
    var payloads: String?

    @Option(help: "Shards of the router. (default: 1)", transform: Quantity.count)
    var shards = 1

    @Option(help: "How often each cell is measured.", transform: Quantity.count)
    var rounds: Int?

    @Option(help: "Warm-up before each window; a bare number is seconds.", transform: Quantity.seconds)
    var warmup: Double?

    @Option(help: "Length of each window; a bare number is seconds.", transform: Quantity.seconds)
    var duration: Double?

    @Option(help: "Seed of payloads and schedules.")
    var seed: UInt64 = 1

    @Option(help: "Folder of the floor programs (make floors): their echo becomes another floor of the table.")
    var cFloor: String?

    @Option(
        help:
            "Routers to compare with, separated by commas: NAME=ws://HOST:PORT/PATH[@PID], or crossbar, which is started."
    )
    var peers: String?

    @Option(help: "The realm of the peers.")
    var peerRealm = "realm1"

    @Option(help: "Folder of the scripts that start peers.")
    var peerScripts = "scripts"

    @Flag(help: "Measure the goals of the hot path; with --peers those against peers, too.")
    var goals = false

    @Flag(help: "End with 0 also where rows are invalid, as on a machine of CI that others keep busy.")
    var allowInvalid = false

    @Option(help: "Folder for the results file.")
    var results = "results"

    static let rules: [OptionRule] = [
        .needs("--peer-realm", ["--peers"]),
        .needs("--peer-scripts", ["--peers"]),
        .needs("--c-floor", ["--goals"]),
        .excludes(
            "--goals", ["--scenarios", "--serializers", "--compressions", "--payloads", "--depth"],
            because: "each goal has its own"),
    ]

    /// What is measured.
    private enum Work {
        case matrix(BenchPlan)
        case goals
        case peers(([MeasuredServer]) -> PeerRun)
    }

    func execute() throws -> CommandStatus {
        let settings = try checkedSettings()
        let specifications = try checkedPeers()
        let work: Work =
            if goals {
                .goals
            } else if specifications.isEmpty {
                .matrix(try checkedPlan(settings))
            } else {
                .peers(try checkedComparison())
            }
        let servers = RunningServers()
        let interruption = try Interruption(ending: servers)
        let environment = BenchEnvironment.gather(
            seed: seed, routerPins: settings.routerPins.isEmpty ? nil : settings.routerPins,
            generatorPins: settings.generatorPins.isEmpty ? nil : settings.generatorPins)
        let job = BenchJob(
            settings: settings, environment: environment, results: results, servers: servers,
            isInterrupted: { interruption.wasAsked })
        let status = try job.withPeers(specifications, scripts: peerScripts) { peers in
            switch work {
            case .matrix(let plan): try job.runMatrix(plan)
            case .goals: try job.runGoals(GoalPlan(settings: settings, peers: peers))
            case .peers(let comparison): try job.runPeers(comparison(peers))
            }
        }
        return allowInvalid && status == .invalid ? .good : status
    }

    private func checkedPlan(_ settings: BenchSettings) throws -> BenchPlan {
        BenchPlan(
            scenarios: try list(scenarios ?? "pubsub,rpc", "--scenarios") {
                ["pubsub": BenchPlan.Cell.Work.pubsub, "rpc": .rpc][$0]
            },
            serializers: try checkedSerializers(), compressions: try checkedCompressions("none,deflate"),
            payloads: try checkedPayloads("32,1024"), hasCFloor: settings.cFloor != nil)
    }

    private func checkedComparison() throws -> ([MeasuredServer]) -> PeerRun {
        let works = try list(scenarios ?? "fan-out-1,fan-out-100,rpc-pair", "--scenarios") {
            PeerRun.Work(rawValue: $0)
        }
        let payloads = try checkedPayloads("32")
        let serializers = try checkedSerializers()
        let compressions = try checkedCompressions("none")
        return { peers in
            PeerRun(
                works: works, payloads: payloads, serializers: serializers, compressions: compressions, peers: peers)
        }
    }

    private func checkedSerializers() throws -> [Serializer] {
        try list(serializers, "--serializers") { Serializer(name: $0) }
    }

    private func checkedCompressions(_ standard: String) throws -> [CompressionOption] {
        try list(compressions ?? standard, "--compressions") { text in
            do {
                return try CompressionOption(parsing: text)
            } catch {
                throw Failure.usage("--compressions \(text): \(error)")
            }
        }
    }

    private func checkedPayloads(_ standard: String) throws -> [Int] {
        try list(payloads ?? standard, "--payloads") { try? Quantity.bytes($0) }
    }

    private func checkedPeers() throws -> [PeerSpecification] {
        guard let peers else { return [] }
        do throws(PeerSpecification.Malformed) {
            return try PeerSpecification.list(parsing: peers)
        } catch {
            throw Failure.usage("--peers \(peers): \(error)")
        }
    }

    private func list<Element>(
        _ text: String, _ option: String, _ parse: (String) throws -> Element?
    ) throws -> [Element] {
        let elements = try text.split(separator: ",").map { part in
            guard let element = try parse(String(part)) else { throw Failure.usage("\(option): \(part) is not known") }
            return element
        }
        guard !elements.isEmpty else { throw Failure.usage("\(option): nothing is given") }
        return elements
    }

    private func checkedSettings() throws -> BenchSettings {
        let rounds = rounds ?? (quick ? 1 : 2)
        guard (1...100).contains(rounds) else { throw Failure.usage("--rounds must be 1 to 100") }
        guard (1...64).contains(shards) else { throw Failure.usage("--shards must be 1 to 64") }
        let duration = duration ?? (quick ? 0.7 : goals ? 1.2 : 2)
        let warmUp = warmup ?? (quick ? 0.2 : goals ? 0.3 : 0.5)
        guard duration > 0, duration < 3600, warmUp >= 0, warmUp < 3600 else {
            throw Failure.usage("--duration and --warmup are seconds, less than an hour")
        }
        for program in ["echo", "broadcast", "accept"] {
            guard let cFloor else { break }
            guard FileManager.default.isExecutableFile(atPath: "\(cFloor)/\(program)") else {
                throw Failure.usage("--c-floor: there is no program \(cFloor)/\(program); make floors builds it")
            }
        }
        // The router gets the first cores, one for each shard; the generator the one behind them. Goals compare one shard
        // with two, where there is a third core.
        let processors = Processor.allowed
        let routerCores = goals && processors.count > 2 ? max(2, shards) : shards
        let isPinned = processors.count > routerCores
        return BenchSettings(
            clients: clients ?? (quick ? 500 : 2000), depth: depth, shards: shards, rounds: rounds, warmUp: warmUp,
            duration: duration, seed: seed, routerPins: isPinned ? Array(processors.prefix(routerCores)) : [],
            generatorPins: isPinned ? [processors[routerCores]] : [], executable: try BenchCommand.executable(),
            cFloor: cFloor, peerRealm: peerRealm)
    }

    static func executable() throws -> String {
        do {
            return try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        } catch {
            throw Failure.internalError("cannot find this program: \(error.localizedDescription)")
        }
    }
}
