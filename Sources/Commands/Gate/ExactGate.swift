import ArgumentParser
import Foundation
import RennbahnGate
import RennbahnReactor
import RennbahnReport

/// Tier 0: which tier is wanted, and what becomes of the counts.
struct ExactOptions: ParsableArguments {
    @Option(help: "0: exact counts per message against those in the repository. 1: pairs of measurements.")
    var tier = 1

    @Flag(help: "Tier 0: make what is counted the reference; needs --reason.")
    var bless = false

    @Option(help: "Tier 0: why the counts are what they should be, for the reference's file.")
    var reason: String?

    @Option(help: ArgumentHelp("Tier 0: the reference.", visibility: .hidden))
    var reference = "results/baseline/tier0.json"

    @Option(help: ArgumentHelp("Tier 0: a SteadyState that is built already.", visibility: .hidden))
    var steadyState: String?

    func validate() throws {
        guard (0...1).contains(tier) else { throw ValidationError("--tier is 0 or 1") }
    }
}

/// Counts what a message costs and compares it with the reference, or makes it the reference.
struct ExactGate {
    private static let script = "scripts/tier0"

    let options: ExactOptions
    /// This program: its router is what is counted end to end.
    let executable: String
    /// Where the program of the pure path is built.
    let buildFolder: String
    let isInterrupted: () -> Bool

    /// The comparison; nil where the counts were blessed.
    func run() throws -> ExactResult? {
        // Before minutes of counting: a reference that cannot be read.
        let reference = try readReference()
        let measured = try measure()
        guard let reason = options.reason else { return ExactResult(measured: measured, reference: reference) }
        guard let blessed = measured.blessed(for: reason) else { throw Failure.usage("--reason is empty") }
        do {
            try FileManager.default.createDirectory(
                at: URL(fileURLWithPath: options.reference).deletingLastPathComponent(),
                withIntermediateDirectories: true)
            try GateFile.encode(blessed).write(to: URL(fileURLWithPath: options.reference), options: .atomic)
        } catch {
            throw Failure.internalError("\(options.reference): \(error.localizedDescription)")
        }
        try Console.output("\(options.reference) is the reference now (\(blessed.cells.count) cells): \(reason)")
        return nil
    }

    private func readReference() throws -> ExactRecord? {
        guard let data = FileManager.default.contents(atPath: options.reference) else { return nil }
        do throws(ResultsFile.Failure) {
            return try GateFile.exactRecord(from: data, path: options.reference)
        } catch {
            // What is to be replaced need not be readable.
            guard options.bless else { throw Failure.usage("\(error)") }
            return nil
        }
    }

    private func measure() throws -> ExactRecord {
        guard FileManager.default.isExecutableFile(atPath: ExactGate.script) else {
            throw Failure.usage("--tier 0: there is no \(ExactGate.script); run it where the package is")
        }
        let output = NSTemporaryDirectory() + "/rennbahn-tier0-\(ProcessInfo.processInfo.processIdentifier).json"
        defer { try? FileManager.default.removeItem(atPath: output) }
        try ToolRun.run(
            ExactGate.script, ["--rennbahn", executable, "--steady-state", try steadyState(), "--output", output],
            output: .inherit, isInterrupted: isInterrupted)
        guard let data = FileManager.default.contents(atPath: output) else {
            throw Failure.internalError("\(ExactGate.script) wrote nothing")
        }
        do throws(ResultsFile.Failure) {
            return try GateFile.exactRecord(from: data, path: output)
        } catch {
            throw Failure.internalError("\(error)")
        }
    }

    private func steadyState() throws -> String {
        if let path = options.steadyState { return path }
        Console.error("building SteadyState, the pure path")
        let folder = buildFolder + "/benchmarks"
        try ToolRun.run(
            "swift", ["build", "--scratch-path", folder, "--configuration", "release", "--product", "SteadyState"],
            environment: ["RENNBAHN_BENCHMARKS": "1"], isInterrupted: isInterrupted)
        return folder + "/release/SteadyState"
    }
}
