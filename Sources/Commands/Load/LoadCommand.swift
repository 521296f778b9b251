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
            damaged makes the run fail, whatever its speed.

            Without --rate the loop is closed: each sender has --depth operations in flight, which finds what a \
            pipeline of that depth carries; the router's capacity is another matter. With --rate it is open: operations \
            start at their time whatever comes back, and latency counts from that time.

            The run is invalid (status 5) where a thread of the generator or of the router waited for a processor for more \
            than 5 % of the time, both have but one processor, the hypervisor took more than 2 %, connections are missing, or an \
            open loop did not keep its schedule. Warnings void nothing: what they name is to be known.

            With --slow and --stuck some subscribers keep the router waiting: what it then does with the others, with its \
            memory and with those that never read is told apart. Throughput and latency are those of the healthy ones.

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

    static let rules = LoadOptions.rules

    func execute() throws -> CommandStatus {
        if let config { return try runContainers(config) }
        let configuration = try options.configuration()
        for note in configuration.notes { Console.error("rennbahn: note: \(note)") }
        let display = LoadDisplay(configuration)
        let interruption = try Interruption()
        // Before the run, for its load averages; asking takes a moment, and only who reads it all has to wait for it.
        let environment = json ? gatherEnvironment(configuration) : nil
        let outcome: LoadOutcome
        do throws(LoadFailure) {
            outcome = try LoadRun(configuration).run(
                onProgress: { display.show($0) },
                isInterrupted: { interruption.wasAsked })
        } catch {
            display.clear()
            throw Failure(
                line: LoadCommand.line(error), status: LoadCommand.status(error))
        }
        display.clear()
        let cell = outcome.cell
        if let environment {
            try Console.output(LoadDocument.text(outcome, environment))
        } else {
            try Console.output(LoadSummary.text(outcome))
        }
        if outcome.isInterrupted { throw Failure.interrupted }
        let status = cell.verdict.exitStatus
        return allowInvalid && status == .invalid ? .good : status
    }

    private func runContainers(_ config: String) throws -> CommandStatus {
        try ContainerJob(config, duration: options.duration).run(
            writesJSON: json || !Console.outputIsTerminal)
    }

    static func status(_ failure: LoadFailure) -> CommandStatus {
        if case .system = failure { return .internalError }
        return failure.isConfiguration ? .usage : .invalid
    }

    /// With the option that helps, where there is one.
    static func line(_ failure: LoadFailure) -> String {
        switch failure {
        case .parameters(let problems): problems.map { "--\($0)" }.joined(separator: "\nrennbahn: ")
        case .targetProcess(let reason): "--router-pid: \(reason)"
        case .foreignProcess: "--router-pid: \(failure)"
        case .tooFewPorts: "\(failure); name more with --source"
        case .unresolved, .unreachable, .tooFewDescriptors, .connection, .connectTimeout, .system:
            "\(failure)".printable
        }
    }

    private func gatherEnvironment(_ configuration: LoadConfiguration) -> RunEnvironment {
        BenchEnvironment.gather(
            seed: configuration.workload.seed, routerPins: nil,
            generatorPins: configuration.processors.isEmpty ? nil : configuration.processors)
    }
}
