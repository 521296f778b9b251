import RennbahnMeasurement
import RennbahnTrial
import Testing

@testable import RennbahnGate

/// The order of blocks, and what follows from their outcomes.
struct PlanTests {
    /// A quiet machine: hardly any noise, so that everything is decided at the first look.
    private func figures(_ block: Block, cost: Double = 1) -> [GateMetric: Double] {
        let factor = (block.build == .candidate ? cost : 1) * (1 + 0.001 * Double(block.number * 7 % 5))
        return [.routerCPU: 5 * factor, .throughput: 1e5 / factor, .bytesPerMessage: 60]
    }

    private func measured(_ block: Block, cost: Double = 1) -> BlockOutcome {
        .measured(figures(block, cost: cost), seconds: 2)
    }

    private func builds(_ result: PairedResult) -> [String] {
        let letters = result.blocks.map { $0.build == .base ? "A" : "B" }
        return stride(from: 0, to: letters.count, by: 4).map { letters[$0..<min($0 + 4, letters.count)].joined() }
    }

    @Test func `Blocks come as ABBA or BAAB, by the seed`() {
        let one = Simulation.run(settings: GateSettings(seed: 1)) { measured($0) }
        let again = Simulation.run(settings: GateSettings(seed: 1)) { measured($0) }
        let other = Simulation.run(settings: GateSettings(seed: 2)) { measured($0) }
        #expect(Set(builds(one)) == ["ABBA", "BAAB"])
        #expect(builds(one) == builds(again))
        #expect(builds(one) != builds(other))
    }

    @Test func `A quiet machine and identical builds pass with ten pairs of each cell, in turn`() {
        let result = Simulation.run(cells: ["x", "y"], settings: GateSettings(seed: 1)) { measured($0) }
        #expect(result.verdict == .pass)
        #expect(result.reasons.isEmpty)
        #expect(result.cells.map(\.attemptedPairs) == [10, 10])
        #expect(result.blocks.count == 4 * 2 * GateSettings(seed: 1).fewestQuartets)
        let quartets = stride(from: 0, to: 40, by: 4).map { result.blocks[$0].cell }
        #expect(quartets == ["x", "y", "x", "y", "x", "y", "x", "y", "x", "y"])
        #expect(result.blocks.map(\.number) == Array(0..<40))
    }

    @Test func `A slowdown fails after a confirmation with as many fresh pairs, and names the metrics`() throws {
        let result = Simulation.run(settings: GateSettings(seed: 1)) { measured($0, cost: 1.1) }
        #expect(result.verdict == .fail)
        #expect(result.blocks.count == 40)
        #expect(
            result.blocks.map(\.isConfirmation) == Array(repeating: false, count: 20)
                + Array(repeating: true, count: 20))
        let metrics = result.cells[0].metrics
        #expect(metrics.filter { $0.verdict == .fail }.map(\.metric) == [.routerCPU, .throughput])
        #expect(metrics.first { $0.metric == .bytesPerMessage }?.verdict == .pass)
        #expect(metrics.first { $0.metric == .responseP50 }?.verdict == .notMeasured)
        let cpu = try #require(metrics.first?.change)
        #expect((cpu.ratio - 1.1).magnitude < 0.002 && cpu.lower > 1.09 && cpu.upper < 1.11 && cpu.pairs == 20)
        #expect(metrics.first?.confirmation?.pairs == 10)
        let throughput = try #require(metrics.first { $0.metric == .throughput }?.change)
        #expect((throughput.ratio - 1 / 1.1).magnitude < 0.002 && throughput.lower <= throughput.ratio)
        #expect(result.reasons.count == 2)
        #expect(result.reasons.allSatisfy { $0.contains("measured twice") })
    }

    @Test func `A slowdown that is gone the second time does not fail`() {
        let result = Simulation.run(settings: GateSettings(seed: 1)) {
            measured($0, cost: $0.isConfirmation ? 1 : 1.1)
        }
        #expect(result.verdict == .undecided || result.verdict == .pass)
        #expect(result.cells[0].metrics.allSatisfy { $0.verdict != .fail })
        #expect(result.cells[0].metrics[0].confirmation != nil)
    }

    @Test func `A faster build passes and is called better`() {
        let result = Simulation.run(settings: GateSettings(seed: 1)) { measured($0, cost: 0.8) }
        #expect(result.verdict == .pass)
        #expect(result.cells[0].metrics.filter(\.isBetter).map(\.metric) == [.routerCPU, .throughput])
        #expect(result.blocks.count == 20)
    }

    @Test func `An invalid block drops its partner, and another quartet makes up for it`() {
        let result = Simulation.run(settings: GateSettings(seed: 1)) { block in
            block.number == 4 || block.number == 9 ? .invalid(reason: "stolen", seconds: 1) : measured(block)
        }
        #expect(result.cells[0].droppedPairs == 2)
        #expect(result.cells[0].attemptedPairs == 12)
        #expect(result.cells[0].metrics[0].change?.pairs == 10)
        #expect(result.verdict == .pass)
        #expect(result.blocks[4].invalid == "stolen")
        #expect(result.blocks[4].turns == nil)
        #expect(result.blocks.count == 24)
    }

    @Test func `A pair's ratio is the middle of its turns', those left out that have no figure`() throws {
        // Of ten turns one meets a burst, and one has no figure.
        let result = Simulation.run(settings: GateSettings(seed: 1)) { block in
            var turns: [Double?] = Array(repeating: block.build == .candidate ? 5.05 : 5, count: 10)
            if block.build == .candidate {
                turns[block.number % 10] = 9
                turns[(block.number + 3) % 10] = nil
            }
            return .measured(turns: [.routerCPU: turns], seconds: 2)
        }
        let kept = try #require(result.blocks.first { $0.build == .candidate })
        #expect(kept.turns?[.routerCPU]?.count { $0 == nil } == 1)
        let metric = try #require(result.cells[0].metrics.first)
        #expect(metric.ratios.count == 10)
        #expect(metric.ratios.allSatisfy { ($0 - 1.01).magnitude < 1e-9 })
        #expect(metric.verdict == .pass)
    }

    @Test func `Many dropped pairs make the comparison invalid, and it ends`() {
        let result = Simulation.run(settings: GateSettings(seed: 1)) { block in
            block.number.isMultiple(of: 4) ? .invalid(reason: "stolen", seconds: 1) : measured(block, cost: 1.5)
        }
        #expect(result.verdict == .invalid)
        #expect(result.reasons[0].contains("pairs were dropped"))
        #expect(result.blocks.count <= 20)
    }

    @Test func `Nothing but invalid blocks ends, too`() {
        let result = Simulation.run(settings: GateSettings(seed: 1)) { _ in .invalid(reason: "no", seconds: 1) }
        #expect(result.verdict == .invalid)
        #expect(result.blocks.count == 20)
    }

    @Test func `Lost messages end it at once, whatever the speed`() {
        let result = Simulation.run(settings: GateSettings(seed: 1)) { block in
            block.number == 3 ? .verificationFailed(reason: "3 lost") : measured(block)
        }
        #expect(result.verdict == .verificationFailed)
        #expect(result.verdict.exitStatus == .verificationFailure)
        #expect(result.blocks.count == 4)
        #expect(result.reasons[0].contains("3 lost"))
    }

    /// What such a router leaves out costs it nothing: the faster it looks, the less of its work it may have done.
    @Test func `Receivers that a router left behind end it at once, invalid, with the reason`() {
        for number in 0..<4 {
            let result = Simulation.run(settings: GateSettings(seed: 1)) { block in
                block.number == number ? .receiversLeftBehind(reason: "2 times") : measured(block, cost: 1.5)
            }
            #expect(result.verdict == .invalid && result.verdict.exitStatus == .invalid)
            #expect(result.blocks.count == 4 && result.blocks[number].invalid == "2 times")
            #expect(result.reasons.first == "pubsub, \(result.blocks[number].build): 2 times")
        }
    }

    @Test func `Receivers that are left behind late end it, too, and lost messages are worse`() {
        let late = Simulation.run(settings: GateSettings(seed: 1)) { block in
            block.number == 30 ? .receiversLeftBehind(reason: "once") : measured(block, cost: 1.1)
        }
        #expect(late.verdict == .invalid && late.blocks.count == 32 && late.reasons[0].hasSuffix("once"))
        let both = Simulation.run(settings: GateSettings(seed: 1)) { block in
            block.number == 0
                ? .receiversLeftBehind(reason: "once")
                : block.number == 1 ? .verificationFailed(reason: "3 lost") : measured(block)
        }
        #expect(both.verdict == .verificationFailed && both.reasons.prefix(2).map { $0.suffix(4) } == ["lost", "once"])
    }

    /// Ratios that lie on both sides of the tolerance, however many there are.
    private func wavering(_ block: Block) -> BlockOutcome {
        let candidate = block.number / 4 % 2 == 0 ? 5.5 : 4.85
        return .measured([.routerCPU: block.build == .candidate ? candidate : 5], seconds: 2)
    }

    @Test func `Only the undecided cell gets more pairs, up to the most`() {
        let result = Simulation.run(cells: ["wavering", "quiet", "quiet, too"], settings: GateSettings(seed: 1)) {
            $0.cell == 0 ? wavering($0) : measured($0)
        }
        #expect(result.cells.map(\.attemptedPairs) == [30, 10, 10])
        #expect(result.verdict == .undecided)
        #expect(result.cells[1].metrics[0].verdict == .pass)
    }

    @Test func `Nothing is started that does not fit the budget, but the fewest pairs are`() {
        var settings = GateSettings(seed: 1)
        func blocks(budget: Double?) -> Int {
            settings.budget = budget
            return Simulation.run(settings: settings, wavering).blocks.count
        }
        #expect(blocks(budget: nil) == 60)
        #expect(blocks(budget: 1) == 20)
        // 28 blocks and 20 for a confirmation are 96 seconds.
        #expect(blocks(budget: 96) == 28)
        #expect(blocks(budget: 95) == 20)
    }

    @Test func `Ended early it is undecided`() {
        var plan = GatePlan(cells: ["x"], settings: GateSettings(seed: 1))
        guard case .run(let quartet) = plan.start() else { return #expect(Bool(false)) }
        _ = plan.quartetFinished(quartet.blocks.map { measured($0) })
        #expect(plan.progress == (done: 4, expected: 20))
        #expect(plan.stop().verdict == .undecided)
    }
}
