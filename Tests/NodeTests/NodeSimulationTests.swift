import RennbahnNodeSimulation
import Testing

/// `make simulate` runs a thousand seeds and more, optimized.
@Suite("Whole nodes in memory")
struct NodeSimulationTests {
    @Test("nobody who keeps the rules loses anything, and nothing is left of anybody", arguments: 0..<2)
    func seeds(part: UInt64) throws {
        var (events, results) = (0, 0)
        for seed in part * 10..<(part + 1) * 10 {
            let outcome = try NodeSimulation.run(seed: seed)
            #expect(outcome.faults.isEmpty, "seed \(seed)")
            events += outcome.events
            results += outcome.results
        }
        #expect(events > 500 && results > 50, "what nobody hears cannot be wrong: \(events), \(results)")
    }

    @Test("a seed repeats what it did")
    func repeats() throws {
        let (one, again) = (try NodeSimulation.run(seed: 77), try NodeSimulation.run(seed: 77))
        #expect(one.messages == again.messages && one.connections == again.connections)
    }
}
