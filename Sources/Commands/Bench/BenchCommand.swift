import ArgumentParser
import Foundation
import RennbahnLoadGenerator
import RennbahnMeasurement
import RennbahnReactor
import RennbahnReport
import RennbahnTrial
import RennbahnWAMP
import RennbahnWorkload

struct BenchCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure the router: scenarios × payload sizes × formats, in turns, with intervals.",
        discussion: """
            Starts the router as a process of its own, pinned to one core, with the generator on another. The formats of one work, \
            a bare echo (the floor) and a twin of the first format take turns of hundredths of a second, so that what disturbs \
            one disturbs all; that is done again with fresh processes, three times at least, and more often where the intervals \
            of 95 % are wide and there is time. Prints a table for each work, and writes results/<date>-<commit>-bench.json.

            A closed loop says what a pipeline of that depth carries, which is not what the router can bear: that depends on \
            how many messages travel together (messages per receive).

            With --peers the same work is measured against other routers, in turn with ours, and the table shows ratios. \
            Scenarios are then fan-out-1, fan-out-100 (one publisher, 16 publications in flight), rpc-pair (one caller, \
            one callee, 64 calls in flight), pubsub and rpc.

            With --goals the goals of the hot path are measured, and the table shows goal, figure and verdict: reached or missed \
            where the whole interval of 95 % is on that side of the limit, undecided where the limit lies within it, not shown \
            where there is no figure. A missed goal is exit status 3, an undecided one is none.
            """)

    @Option(
        help: "Clients of each side; fewer where a turn would take too long. Default: 200; with --goals 2000.",
        transform: Quantity.count)
    var clients: Int?

    @Option(help: "Operations in flight per publisher or caller, several separated by commas. Default: 1,64.")
    var depth: String?

    @Flag(
        help: "Half a minute: fewer clients, one depth, one size, wider intervals. With --goals one minute, not four.")
    var quick = false

    @Flag(help: "More sizes and depths: some ten minutes.")
    var full = false

    @Option(help: "Scenarios, separated by commas. Default: pubsub,rpc; with --peers fan-out-1,fan-out-100,rpc-pair.")
    var scenarios: String?

    @Option(help: "Serializers, separated by commas.")
    var serializers = "json,msgpack"

    @Option(
        help: "Compressions, separated by commas; see rennbahn load --help. Default: none,deflate; with --peers none.")
    var compressions: String?

    @Option(
        help:
            "Payload sizes, separated by commas; a bare number is bytes. Default: 32,1024; with --quick and --peers 32."
    )
    var payloads: String?

    @Option(help: "Shards of the router. (default: 1)", transform: Quantity.count)
    var shards = 1

    @OptionGroup var common: TrialOptions

    @Option(help: "Folder of the floor programs (make floors), which goals compare with.")
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

    static let rules: [OptionRule] = [
        .needs("--peer-realm", ["--peers"]),
        .needs("--peer-scripts", ["--peers"]),
        .needs("--c-floor", ["--goals"]),
        .excludes(
            "--goals",
            ["--scenarios", "--serializers", "--compressions", "--payloads", "--depth", "--full"],
            because: "each goal has its own"),
        .excludes("--quick", ["--full"], because: "one is short, the other long"),
        .excludes("--peers", ["--depth"], because: "each scenario has its own"),
    ]

    /// What is measured.
    private enum Work {
        case matrix(BenchPlan)
        case goals
        case peers(PeerPlan)
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
        let trials = try checkedTrials()
        let servers = RunningServers()
        let interruption = try Interruption(ending: servers)
        let environment = BenchEnvironment.gather(
            seed: common.seed, routerPins: settings.routerPins.isEmpty ? nil : settings.routerPins,
            generatorPins: settings.generatorPins.isEmpty ? nil : settings.generatorPins)
        let job = BenchJob(
            settings: settings, trials: trials, environment: environment, results: common.results,
            allowsInvalid: common.allowInvalid, servers: servers, isInterrupted: { interruption.wasAsked })
        return try job.withPeers(specifications, scripts: peerScripts) { peers in
            switch work {
            case .matrix(let plan): try job.run("bench", plan.groups)
            case .goals: try job.runGoals(GoalPlan(settings: settings, peers: peers))
            case .peers(let plan): try job.run("peers", plan.groups(settings, peers))
            }
        }
    }

    private func checkedTrials() throws -> TrialSettings {
        if goals { return try common.settings(budget: quick ? 60 : 240) }
        return try common.settings(
            budget: quick ? 25 : full ? 600 : 110)
    }

    private func checkedPlan(_ settings: BenchSettings) throws -> BenchPlan {
        BenchPlan(
            works: try list(scenarios ?? "pubsub,rpc", "--scenarios") { BenchPlan.Work(rawValue: $0) },
            payloads: try checkedPayloads(quick ? "32" : full ? "32,256,1024,8192" : "32,1024"),
            depths: try list(depth ?? (quick ? "1" : full ? "1,16,64,256" : "1,64"), "--depth") { text in
                guard let depth = try? Quantity.count(text), (1...WorkloadParameters.maximumDepth).contains(depth)
                else {
                    throw Failure.usage("--depth must be 1 to \(WorkloadParameters.maximumDepth), not \(text)")
                }
                return depth
            },
            serializers: try checkedSerializers(), compressions: try checkedCompressions("none,deflate"),
            clients: settings.clients, shards: settings.shards)
    }

    private func checkedComparison() throws -> PeerPlan {
        PeerPlan(
            works: try list(scenarios ?? "fan-out-1,fan-out-100,rpc-pair", "--scenarios") {
                PeerPlan.Work(rawValue: $0)
            },
            payloads: try checkedPayloads("32"), serializers: try checkedSerializers(),
            compressions: try checkedCompressions("none"))
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
        try list(payloads ?? standard, "--payloads") { text in
            let most = WorkloadParameters.maximumPayloadBytes
            guard let size = try? Quantity.bytes(text), (Stamp.byteCount...most).contains(size) else {
                throw Failure.usage("--payloads must be \(Stamp.byteCount) to \(most) bytes, not \(text)")
            }
            return size
        }
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
        guard (1...64).contains(shards) else { throw Failure.usage("--shards must be 1 to 64") }
        let clients = clients ?? (goals ? 2000 : quick ? 100 : 200)
        guard clients >= 4 else { throw Failure.usage("--clients must be at least 4") }
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
            clients: clients, depth: 1, shards: shards, rounds: quick ? 1 : 2, warmUp: quick ? 0.2 : 0.3,
            duration: quick ? 0.7 : 1.2, seed: common.seed,
            routerPins: isPinned ? Array(processors.prefix(routerCores)) : [],
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
