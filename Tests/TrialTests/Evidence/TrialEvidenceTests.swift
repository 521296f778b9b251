import Testing

@testable import RennbahnTrial

struct TrialEvidenceTests {
    @Test func `Ratios are of turns of the same round, so a drift of the machine falls out`() throws {
        var evidence = TrialEvidence(sides: 2)
        for start in 0..<3 {
            evidence.beginStart()
            for round in 0..<8 {
                // The machine becomes slower by a tenth from round to round.
                let speed = (0..<(round + start)).reduce(1.0) { product, _ in product * 1.1 }
                evidence.takeRound([.sample(cpu: 4 * speed), .sample(cpu: 5 * speed)])
            }
        }
        let ratio = try #require(evidence.ratio(.routerCPU, of: 1))
        #expect((ratio.value - 1.25).magnitude < 1e-9)
        #expect(ratio.turns == 24)
        #expect(ratio.starts == 3)
        #expect(ratio.precision < 0.015)
        let figure = try #require(evidence.figure(.routerCPU, of: 0))
        #expect(figure.precision > 0.1)
        #expect(evidence.roundCount == 24)
    }

    @Test func `A turn that came to nothing drops its partner`() throws {
        var evidence = TrialEvidence(sides: 2)
        for _ in 0..<3 {
            evidence.beginStart()
            for round in 0..<8 { evidence.takeRound([.sample(), round == 0 ? nil : .sample(cpu: 8)]) }
        }
        #expect(evidence.ratio(.routerCPU, of: 1)?.turns == 21)
        #expect(evidence.figure(.routerCPU, of: 0)?.turns == 24)
        #expect(evidence.samples(of: 1).count == 21)
    }

    @Test func `Where half of the rounds are missing nothing is told`() {
        var evidence = TrialEvidence(sides: 2)
        for _ in 0..<3 {
            evidence.beginStart()
            for round in 0..<9 { evidence.takeRound([.sample(), round < 5 ? .sample(wait: 0.2) : .sample()]) }
        }
        #expect(evidence.ratio(.rate, of: 1) == nil)
        #expect(evidence.ratio(.routerCPU, of: 1) != nil)
        #expect(evidence.figure(.rate, of: 0) != nil)
    }

    @Test func `Findings`() {
        func told(_ lower: Double, _ upper: Double) -> Told {
            Told(value: (lower * upper).squareRoot(), lower: lower, upper: upper, turns: 9, starts: 3)
        }
        #expect(Finding(told(0.9, 0.99)) == .less)
        #expect(Finding(told(1.01, 1.1)) == .more)
        #expect(Finding(told(0.99, 1.01)) == .noDifferenceShown)
        #expect((told(1 / 1.02, 1.02).precision - 0.02).magnitude < 1e-12)
    }

    @Test func `A product has the value of both and the intervals of independent errors`() {
        let three = Told(value: 3, lower: 3 / 1.03, upper: 3 * 1.03, turns: 9, starts: 3)
        let four = Told(value: 4, lower: 4 / 1.04, upper: 4 * 1.04, turns: 7, starts: 4)
        let product = three.times(four)
        #expect((product.value - 12).magnitude < 1e-12)
        #expect((product.precision - 0.05).magnitude < 0.001)
        #expect(product.turns == 7)
        #expect(product.starts == 3)
        let scaled = three.scaled(by: 2)
        #expect(scaled.value == 6)
        #expect((scaled.precision - three.precision).magnitude < 1e-12)
    }

    @Test func `More starts are taken until the ratios are narrow, while there is time`() {
        let rule = StoppingRule(fewestStarts: 3, mostStarts: 5)
        func wide(_ starts: Int) -> TrialEvidence {
            var evidence = TrialEvidence(sides: 2)
            for start in 0..<starts {
                evidence.beginStart()
                for _ in 0..<6 { evidence.takeRound([.sample(), .sample(cpu: start.isMultiple(of: 2) ? 4 : 5)]) }
            }
            return evidence
        }
        let narrow = TrialEvidence.even([.sample(), .sample(cpu: 5)])
        #expect(!rule.needsMore(narrow, secondsLeft: 100, secondsPerStart: 3))
        #expect(rule.needsMore(.even([.sample(), .sample()], starts: 2), secondsLeft: 0, secondsPerStart: 3))
        #expect(rule.needsMore(wide(3), secondsLeft: 3, secondsPerStart: 3))
        #expect(!rule.needsMore(wide(3), secondsLeft: 2.9, secondsPerStart: 3))
        #expect(!rule.needsMore(wide(5), secondsLeft: 100, secondsPerStart: 3))
    }

    @Test func `What held the rate back`() {
        func limit(_ samples: TurnSample...) -> Limit? { Limit(samples) }
        #expect(Limit([]) == nil)
        // Of 40 ms: 38 of the router, 8 of the generator.
        #expect(limit(.sample(cpu: 19, generatorCPU: 4)) == .router)
        #expect(limit(.sample(cpu: 4, generatorCPU: 19)) == .generator)
        #expect(limit(.sample(cpu: 4, generatorCPU: 4)) == .latency)
        #expect(limit(.sample(cpu: 19, wait: 0.06)) == .machine)
        #expect(limit(.sample(cpu: 19.5, generatorCPU: 19)) == .router)
        #expect(limit(.sample(cpu: 19), .sample(cpu: 19), .sample(cpu: 19, wait: 0.5)) == .router)
    }
}
