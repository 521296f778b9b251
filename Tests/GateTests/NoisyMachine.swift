import Foundation
import RennbahnTrial
import RennbahnWorkload

@testable import RennbahnGate

/// A shared machine, simulated: one step a block, all randomness from the seed.
///
/// Its slowness is a product of what was seen on such machines: a slow drift of tens of percent, noise with memory, noise
/// of each block with heavy tails, and bursts in which a neighbour takes a good part of the CPU for some blocks.
struct NoisyMachine {
    /// Spread of the noise of one block.
    var blockNoise = 0.025
    var burstsPerBlock = 0.05
    private var generator: SeededGenerator
    private var step = 0.0
    private let period: Double
    private let phase: Double
    private var walk = 0.0
    private var memory = 0.0
    private var burst = 0.0
    private var burstLeft = 0

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
        period = 40 + 160 * generator.nextUnit()
        phase = 2 * Double.pi * generator.nextUnit()
    }

    /// Standard normal, by Box and Muller.
    private mutating func normal() -> Double {
        (-2 * log(generator.nextUnit())).squareRoot() * cos(2 * Double.pi * generator.nextUnit())
    }

    /// Student's t with three degrees of freedom, scaled to unit variance.
    private mutating func heavyTailed() -> Double {
        let normals = (normal(), normal(), normal())
        let square = (normals.0 * normals.0 + normals.1 * normals.1 + normals.2 * normals.2) / 3
        return normal() / square.squareRoot() / 3.0.squareRoot()
    }

    /// The logarithm of how much slower than usual the machine is during the next block.
    mutating func nextSlowness() -> Double {
        step += 1
        walk += 0.01 * normal()
        memory = 0.7 * memory + 0.02 * normal()
        if burstLeft > 0 {
            burstLeft -= 1
        } else if generator.nextUnit() < burstsPerBlock {
            burst = 0.15 + 0.45 * generator.nextUnit()
            burstLeft = Int.random(in: 0...3, using: &generator)
        } else {
            burst = 0
        }
        let drift = 0.25 * sin(2 * Double.pi * step / period + phase)
        return drift + walk + memory + blockNoise * heavyTailed() + log1p(burst)
    }

    /// The figures of a block of a build that costs `cost` times what the base costs.
    mutating func block(cost: Double) -> [GateMetric: Double] {
        let slowness = nextSlowness()
        func noisy(_ value: Double, _ spread: Double) -> Double { value * exp(spread * normal()) }
        return [
            .routerCPU: noisy(4.8 * cost * exp(slowness), 0.005),
            .throughput: noisy(200_000 / cost * exp(-slowness), 0.01),
            .responseP50: noisy(0.5e6 * cost * exp(slowness), 0.02),
            .responseP99: noisy(2e6 * cost * exp(1.5 * slowness), 0.2),
            .bytesPerMessage: 61,
            .memoryPerConnection: noisy(10_000, 0.002),
        ]
    }
}

/// Runs a plan against a simulated machine.
enum Simulation {
    static func run(
        seed: UInt64, cost: Double, cells: [String] = ["pubsub"], settings: GateSettings? = nil,
        machine: NoisyMachine? = nil
    ) -> PairedResult {
        var machine = machine ?? NoisyMachine(seed: seed &* 7919 &+ 1)
        return run(cells: cells, settings: settings ?? GateSettings(seed: seed)) { block in
            .measured(machine.block(cost: block.build == .base ? 1 : cost), seconds: 2.5)
        }
    }

    static func run(
        cells: [String] = ["pubsub"], settings: GateSettings, _ measure: (Block) -> BlockOutcome
    ) -> PairedResult {
        var plan = GatePlan(cells: cells, settings: settings)
        var action = plan.start()
        while true {
            switch action {
            case .run(let quartet): action = plan.quartetFinished(quartet.blocks.map(measure))
            case .finish(let result): return result
            }
        }
    }
}

extension BlockOutcome {
    /// Of a block that has one turn.
    static func measured(_ figures: [GateMetric: Double], seconds: Double) -> BlockOutcome {
        .measured(turns: figures.mapValues { [$0] }, seconds: seconds)
    }
}
