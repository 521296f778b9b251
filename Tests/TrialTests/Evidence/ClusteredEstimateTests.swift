import RennbahnWorkload
import Testing

@testable import RennbahnTrial

struct ClusteredEstimateTests {
    @Test func `Starts that agree leave the least scatter that is believed, with its degrees of freedom`() throws {
        let estimate = try #require(ClusteredEstimate(Array(repeating: [0.1, 0.1, 0.1, 0.1], count: 3)))
        #expect((estimate.mean - 0.1).magnitude < 1e-15)
        #expect((estimate.standardError - 0.005 / 3.0.squareRoot()).magnitude < 1e-15)
        #expect((estimate.degreesOfFreedom - 2).magnitude < 1e-9)
        #expect(estimate.count == 12)
        #expect(estimate.starts == 3)
    }

    @Test func `The scatter of starts is part of the interval, however quiet each was`() throws {
        let estimate = try #require(ClusteredEstimate([-0.02, 0, 0.02].map { Array(repeating: $0, count: 50) }))
        #expect((estimate.standardError - 0.02 / 3.0.squareRoot()).magnitude < 1e-12)
        // Student's t of two degrees of freedom at 97.5 %.
        #expect((estimate.reach() - 4.302_652_73 * estimate.standardError).magnitude < 1e-6)
    }

    @Test func `Noise within starts is divided by what there is of it`() throws {
        let noise = [-0.03, -0.02, -0.01, 0, 0.01, 0.02, 0.03]
        let one = try #require(PairedEstimate(logRatios: noise))
        let estimate = try #require(ClusteredEstimate(Array(repeating: noise, count: 4)))
        let within = one.standardError * one.standardError / 4
        let between = 0.005 * 0.005 / 4
        #expect((estimate.standardError - (within + between).squareRoot()).magnitude < 1e-12)
        #expect(estimate.degreesOfFreedom > 10)
    }

    @Test(arguments: [[], [[0, 0, 0, 0]], [[0, 0, 0, 0], [0, 0, 0]], [[0, 0, 0, 0], [0, 0, 0, Double.nan]]])
    func `What is too little, or no number, is no estimate`(values: [[Double]]) {
        #expect(ClusteredEstimate(values) == nil)
    }

    @Test(arguments: [0, 0.003, 0.005, 0.01])
    func `Intervals of simulated starts hold the truth`(scatter: Double) throws {
        var generator = SeededGenerator(seed: 7)
        func normal() -> Double { (0..<12).reduce(-6) { sum, _ in sum + generator.nextUnit() } }
        var held = 0
        let trials = 1000
        for _ in 0..<trials {
            let values = (0..<3).map { _ in
                let start = scatter * normal()
                return (0..<10).map { _ in 0.3 + start + 0.01 * normal() }
            }
            let estimate = try #require(ClusteredEstimate(values))
            if (estimate.mean - 0.3).magnitude <= estimate.reach() { held += 1 }
        }
        #expect(held >= 900)
        if scatter <= 0.005 { #expect(held >= 940) }
    }
}
