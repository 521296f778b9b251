import ArgumentParser
import RennbahnLoadGenerator
import RennbahnMeasurement
import RennbahnReactor
import RennbahnReport
import RennbahnWAMP
import RennbahnWorkload

struct LoadCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "load",
        abstract: "Drive clients against a WAMP router, and measure it.",
        discussion: """
            The run goes through the phases connect, settle, warm-up, measure, drain and close. Every payload carries \
            its sender, sequence number, send time and a checksum; a message that is lost, repeated, out of order or \
            damaged makes the run fail, whatever its speed. Only the results of concurrent calls may come in any order, as WAMP \
            has it; docs/verification.md says what is checked.

            Without --rate the loop is closed: each sender has --depth operations in flight, which finds what a \
            pipeline of that depth carries; the router's capacity is another matter. With --rate it is open: operations \
            start at their time whatever comes back, and latency counts from that time.

            The run is invalid (status 5) where a thread of the generator or of the router waited for a processor for more \
            than 5 % of the time, both are bound to one and the same processor, the hypervisor took more than 2 %, connections \
            are missing, or an open loop did not keep its schedule. Warnings void nothing: what they name is to be known.

            With --slow and --stuck some subscribers keep the router waiting: what it then does with the others, with its \
            memory and with those that never read is told apart. Throughput and latency are those of the healthy ones.

            Where the router asks who is there (--authid, --principals), or a front end stands before it (--header), see \
            docs/load.md.

            With --config the components of the file's containers run instead of a scenario; see docs/components.md.

            The router must be on another core than the generator (--cpus) for its figures to mean anything. On this machine \
            its CPU time and memory are measured, too: of all processes that listen at --url, and of their workers.
            """)

    @OptionGroup var options: LoadOptions

    @Option(
        help: ArgumentHelp(
            "Run the components of the containers in a node configuration instead, for --duration at most.",
            valueName: "file"))
    var config: String?

    @Flag(help: "End with 0 also where the run is invalid, as on a machine of CI that others keep busy.")
    var allowInvalid = false

    @Flag(help: "Print the result as JSON, a cell of the results schema, on standard output.")
    var json = false

    @Option(
        help: ArgumentHelp(
            """
            Write the results there, a file of the results schema, or a folder for one named after the date. Until the run is over \
            a line a second goes to a journal beside it (.jsonl.partial), which stays where the run ends before its end.
            """, valueName: "file"))
    var results: String?

    @Option(
        help: ArgumentHelp(
            """
            Something that must hold, such as p99(rpc.response)<10ms, loss==0 or rate(events)>100k; may be given several times. \
            If it does not, the status is 3; if it cannot be told, 5. See docs/conditions.md.
            """, valueName: "condition"))
    var require: [String] = []

    @OptionGroup var outputs: LoadOutputs

    @OptionGroup var view: ViewOptions

    @OptionGroup var metrics: MetricsOptions

    static let rules = LoadOptions.rules + ViewOptions.rules

    func execute() throws -> CommandStatus {
        if let config { return try runContainers(config) }
        let configuration = try options.configuration()
        let conditions = try requirements()
        try outputs.check()
        if !view.quiet { for note in configuration.notes { Console.error("rennbahn: note: \(note)") } }
        let interruption = try Interruption()
        // Before the run, for its load averages; asking takes a moment, and only who reads it all has to wait for it.
        let isKept = results != nil || outputs.areWanted
        let environment = json || view.jsonLines || isKept ? gatherEnvironment(configuration) : nil
        let keeper = try isKept ? environment.map { try LoadResults(results, configuration, $0, conditions) } : nil
        let lines = view.jsonLines ? environment.map { begunLines(configuration, $0, conditions) } : nil
        let server = try metrics.server()
        defer { server?.stop() }
        let told = server.map { _ in LoadMetrics() }
        if let told { try server?.start(told) }
        let watchers = Watchers(keeper: keeper, lines: lines, metrics: told)
        let outcome = try measure(configuration, watchers, interruption)
        let figures = Figures(outcome.cell)
        return try tell(outcome, conditions.map { $0.judge(figures) }, environment, keeper, lines)
    }

    private func begunLines(
        _ configuration: LoadConfiguration, _ environment: RunEnvironment, _ conditions: [Condition]
    ) -> IntervalLines {
        let lines = IntervalLines()
        lines.begin(LoadResults.Description(configuration, environment, conditions))
        return lines
    }

    private func requirements() throws -> [Condition] {
        var problems: [String] = []
        let conditions = require.compactMap { text -> Condition? in
            do throws(ConditionProblem) {
                return try Condition(parsing: text)
            } catch {
                problems.append("--require \(error)")
                return nil
            }
        }
        guard problems.isEmpty else { throw Failure.usage(all: problems) }
        return conditions
    }

    /// Who wants to know of each interval, besides the display.
    private struct Watchers {
        let keeper: LoadResults?
        let lines: IntervalLines?
        let metrics: LoadMetrics?

        var wantIntervals: Bool { keeper != nil || lines != nil || metrics != nil }

        func note(_ interval: RunInterval) {
            keeper?.note(interval)
            lines?.note(interval)
            metrics?.note(interval)
        }
    }

    private func measure(
        _ configuration: LoadConfiguration, _ watchers: Watchers, _ interruption: Interruption
    ) throws -> LoadOutcome {
        let kind = LoadDisplay.Kind.wanted(isQuiet: view.quiet)
        let keys = LoadKeys(areWanted: kind == .view, interruption)
        defer { keys.giveBack() }
        let display = LoadDisplay(configuration, kind, hasKeys: keys.areTaken)
        defer { display.clear() }
        // Intervals cost shards a little: without somebody to see them there are none.
        let isWatched = watchers.wantIntervals || kind == .view
        func note(_ interval: RunInterval) {
            watchers.note(interval)
            display.note(interval)
        }
        do throws(LoadFailure) {
            return try LoadRun(configuration).run(
                onProgress: { progress in
                    keys.note(isPaused: progress.isPaused)
                    display.show(progress)
                    watchers.metrics?.note(progress)
                }, onInterval: isWatched ? note : nil, takesTotals: watchers.metrics != nil,
                steering: { keys.next() },
                isInterrupted: { interruption.wasAsked || watchers.lines?.failure != nil })
        } catch {
            watchers.keeper?.fail("\(error.withoutAuthID)")
            watchers.lines?.fail("\(error.withoutAuthID)")
            throw Failure(line: LoadCommand.line(error), status: error.exitStatus)
        }
    }

    /// Results go to their file first: who reads the rest may have gone.
    private func tell(
        _ outcome: LoadOutcome, _ conditions: [ConditionOutcome], _ environment: RunEnvironment?,
        _ keeper: LoadResults?, _ lines: IntervalLines?
    ) throws -> CommandStatus {
        let document = keeper?.document(outcome, conditions)
        let kept = Result { try document.flatMap { try keeper?.finish($0) } }
        let delivery = document.map(outputs.write) ?? LoadOutputs.Delivery()
        if let lines, let environment {
            try lines.finish(
                LoadDocument.cell(outcome, environment, conditions), isComplete: !outcome.isInterrupted)
        } else if json, let environment {
            try Console.output(LoadDocument.text(outcome, environment, conditions))
        } else {
            try Console.output(LoadSummary.text(outcome, conditions))
        }
        try tell(kept, delivery)
        if outcome.isInterrupted { throw Failure.interrupted }
        let verdict = outcome.cell.verdict.exitStatus
        let statuses = [allowInvalid && verdict == .invalid ? .good : verdict] + conditions.map(\.exitStatus)
        return CommandStatus.worst(of: statuses)
    }

    /// Says what was written where, and ends where something could not be.
    private func tell(_ kept: Result<String?, any Error>, _ delivery: LoadOutputs.Delivery) throws {
        var (lines, problems) = (delivery.lines, delivery.problems)
        switch kept {
        case .success(let path): if let path { lines.insert("results: \(path)", at: 0) }
        case .failure(let error): problems.insert("\(error)", at: 0)
        }
        for line in lines {
            // Standard output is for the JSON alone where that is wanted.
            if json || view.jsonLines { Console.error(line) } else { try Console.output(line) }
        }
        guard problems.isEmpty else { throw Failure.internalError(problems.joined(separator: "\nrennbahn: ")) }
    }

    private func runContainers(_ config: String) throws -> CommandStatus {
        try ContainerJob(config, duration: options.duration).run(
            writesJSON: json || !Console.outputIsTerminal)
    }

    /// With the option that helps, where there is one.
    static func line(_ failure: LoadFailure) -> String {
        switch failure {
        case .parameters(let problems): problems.map { "--\($0)" }.joined(separator: "\nrennbahn: ")
        case .targetProcess(let reason): "--router-pid: \(reason)"
        case .foreignProcess: "--router-pid: \(failure)"
        case .tooFewPorts: "\(failure); name more with --source"
        case .unresolved, .unreachable, .tooFewDescriptors, .connection, .connectTimeout, .violated, .system:
            "\(failure)".printable
        }
    }

    private func gatherEnvironment(_ configuration: LoadConfiguration) -> RunEnvironment {
        BenchEnvironment.gather(
            seed: configuration.workload.seed, routerPins: nil,
            generatorPins: configuration.processors.isEmpty ? nil : configuration.processors)
    }
}
