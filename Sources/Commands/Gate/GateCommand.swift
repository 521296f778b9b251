import ArgumentParser
import Foundation
import RennbahnGate
import RennbahnMeasurement
import RennbahnReactor
import RennbahnReport

struct GateCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "gate",
        abstract: "Tell whether a build is slower than another, on a machine that is noisy.",
        discussion: """
            Both are measured in pairs, each with a fresh router: four at a time, ABBA or BAAB as the seed says, which take
            turns of some hundredths of a second. Each metric gets PASS, FAIL or UNDECIDED from the interval of the pairs'
            ratios. What is undecided gets more pairs, within --pairs and --budget; a FAIL is measured a second time before
            it is told.

            The base is --against REF, which is built in a work tree of its own, --a or --url-a; the candidate is this very
            program, --b or --url-b. A program is a rennbahn; a command with {port} in it is any router that listens there.

            Exit status: 0 PASS, 2 FAIL, 4 messages were lost or changed, 5 INVALID or UNDECIDED.
            """)

    @Option(help: "The base: a git ref, which is built unless it was before.")
    var against: String?

    @Option(name: .customLong("a"), help: "The base: a rennbahn, or a command with {port} in it.")
    var baseCommand: String?

    @Option(
        name: .customLong("b"), help: "The candidate: a rennbahn, or a command with {port} in it. Default: this one.")
    var candidateCommand: String?

    @Option(name: .customLong("url-a"), help: "The base: a router that runs, as ws://HOST:PORT/PATH[@PID].")
    var baseURL: String?

    @Option(name: .customLong("url-b"), help: "The candidate: a router that runs, likewise.")
    var candidateURL: String?

    @Option(help: "The realm that is joined; routers of ours are started with it.")
    var realm = "realm1"

    @Option(
        help: """
            Cells, separated by commas: \(GateCell.form), such as pubsub:json:32:none:64. DEPTH is operations in flight of each \
            sender.
            """)
    var scenario = GateCell.standard

    @Option(help: "Clients of each cell. (default: 500)", transform: Quantity.count)
    var clients = 500

    @Option(
        help: "Percent that CPU, throughput and latency may be worse. Default: 3, latency 5.",
        transform: Quantity.percent)
    var tolerance: Double?

    @Option(
        help: """
            Time for everything; the fewest pairs and a confirmation are measured whatever it says. A bare number is seconds. \
            (default: 360)
            """, transform: Quantity.seconds)
    var budget = 360.0

    @Option(
        help: "Pairs of each cell at first, at least 6; undecided cells get up to three times as many. (default: 10)",
        transform: Quantity.count)
    var pairs = 10

    @Option(
        help: "Warm-up of each router under each load; a bare number is seconds. (default: 0.15)",
        transform: Quantity.seconds)
    var warmup = 0.15

    @Option(
        help: """
            Time that is measured of each router under each of two loads, in turns; a bare number is seconds. (default: 0.36)
            """, transform: Quantity.seconds)
    var duration = 0.36

    @Option(
        help: """
            Length of a turn; more for routers that need longer than that for an answer. A bare number is milliseconds. \
            (default: 30)
            """, transform: Quantity.fineMilliseconds)
    var turn = 30.0

    @Option(help: "Seed of the order of blocks, of payloads and arrivals.")
    var seed: UInt64 = 1

    @Flag(help: "Exit with 0 if it is undecided.")
    var allowUndecided = false

    @Flag(help: "Compare the base with itself for the whole budget, and tell what this machine can show.")
    var calibrate = false

    @Option(help: "Folder for the programs of git refs.")
    var buildFolder = ".build-gate"

    @Option(help: "Append the ratios to the base, which is an anchor release, to this file (results/history.csv).")
    var history: String?

    @OptionGroup var exact: ExactOptions

    @OptionGroup var outputs: GateOutputs

    /// CPU time for the candidate to waste: what the gate must find.
    @Option(help: .hidden, transform: Quantity.percent)
    var burnPercent = 0.0

    static let rules: [OptionRule] = [
        .oneOf(["--against", "--a", "--url-a"], orElse: ["--calibrate", "--tier 0"], because: "the base"),
        .atMostOne(["--b", "--url-b"], because: "the candidate"),
        .needs("--url-a", ["--url-b", "--calibrate"]),
        .excludes("--calibrate", ["--b", "--url-b"], because: "it compares the base with itself"),
        .excludes(
            "--calibrate", ["--json", "--junit", "--html", "--markdown", "--history", "--allow-undecided"],
            because: "it has no verdict"),
        .excludes(
            "--tier 0",
            [
                "--against", "--a", "--b", "--url-a", "--url-b", "--calibrate", "--realm", "--scenario", "--clients",
                "--tolerance", "--budget", "--pairs", "--warmup", "--duration", "--turn", "--allow-undecided",
                "--history", "--burn-percent",
            ], because: "it counts this build, and compares with the reference"),
        .needs("--bless", ["--tier 0"]),
        .excludes("--bless", ["--json", "--junit", "--html", "--markdown"], because: "it compares nothing"),
        .needs("--build-folder", ["--against", "--tier 0", "--calibrate"], because: "nothing else is built"),
        .needs("--reference", ["--tier 0"]),
        .needs("--steady-state", ["--tier 0"]),
        .together(["--bless", "--reason"]),
    ]

    func execute() throws -> CommandStatus {
        exact.tier == 0 ? try compareCounts() : try comparePairs()
    }

    private func compareCounts() throws -> CommandStatus {
        let interruption = try Interruption()
        let gate = ExactGate(
            options: exact, executable: try BenchCommand.executable(), buildFolder: buildFolder,
            isInterrupted: { interruption.wasAsked })
        guard let result = try gate.run() else { return .good }
        let report = GateReport(
            environment: BenchEnvironment.gather(seed: seed, routerPins: nil, generatorPins: nil),
            base: exact.reference, candidate: "this build", exact: result)
        try outputs.deliver(report)
        return report.exitStatus
    }

    private func comparePairs() throws -> CommandStatus {
        let cells = try GateCell.list(scenario, clients: clients)
        let settings = try checkedSettings()
        let lengths = GateTurns(
            warmUp: UInt64(warmup * 1e9), duration: UInt64(duration * 1e9), turn: UInt64(turn * 1e6))
        var gate = try checkedGate(cells: cells.count)
        let named = try namedBase(settings.executable)
        // A calibration compares the base, or else this program, with itself.
        let other = calibrate ? nil : try namedCandidate(settings.executable)
        let servers = RunningServers()
        let interruption = try Interruption(ending: servers)
        let base = try named ?? built(against ?? "HEAD") { interruption.wasAsked }
        let candidate = other ?? base
        let environment = BenchEnvironment.gather(
            seed: seed, routerPins: settings.routerPins.isEmpty ? nil : settings.routerPins,
            generatorPins: settings.generatorPins.isEmpty ? nil : settings.generatorPins)
        let run = GateRun(
            cells: cells, base: base, candidate: candidate, settings: settings, lengths: lengths,
            servers: servers, progress: BenchJob.progress,
            isInterrupted: { interruption.wasAsked })
        if calibrate {
            // More pairs than the time allows, so that there is no look at them before it is over.
            gate.minimumPairs = max(pairs, Int(budget))
            let result = try run.measure(gate, stoppingAfter: budget)
            if interruption.wasAsked { throw Failure.interrupted }
            return try tellCalibration(result)
        }
        let result = try run.measure(gate)
        let report = GateReport(
            environment: environment, base: base.name, candidate: candidate.name, paired: result,
            warnings: run.warnings, isInterrupted: interruption.wasAsked)
        try outputs.deliver(report)
        // A part of a comparison is none to judge later ones by.
        if let history, report.interrupted != true { try GateHistory.append(report, to: history) }
        if interruption.wasAsked { throw Failure.interrupted }
        return allowUndecided && report.verdict == .undecided ? .good : report.exitStatus
    }

    private func tellCalibration(_ result: PairedResult) throws -> CommandStatus {
        guard result.cells.contains(where: { $0.attemptedPairs - $0.droppedPairs >= pairs }) else {
            throw Failure.invalid("the budget is too short for \(pairs) pairs of a cell")
        }
        try Console.output(
            CalibrationTable.render(Calibration(result, pairs: pairs), isTerminal: Console.outputIsStyled))
        return .good
    }

    // MARK: - Checks

    /// The base, unless it is a git ref, which takes minutes to build.
    private func namedBase(_ executable: String) throws -> GateSide? {
        if let baseCommand { return try GateSide(command: baseCommand, option: "--a") }
        if let baseURL { return try GateSide(url: baseURL, option: "--url-a") }
        return against == nil ? GateSide(name: "this build", executable: executable) : nil
    }

    private func namedCandidate(_ executable: String) throws -> GateSide {
        var candidate =
            if let candidateCommand {
                try GateSide(command: candidateCommand, option: "--b")
            } else if let candidateURL {
                try GateSide(url: candidateURL, option: "--url-b")
            } else {
                GateSide(name: "this build", executable: executable)
            }
        candidate.burnPercent = burnPercent
        return candidate
    }

    private func built(_ ref: String, _ isInterrupted: @escaping () -> Bool) throws -> GateSide {
        let build = GateBuild(folder: buildFolder, report: Console.error, isInterrupted: isInterrupted)
        let (path, name) = try build.program(of: ref)
        return GateSide(name: name, executable: path)
    }

    private func checkedGate(cells: Int) throws -> GateSettings {
        guard (6...1000).contains(pairs) else { throw Failure.usage("--pairs must be 6 to 1000") }
        guard budget > 0, budget <= 86_400 else { throw Failure.usage("--budget is seconds, at most a day") }
        guard burnPercent >= 0, burnPercent <= 1000 else { throw Failure.usage("--burn-percent must be 0 to 1000") }
        var gate = GateSettings(seed: seed)
        gate.minimumPairs = pairs
        gate.maximumPairs = 3 * pairs
        gate.budget = budget
        if let tolerance {
            guard tolerance >= 0, tolerance < 100 else { throw Failure.usage("--tolerance must be 0 to 99 percent") }
            for metric in GateMetric.allCases where metric.isTimed { gate.setTolerance(tolerance / 100, of: metric) }
        }
        return gate
    }

    private func checkedSettings() throws -> BenchSettings {
        guard (2...100_000).contains(clients) else { throw Failure.usage("--clients must be 2 to 100000") }
        guard duration > 0, duration < 3600, warmup >= 0, warmup < 3600 else {
            throw Failure.usage("--duration and --warmup are seconds, less than an hour")
        }
        guard turn >= 1, turn <= 60_000 else { throw Failure.usage("--turn must be 1 to 60000 milliseconds") }
        // The router has the first core, the generator the second.
        let processors = Processor.allowed
        let isPinned = processors.count > 1
        return BenchSettings(
            clients: clients, depth: 1, shards: 1, rounds: 1, warmUp: warmup, duration: duration, seed: seed,
            routerPins: isPinned ? [processors[0]] : [], generatorPins: isPinned ? [processors[1]] : [],
            executable: try BenchCommand.executable(), cFloor: nil, peerRealm: realm)
    }
}
