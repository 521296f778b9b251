import Testing

@testable import RennbahnTrial

struct TrialEvidenceTests {
    @Test func `Ratios are of turns of the same round, so a drift of the machine falls out`() throws {
        var evidence = TrialEvidence(sides: 2)
        for start in 0..<3 {
            evidence.beginStart()
            for round in 0..<8 {
                // The machine becomes slower by half a hundredth from round to round, and by three from start to start.
                let speed = (0..<(round + 6 * start)).reduce(1.0) { product, _ in product * 1.005 }
                evidence.takeRound([.sample(cpu: 4 * speed), .sample(cpu: 5 * speed)], of: [0, 1])
            }
        }
        let ratio = try #require(evidence.ratio(.routerCPU, of: 1))
        #expect((ratio.value - 1.25).magnitude < 1e-9)
        #expect(ratio.turns == 24)
        #expect(ratio.starts == 3)
        #expect(ratio.precision < 0.015)
        let figure = try #require(evidence.figure(.routerCPU, of: 0))
        #expect(figure.precision > 0.06)
        #expect(evidence.roundCount == 24)
    }

    @Test func `A ratio is to the mean of the baseline and its twin, and to one of them where the other has no turn`()
        throws
    {
        var evidence = TrialEvidence(sides: 3, twin: 1)
        for _ in 0..<3 {
            evidence.beginStart()
            for _ in 0..<8 { evidence.takeRound([.sample(cpu: 4), .sample(cpu: 9), .sample(cpu: 12)], of: [0, 1, 2]) }
        }
        #expect((try #require(evidence.ratio(.routerCPU, of: 2)).value - 2).magnitude < 1e-9)
        #expect((try #require(evidence.ratio(.routerCPU, of: 1)).value - 2.25).magnitude < 1e-9)
        #expect((try #require(evidence.ratio(.routerCPU, of: 2, to: 0)).value - 3).magnitude < 1e-9)
        var halved = TrialEvidence(sides: 3, twin: 1)
        for _ in 0..<3 {
            halved.beginStart()
            for _ in 0..<8 { halved.takeRound([nil, .sample(cpu: 6), .sample(cpu: 12)], of: [0, 1, 2]) }
        }
        #expect((try #require(halved.ratio(.routerCPU, of: 2)).value - 2).magnitude < 1e-9)
        #expect(halved.ratio(.routerCPU, of: 1) == nil)
    }

    @Test func `A turn that came to nothing drops its partner`() throws {
        var evidence = TrialEvidence(sides: 2)
        for _ in 0..<3 {
            evidence.beginStart()
            for round in 0..<8 { evidence.takeRound([.sample(), round == 0 ? nil : .sample(cpu: 8)], of: [0, 1]) }
        }
        #expect(evidence.ratio(.routerCPU, of: 1)?.turns == 21)
        #expect(evidence.figure(.routerCPU, of: 0)?.turns == 24)
        #expect(evidence.samples(of: 1).count == 21)
    }

    @Test func `Where half of the rounds are missing nothing is told`() {
        var evidence = TrialEvidence(sides: 2)
        for _ in 0..<3 {
            evidence.beginStart()
            for round in 0..<9 {
                evidence.takeRound([.sample(), round < 5 ? .sample(wait: 0.2) : .sample()], of: [0, 1])
            }
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

    @Test func `Of what costs most a whole holds fewest`() {
        let told = Told(value: 4, lower: 2, upper: 5, turns: 9, starts: 3).fitting(20)
        #expect(told == Told(value: 5, lower: 4, upper: 10, turns: 9, starts: 3))
    }

    @Test func `Where a side's own figure is asked for it has to be narrow, too`() {
        let rule = StoppingRule()
        var evidence = TrialEvidence(sides: 1)
        for cpu in [4.0, 5, 6] {
            evidence.beginStart()
            for _ in 0..<6 { evidence.takeRound([.sample(cpu: cpu)], of: [0]) }
        }
        #expect(rule.areFiguresCoarse(evidence) && !rule.isCoarse(evidence, floor: nil, hasRates: true))
        #expect(!rule.areFiguresCoarse(.even([.sample(), .sample(cpu: 5)])))
    }

    @Test func `More starts are taken until the ratios are narrow, while there is time`() {
        let rule = StoppingRule(fewestStarts: 3, mostStarts: 5)
        func wide(_ starts: Int) -> TrialEvidence {
            var evidence = TrialEvidence(sides: 2)
            for start in 0..<starts {
                evidence.beginStart()
                for _ in 0..<6 {
                    evidence.takeRound([.sample(), .sample(cpu: start.isMultiple(of: 2) ? 4 : 5)], of: [0, 1])
                }
            }
            return evidence
        }
        func isCoarse(_ evidence: TrialEvidence, floor: Int? = nil, hasRates: Bool = true) -> Bool {
            rule.isCoarse(evidence, floor: floor, hasRates: hasRates)
        }
        #expect(!isCoarse(.even([.sample(), .sample(cpu: 5)])))
        #expect(isCoarse(wide(3)))
        func needsMore(_ starts: Int, _ secondsLeft: Double, _ isCoarse: Bool = true) -> Bool {
            rule.needsMore(starts: starts, secondsLeft: secondsLeft, secondsPerStart: 3, isCoarse: isCoarse)
        }
        #expect(needsMore(2, 0, false))
        #expect(needsMore(3, 3) && !needsMore(3, 3, false))
        #expect(!needsMore(3, 2.9))
        #expect(!needsMore(5, 100))
    }

    @Test func `A rate is asked of who has one as a figure: not of a floor, and not in an open loop`() {
        let rule = StoppingRule()
        var evidence = TrialEvidence(sides: 2)
        for start in 0..<3 {
            evidence.beginStart()
            let uneven = TurnSample.sample(messages: start.isMultiple(of: 2) ? 1000 : 1200)
            for _ in 0..<6 { evidence.takeRound([.sample(), uneven], of: [0, 1]) }
        }
        #expect(rule.isCoarse(evidence, floor: nil, hasRates: true))
        #expect(!rule.isCoarse(evidence, floor: 1, hasRates: true))
        #expect(!rule.isCoarse(evidence, floor: nil, hasRates: false))
    }

    @Test func `Sides of different heats have ratios to what runs in both, and none to each other`() throws {
        var evidence = TrialEvidence(sides: 3)
        for _ in 0..<3 {
            evidence.beginStart()
            for _ in 0..<5 { evidence.takeRound([.sample(cpu: 4), .sample(cpu: 5)], of: [0, 1]) }
            for _ in 0..<4 { evidence.takeRound([.sample(cpu: 6), .sample(cpu: 4)], of: [2, 0]) }
        }
        let (first, second) = (
            try #require(evidence.ratio(.routerCPU, of: 1)), try #require(evidence.ratio(.routerCPU, of: 2))
        )
        #expect((first.value - 1.25).magnitude < 1e-9 && first.turns == 15)
        #expect((second.value - 1.5).magnitude < 1e-9 && second.turns == 12)
        #expect(evidence.ratio(.routerCPU, of: 1, to: 2) == nil)
        #expect(evidence.figure(.routerCPU, of: 0)?.turns == 27)
        #expect(evidence.figure(.routerCPU, of: 2)?.turns == 12)
        #expect(evidence.samples(of: 2).count == 12 && evidence.roundCount == 27)
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
        // Of two shards: what fills one core is half of them, and so is what they wait, each a little.
        #expect(limit(.sample(cpu: 19, routerCores: 2)) == .latency)
        #expect(limit(.sample(cpu: 38, routerCores: 2)) == .router)
        #expect(limit(.sample(cpu: 38, wait: 0.08, routerCores: 2)) == .router)
        #expect(limit(.sample(cpu: 38, wait: 0.12, routerCores: 2)) == .machine)
    }
}
