import Testing

@testable import RennbahnGate

/// The rules by themselves, on evidence that is made up.
struct JudgeTests {
    private let judge = Judge(settings: GateSettings(seed: 1))
    private let cpu = Judge.Question(cell: 0, metric: .routerCPU)
    private let p99 = Judge.Question(cell: 0, metric: .responseP99)

    /// - Parameter costs: of each metric the candidate's cost, where the base's is 1; no two pairs are quite the same.
    private func evidence(pairs: Int, _ costs: [GateMetric: Double]) -> Evidence {
        var evidence = Evidence()
        for number in 0..<pairs / 2 {
            let quartet = Quartet(number: 4 * number, cell: 0, first: .base, isConfirmation: false)
            let outcomes = quartet.blocks.enumerated().map { place, block in
                let noise = Double((2 * number + place / 2) % 5 - 2) / 100
                return BlockOutcome.measured(
                    turns: costs.mapValues { [block.build == .candidate ? $0 * (1 + noise) : 1] }, seconds: 1)
            }
            evidence.take(Quartet.Outcome(quartet, outcomes))
        }
        return evidence
    }

    @Test func `An advisory metric changes nothing of what is said of another`() {
        var verdicts: Set<String> = []
        for step in 0..<100 {
            let evidence = [evidence(pairs: 10, [.routerCPU: 1.02 + 0.0005 * Double(step), .responseP99: 1])]
            let alone = judge.verdicts(on: [cpu], from: evidence, isLast: true)[cpu]
            #expect(judge.verdicts(on: [cpu, p99], from: evidence, isLast: true)[cpu] == alone, "step \(step)")
            verdicts.insert("\(String(describing: alone))")
        }
        #expect(verdicts.count > 1)
    }

    @Test func `A failure is confirmed where the fresh pairs are worse, too, however clear all are together`() {
        let all = [evidence(pairs: 20, [.routerCPU: 1.2])]
        func confirmed(_ fresh: Double) -> Set<Judge.Question> {
            judge.confirmed([cpu], fresh: [evidence(pairs: 10, [.routerCPU: fresh])], all: all, isLast: true)
        }
        #expect(confirmed(1) == [])
        #expect(confirmed(1.1) == [cpu])
        let clear = evidence(pairs: 10, [.routerCPU: 1.1])
        let within = [evidence(pairs: 20, [.routerCPU: 1.02])]
        #expect(judge.confirmed([cpu], fresh: [clear], all: within, isLast: true) == [])
    }
}
