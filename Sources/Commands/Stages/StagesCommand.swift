import ArgumentParser
import Foundation
import RennbahnMeasurement
import RennbahnStages

/// What the stages of a router cost for kinds of messages: measured here and printed as JSON, or carried out for valgrind to count
/// (``InstructionCounter``).
struct StagesCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "stages",
        abstract: "Measure what each stage of the router's path costs for kinds of messages.", shouldDisplay: false)

    static let rules: [OptionRule] = [.excludes("--counted", ["--budget"])]

    @Option(
        help: ArgumentHelp(
            "Serializer, compression and payloads of a kind, as JSON. Several kinds take turns.", valueName: "file"))
    var input: [String]

    @Option(
        help: "How long to measure each kind, 1 ms to 1m; a bare number is milliseconds.",
        transform: Quantity.milliseconds)
    var budget = 40

    @Flag(help: "Carry each stage out once a message, and print the number of messages.")
    var counted = false

    func validate() throws {
        guard (1...60_000).contains(budget) else { throw ValidationError("--budget must be 1 to 60000") }
    }

    func execute() throws -> CommandStatus {
        let jobs = try input.map(StageJob.init(readingFile:))
        if counted {
            for job in jobs { try Console.output("\(try count(job))") }
            return .good
        }
        let counter = InstructionCounter(executable: try BenchCommand.executable())
        let interruption = try Interruption()
        let costs = try StageJob.costs(of: jobs, budget: UInt64(budget) * 1_000_000, counter: counter) {
            interruption.wasAsked
        }
        guard !interruption.wasAsked else { throw Failure.interrupted }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try Console.output(String(decoding: try encoder.encode(costs), as: UTF8.self))
        return .good
    }

    private func count(_ job: StageJob) throws -> Int {
        let kind = try job.input()
        do {
            var pass = try CountedPass(kind)
            return try pass.run()
        } catch {
            throw Failure.usage("\(error)")
        }
    }
}
