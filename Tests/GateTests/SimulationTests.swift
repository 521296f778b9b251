import RennbahnTrial
import Testing

@testable import RennbahnGate

/// Whether the gate can be trusted: its rates on machines as noisy as those that it is made for.
struct SimulationTests {
    private struct Rates {
        var counts: [GateVerdict: Int] = [:]
        var blocks = 0
        let runs: Int

        init(cost: Double, seeds: Range<UInt64>, cells: [String] = ["pubsub"]) {
            runs = seeds.count
            for seed in seeds {
                let result = Simulation.run(seed: seed, cost: cost, cells: cells)
                counts[result.verdict, default: 0] += 1
                blocks += result.blocks.count
            }
        }

        func share(_ verdict: GateVerdict) -> Double { Double(counts[verdict] ?? 0) / Double(runs) }

        var text: String {
            let parts = GateVerdict.allCases.compactMap { verdict in
                counts[verdict].map { "\(verdict.rawValue) \($0)" }
            }
            return "\(parts.joined(separator: ", ")) of \(runs), \(blocks / runs) blocks each"
        }
    }

    @Test func `Identical builds raise at most one false alarm in fifty`() {
        let rates = Rates(cost: 1, seeds: 0..<200)
        print("burn 0:", rates.text)
        #expect(rates.share(.fail) <= 1.0 / 50)
        #expect(rates.share(.pass) >= 0.5)
    }

    @Test func `A slowdown of ten percent is found nineteen times of twenty`() {
        let rates = Rates(cost: 1.1, seeds: 1000..<1100)
        print("burn 10:", rates.text)
        #expect(rates.share(.fail) >= 19.0 / 20)
        #expect(rates.share(.pass) == 0)
    }
}
