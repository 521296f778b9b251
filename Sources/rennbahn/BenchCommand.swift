import ArgumentParser
import Foundation
import Measurement
import Reactor
import Report
import WAMP

struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure the router: serializers × compression × scenarios × payload sizes.",
        discussion: """
            Starts the router as a process of its own for every cell, pinned to one core, with the generator on another.
            The formats of one work are measured in turn, forwards and backwards. Prints the table and the comparison of
            the serializers, and writes results/<date>-<commit>-bench.json.
            """)

    @Option(help: "Clients of each cell.")
    var clients: Int?

    @Option(help: "Operations in flight per publisher, caller or echo client.")
    var depth = 1

    @Flag(help: "A short run: fewer clients, one round, shorter windows.")
    var quick = false

    @Option(help: "Scenarios, separated by commas.")
    var scenarios = "pubsub,rpc"

    @Option(help: "Serializers, separated by commas.")
    var serializers = "json,msgpack"

    @Option(help: "Compressions, separated by commas; see rennbahn load --help.")
    var compressions = "none,deflate"

    @Option(help: "Payload sizes in bytes, separated by commas.")
    var payloads = "32,1024"

    @Option(help: "Shards of the router.")
    var shards = 1

    @Option(help: "How often each cell is measured.")
    var rounds: Int?

    @Option(help: "Seconds of warm-up before each window.")
    var warmup: Double?

    @Option(help: "Seconds of each window.")
    var duration: Double?

    @Option(help: "Seed of payloads and schedules.")
    var seed: UInt64 = 1

    @Option(help: "Folder for the results file.")
    var results = "results"

    func run() throws {
        try reporting {
            let plan = try checkedPlan()
            let settings = try checkedSettings()
            let interruption = try Interruption()
            let environment = BenchEnvironment.gather(
                seed: seed, routerPins: settings.routerPins.isEmpty ? nil : settings.routerPins,
                generatorPins: settings.generatorPins.isEmpty ? nil : settings.generatorPins)
            var run = BenchRun(
                plan: plan, settings: settings, progress: BenchCommand.progress,
                isInterrupted: { interruption.wasAsked })
            let document = ResultsDocument(environment: environment, cells: try run.measure())
            Console.output(BenchTable.render(document, isTerminal: Console.outputIsTerminal))
            do {
                let path = try ResultsFile.write(document, to: results, command: "bench")
                Console.output("results: \(path)")
            } catch {
                throw Failure.internalError("the results could not be written: \(error)")
            }
            return document.exitStatus
        }
    }

    /// Progress goes to standard error, so that standard output holds results only.
    private static var progress: Report.Progress {
        Report.Progress(isTerminal: Console.errorIsTerminal, columns: 100) { Console.draw($0) }
    }

    private func checkedPlan() throws -> BenchPlan {
        let works = try list(scenarios, "--scenarios") { ["pubsub": BenchPlan.Cell.Work.pubsub, "rpc": .rpc][$0] }
        return BenchPlan(
            scenarios: works, serializers: try list(serializers, "--serializers") { Serializer(name: $0) },
            compressions: try list(compressions, "--compressions") { CompressionOption(argument: $0) },
            payloads: try list(payloads, "--payloads") { Int($0) })
    }

    private func list<Element>(_ text: String, _ option: String, _ parse: (String) -> Element?) throws -> [Element] {
        let elements = try text.split(separator: ",").map { part in
            guard let element = parse(String(part)) else { throw Failure.usage("\(option): \(part) is not known") }
            return element
        }
        guard !elements.isEmpty else { throw Failure.usage("\(option): nothing is given") }
        return elements
    }

    private func checkedSettings() throws -> BenchRun.Settings {
        let rounds = rounds ?? (quick ? 1 : 2)
        guard (1...100).contains(rounds) else { throw Failure.usage("--rounds must be 1 to 100") }
        guard (1...64).contains(shards) else { throw Failure.usage("--shards must be 1 to 64") }
        let duration = duration ?? (quick ? 0.7 : 2)
        let warmUp = warmup ?? (quick ? 0.2 : 0.5)
        guard duration > 0, duration < 3600, warmUp >= 0, warmUp < 3600 else {
            throw Failure.usage("--duration and --warmup are seconds, less than an hour")
        }
        // The router gets the first cores, one for each shard; the generator the one behind them.
        let processors = Processor.allowed
        let isPinned = processors.count > shards
        return BenchRun.Settings(
            clients: clients ?? (quick ? 500 : 2000), depth: depth, shards: shards, rounds: rounds, warmUp: warmUp,
            duration: duration, seed: seed, routerPins: isPinned ? Array(processors.prefix(shards)) : [],
            generatorPins: isPinned ? [processors[shards]] : [], executable: try BenchCommand.executable())
    }

    private static func executable() throws -> String {
        do {
            return try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        } catch {
            throw Failure.internalError("cannot find this program: \(error.localizedDescription)")
        }
    }
}
