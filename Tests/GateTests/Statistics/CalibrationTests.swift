import RennbahnTrial
import Testing

@testable import RennbahnGate

struct CalibrationTests {
    private func calibration(blockNoise: Double, bursts: Double = 0) -> Calibration {
        var machine = NoisyMachine(seed: 11)
        machine.blockNoise = blockNoise
        machine.burstsPerBlock = bursts
        var settings = GateSettings(seed: 1)
        settings.minimumPairs = 60
        return Calibration(Simulation.run(seed: 1, cost: 1, settings: settings, machine: machine))
    }

    @Test func `Each measured metric has its noise, and more pairs show smaller changes`() throws {
        let rows = calibration(blockNoise: 0.025).rows
        #expect(rows.map(\.metric) == GateMetric.allCases)
        for row in rows where row.metric.isTimed {
            #expect(row.deviation > 0.01)
            #expect(row.detectable.map(\.pairs) == [10, 20, 30])
            #expect(row.detectable[0].change > row.detectable[1].change)
            #expect(row.detectable[2].change > row.tolerance)
        }
        #expect(rows.first { $0.metric == .bytesPerMessage }?.deviation == 0)
    }

    @Test func `A build against itself raises hardly any alarm`() {
        for row in calibration(blockNoise: 0.025, bursts: 0.05).rows {
            #expect(row.falseAlarms.trials == 2 * 51)
            #expect(row.falseAlarms.rate <= 0.05, "\(row.metric)")
        }
    }

    @Test func `A noisier machine needs more pairs, and one that is too noisy cannot have enough`() throws {
        let quiet = try #require(calibration(blockNoise: 0.005).suggestedPairs)
        let noisy = try #require(calibration(blockNoise: 0.1).suggestedPairs)
        #expect(quiet < noisy)
        #expect(quiet >= 10)
        #expect(calibration(blockNoise: 0.6).suggestedPairs == nil)
    }
}
