import Testing

@Suite("A simulated router")
struct SimulationTests {
    @Test("keeps every promise under random actions and interleavings", arguments: 0..<8)
    func promises(batch: Int) {
        for seed in 0..<50 {
            let simulation = Simulation(seed: UInt64(batch * 1000 + seed))
            let faults = simulation.run(steps: 600)
            #expect(faults.isEmpty, "\(faults.prefix(3).joined(separator: "; "))")
            if !faults.isEmpty { return }
        }
    }
}
