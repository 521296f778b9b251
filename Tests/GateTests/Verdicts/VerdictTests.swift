import RennbahnMeasurement
import RennbahnTrial
import Testing

@testable import RennbahnGate

/// What intervals become.
struct VerdictTests {
    private func run(
        cells: [String] = ["pubsub"], _ settings: GateSettings = GateSettings(seed: 1),
        _ values: (Block) -> [GateMetric: Double]
    ) -> PairedResult {
        Simulation.run(cells: cells, settings: settings) { .measured(values($0), seconds: 1) }
    }

    private func isCandidate(_ block: Block) -> Bool { block.build == .candidate }

    @Test func `An advisory metric never fails the whole`() {
        let result = run { [.routerCPU: 5, .responseP99: isCandidate($0) ? 2 : 1] }
        #expect(result.verdict == .pass)
        #expect(result.cells[0].metrics.first { $0.metric == .responseP99 }?.verdict == .fail)
        #expect(result.blocks.count == 20)
    }

    @Test func `A figure that only one build has is undecided`() {
        let result = run { isCandidate($0) ? [.routerCPU: 5] : [.routerCPU: 5, .memoryPerConnection: 9] }
        #expect(result.verdict == .undecided)
        #expect(result.cells[0].metrics.first { $0.metric == .memoryPerConnection }?.verdict == .undecided)
        #expect(result.reasons.contains { $0.contains("too few pairs have the figure") })
    }

    @Test func `A cell of which nothing was measured is no pass`() {
        let result = run(cells: ["x", "y"]) { $0.cell == 0 ? [.routerCPU: 5] : [:] }
        #expect(result.verdict == .undecided)
        #expect(result.reasons == ["y: nothing was measured"])
        #expect(run { _ in [.responseP99: 1] }.verdict == .undecided)
    }

    @Test func `Figures of nought are no pairs`() {
        #expect(run { _ in [.routerCPU: 0] }.verdict == .undecided)
    }

    @Test func `The tolerance can be set`() {
        var settings = GateSettings(seed: 1)
        #expect(run(settings) { [.routerCPU: isCandidate($0) ? 5.25 : 5] }.verdict == .fail)
        settings.setTolerance(0.06, of: .routerCPU)
        #expect(run(settings) { [.routerCPU: isCandidate($0) ? 5.25 : 5] }.verdict == .pass)
    }

    @Test func `One byte more per message fails, exactly`() {
        let result = run { [.bytesPerMessage: isCandidate($0) ? 61 : 60] }
        #expect(result.verdict == .fail)
        #expect(result.cells[0].metrics.first { $0.verdict == .fail }?.change?.lower == 61.0 / 60)
    }

    @Test func `A control that shows an effect makes it invalid`() {
        // The machine slows down for good in the middle of each quartet, in turn upwards and downwards.
        let result = run { block in
            let isLate = block.number % 4 >= 2
            let isOdd = block.number / 4 % 2 == 1
            return [.routerCPU: isLate != isOdd ? 5 + 0.001 * Double(block.number % 3) : 6]
        }
        #expect(result.verdict == .invalid)
        #expect(result.reasons.contains { $0.contains("control") })
    }

    @Test func `A machine that is too noisy makes it invalid, not undecided`() {
        var machine = NoisyMachine(seed: 1)
        machine.blockNoise = 0.5
        let result = run { _ in machine.block(cost: 1) }
        #expect(result.verdict == .invalid)
        #expect(result.reasons.contains { $0.contains("too noisy") })
    }

    @Test func `A slowdown that was found twice is told, however noisy another metric is`() {
        var machine = NoisyMachine(seed: 1)
        machine.blockNoise = 0.5
        let result = run { block in
            var figures = machine.block(cost: 1)
            figures[.routerCPU] = (isCandidate(block) ? 5.5 : 5) * (1 + 0.001 * Double(block.number % 3))
            return figures
        }
        #expect(result.verdict == .fail)
        #expect(result.reasons.first?.contains("router CPU") == true)
        #expect(result.reasons.contains { $0.contains("too noisy") })
    }

    @Test func `Of many cells the one that is slower fails, and no other`() {
        let names = (0..<8).map { "cell \($0)" }
        let result = run(cells: names) { block in
            let slow = block.cell == 5 && isCandidate(block) ? 1.1 : 1
            return [.routerCPU: 5 * slow * (1 + 0.002 * Double(block.number * 13 % 7))]
        }
        #expect(result.verdict == .fail)
        let failing = result.cells.filter { $0.metrics.contains { $0.verdict == .fail } }
        #expect(failing.map(\.name) == ["cell 5"])
        #expect(result.cells.map(\.attemptedPairs) == [10, 10, 10, 10, 10, 20, 10, 10])
    }

    @Test func `Exit statuses`() {
        let statuses = GateVerdict.allCases.map(\.exitStatus)
        #expect(statuses == [.good, .regression, .invalid, .invalid, .verificationFailure])
    }

    @Test func `Changes are written with their sign`() {
        #expect(GateText.signed(1.124) == "+12.4")
        #expect(GateText.signed(0.9) == "−10")
        #expect(GateText.signed(1.0041) == "+0.41")
        #expect(GateText.signed(1) == "±0")
        #expect(GateText.signed(0.99999999) == "±0")
        #expect(GateText.percent(0.03) == "3 %")
        #expect(GateText.percent(0.005) == "0.5 %")
        #expect(GateText.percent(.nan) == "– %")
        #expect(GateText.percent(1e300).hasSuffix(" %"))
    }
}
