import Foundation
import RennbahnNodeSimulation
import RennbahnReactor

/// Whole nodes in memory. `SimulateNodes [COUNT [FIRST]]` plays those who keep the rules, and then attackers beside bystanders for a
/// moment. With one of these in the environment, it plays attackers beside bystanders only:
///
/// * `SEED`: one run again, of `TICKS` steps of time;
/// * `HOURS`, `STEPS`: from new seeds, or those from `FIRST_SEED`, until so much time is over or so many inputs to connections are
///   done, on all processors. `RESULTS` is the folder that the result is written to.
///
/// Tells each seed with a fault and what it was, and fails if there is one.
@main
enum SimulateNodes {
    private static let defaultTicks = 20_000

    static func main() throws {
        let environment = ProcessInfo.processInfo.environment
        func number<Value: LosslessStringConvertible>(_ name: String) -> Value? {
            guard let text = environment[name], !text.isEmpty else { return nil }
            guard let value = Value(text) else { fail("\(name) is no number: \(text)") }
            return value
        }
        let ticks = number("TICKS") ?? defaultTicks
        if let seed: UInt64 = number("SEED") {
            let outcome = try Siege.run(seed: seed, ticks: ticks)
            SiegeReport.tell(outcome, ticks: ticks)
            if !outcome.faults.isEmpty { exit(EXIT_FAILURE) }
        } else if environment["HOURS"]?.isEmpty == false || environment["STEPS"]?.isEmpty == false {
            let first = number("FIRST_SEED") ?? UInt64.random(in: 1...UInt64(UInt32.max)) << 16
            let hours: Double = number("HOURS") ?? 1000
            let steps: UInt64 = number("STEPS") ?? .max
            let run = SiegeRun(first: first, ticks: ticks, nanoseconds: UInt64(hours * 3600e9), steps: steps)
            let result = try run.play()
            if let folder = environment["RESULTS"], !folder.isEmpty {
                try SiegeReport.write(result, commit: environment["COMMIT"] ?? "", in: folder)
            }
            if result.hasFaults { exit(EXIT_FAILURE) }
        } else {
            try playRuleKeepers()
            let run = SiegeRun(first: .random(in: 1...1 << 40), ticks: 2000, nanoseconds: .max, steps: 2_000_000)
            if try run.play().hasFaults { exit(EXIT_FAILURE) }
        }
    }

    private static func fail(_ text: String) -> Never {
        print(text)
        exit(64)
    }

    private static func playRuleKeepers() throws {
        let numbers = CommandLine.arguments.dropFirst().compactMap { UInt64($0) }
        guard numbers.count == CommandLine.arguments.count - 1, numbers.count <= 2 else {
            fail("usage: SimulateNodes [COUNT [FIRST]]")
        }
        let (count, first) = (numbers.first ?? 1000, numbers.last.flatMap { numbers.count == 2 ? $0 : nil } ?? 1)
        let start = MonotonicClock.now()
        var (bad, messages, events, results, connections) = (0, 0, 0, 0, 0)
        for seed in first..<first + count {
            let outcome = try NodeSimulation.run(seed: seed)
            messages += outcome.messages
            events += outcome.events
            results += outcome.results
            connections += outcome.connections
            guard !outcome.faults.isEmpty else { continue }
            bad += 1
            print("seed \(seed), \(outcome.shards) shards:")
            for fault in outcome.faults.prefix(5) { print("    \(fault)") }
        }
        let seconds = Double(MonotonicClock.now() - start) / 1e9
        print(
            """
            \(count) seeds, \(connections) connections, \(messages) messages received, \(events) of them events and \(results) results: \
            \(bad) with faults; \
            \(Int(Double(count) / seconds)) seeds a second
            """)
        if bad > 0 { exit(EXIT_FAILURE) }
    }
}
