import Foundation
import RennbahnNodeSimulation

/// Tells what came of runs, and keeps it.
enum SiegeReport {
    private struct Document: Encodable {
        var schema = "rennbahn-simulation/1"
        var date: String
        var commit: String
        var firstSeed: UInt64
        var seeds: Int
        var ticks: Int
        var steps: UInt64
        var seconds: Double
        var threads: Int
        var simulatedSeconds: Double
        var bystanderMessages: Int
        var longestSilenceMilliseconds: Double
        var digest: String
        var faultsInjected: [String: Int]
        var endings: [String: [String: Int]]
        var faults: [String: [String]]
    }

    /// Also where nobody sits at a terminal, at once.
    static func say(_ text: String) {
        print(text)
        fflush(nil)
    }

    static func tell(_ outcome: Siege.Outcome, ticks: Int) {
        say(
            """
            seed \(outcome.seed): \(outcome.steps) steps, digest \(String(outcome.digest, radix: 16)), longest silence \
            \(outcome.longestSilence / 1_000_000) ms; make simulate SEED=\(outcome.seed) TICKS=\(ticks) repeats it
            """)
        for fault in outcome.faults { say("    \(fault)") }
    }

    static func tell(_ tally: SiegeTally) {
        say(
            """
            \(tally.seeds.count) seeds, \(tally.steps) steps in \(Int(tally.seconds)) s, \(tally.messages) messages of bystanders, \
            longest silence \(tally.longestSilence / 1_000_000) ms, digest \(String(tally.digest, radix: 16)): \
            \(tally.faults.count) with faults
            """)
        for (attack, endings) in tally.endings.sorted(by: { $0.key < $1.key }) {
            let words = endings.sorted { $0.key < $1.key }.map { "\($0.value) × \($0.key)" }
            say("    \(attack): \(words.joined(separator: ", "))")
        }
    }

    static func write(_ tally: SiegeTally, commit: String, in folder: String) throws {
        let now = Date()
        let document = Document(
            date: ISO8601DateFormatter().string(from: now), commit: commit, firstSeed: tally.seeds.min() ?? 0,
            seeds: tally.seeds.count, ticks: tally.ticks, steps: tally.steps, seconds: tally.seconds,
            threads: tally.threads, simulatedSeconds: Double(tally.duration) / 1e9, bystanderMessages: tally.messages,
            longestSilenceMilliseconds: Double(tally.longestSilence) / 1e6,
            digest: String(tally.digest, radix: 16), faultsInjected: tally.faultsInjected, endings: tally.endings,
            faults: Dictionary(uniqueKeysWithValues: tally.faults.map { ("\($0.key)", $0.value) }))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let place = URL(fileURLWithPath: folder)
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        let name = document.date.replacing(":", with: "") + ".json"
        try (encoder.encode(document) + Data("\n".utf8)).write(to: place.appendingPathComponent(name))
        say("written to \(folder)/\(name)")
    }
}
