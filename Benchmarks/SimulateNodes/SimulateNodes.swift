import Glibc
import RennbahnNodeSimulation
import RennbahnReactor

/// Whole nodes in memory, from so many seeds: `SimulateNodes [COUNT [FIRST]]`. Tells each seed with a fault and what it was, and
/// fails if there is one; a seed alone repeats what it did.
@main
enum SimulateNodes {
    static func main() throws {
        let numbers = CommandLine.arguments.dropFirst().compactMap { UInt64($0) }
        guard numbers.count == CommandLine.arguments.count - 1, numbers.count <= 2 else {
            print("usage: SimulateNodes [COUNT [FIRST]]")
            exit(64)
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
