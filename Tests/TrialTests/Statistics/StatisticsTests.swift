import Testing

@testable import RennbahnTrial

/// Against SciPy's values; see scripts/scipy-values.
struct StatisticsTests {
    private func agree(_ value: Double, _ reference: Double, within relative: Double = 1e-10) -> Bool {
        (value - reference).magnitude <= relative * max(reference.magnitude, 1e-12)
    }

    @Test func `The logarithm of the gamma function`() {
        for (x, value) in SciPyValues.logGamma {
            #expect((SpecialFunctions.logGamma(x) - value).magnitude <= 1e-13 * max(1, value.magnitude), "x = \(x)")
        }
    }

    @Test func `The incomplete beta function, also in its tails`() {
        for (x, a, b, value) in SciPyValues.regularizedBeta {
            #expect(agree(SpecialFunctions.regularizedBeta(x, a, b), value), "I(\(x); \(a), \(b))")
        }
        #expect(SpecialFunctions.regularizedBeta(0, 2, 3) == 0)
        #expect(SpecialFunctions.regularizedBeta(1, 2, 3) == 1)
    }

    @Test func `Student's t, far into its tails`() {
        for (degrees, t, value) in SciPyValues.survival {
            let distribution = StudentT(degreesOfFreedom: degrees)
            #expect(agree(distribution.survival(t), value), "\(degrees) degrees, t = \(t)")
            #expect(agree(distribution.cumulative(-t), value), "\(degrees) degrees, t = \(t)")
        }
        #expect(StudentT(degreesOfFreedom: 3).survival(.infinity) == 0)
        #expect(StudentT(degreesOfFreedom: 3).survival(-.infinity) == 1)
    }

    @Test func `Quantiles of Student's t`() {
        for (degrees, probability, value) in SciPyValues.quantile {
            let quantile = StudentT(degreesOfFreedom: degrees).quantile(probability)
            #expect(agree(quantile, value), "\(degrees) degrees, \(probability): \(quantile), not \(value)")
        }
        #expect(StudentT(degreesOfFreedom: 9).quantile(0.5) == 0)
    }

    @Test func `The trimmed t-interval of log ratios, and its p-values`() throws {
        for (logRatios, lower, upper, p) in SciPyValues.samples {
            let estimate = try #require(PairedEstimate(logRatios: logRatios))
            let interval = estimate.interval(level: 0.95)
            #expect(agree(interval.lowerBound, lower) && agree(interval.upperBound, upper), "\(interval)")
            #expect(agree(estimate.pValue(above: 0.03), p))
            #expect(agree(estimate.pValue(below: 0.03), 1 - p))
        }
    }

    @Test func `The signed-rank test, exactly`() {
        for (logRatios, p) in SciPyValues.signedRanks {
            #expect(agree(RankTests.signedRankTest(logRatios), p))
        }
        #expect(RankTests.signedRankTest([0, 0]) == 1)
        // Of the eight ways to sign the mean ranks 1.5, 1.5 and 3, one reaches 6 and three reach 4.5.
        #expect(RankTests.signedRankTest([0.1, 0.1, 0.2]) == 1.0 / 8)
        #expect(RankTests.signedRankTest([0.1, -0.1, 0.2]) == 3.0 / 8)
    }

    @Test func `The exact interval of a counted rate`() {
        for (hits, trials, lower, upper) in SciPyValues.proportions {
            let interval = Proportion(hits: hits, trials: trials).interval()
            #expect(agree(interval.lowerBound, lower, within: 1e-9), "\(hits) of \(trials)")
            #expect(agree(interval.upperBound, upper, within: 1e-9), "\(hits) of \(trials)")
        }
    }

    @Test func `The detectable effect is within a hundredth of the noncentral t's`() {
        for (degrees, power, effect) in SciPyValues.detectable {
            let approximate = DetectableEffect.smallest(degreesOfFreedom: degrees, alpha: 0.025, power: power)
            #expect(agree(approximate, effect, within: 0.01), "\(degrees) degrees, power \(power)")
        }
    }

    @Test func `Power, effect and pairs agree with each other`() throws {
        let effect = DetectableEffect.smallest(deviation: 0.04, pairs: 10, beyond: 0.03)
        let power = DetectableEffect.power(ofEffect: effect, deviation: 0.04, pairs: 10, beyond: 0.03)
        #expect((power - 0.8).magnitude < 1e-9)
        #expect(DetectableEffect.pairs(forEffect: 1.0001 * effect, deviation: 0.04, beyond: 0.03) == 10)
        #expect(DetectableEffect.pairs(forEffect: 0.001, deviation: 0.5, maximum: 100) == nil)
        #expect(DetectableEffect.power(ofEffect: 0.1, deviation: 0, pairs: 2, beyond: 0.03) == 1)
    }

    @Test func `Holm corrects the smallest most, and keeps the order`() {
        let adjusted = HolmCorrection.adjusted([0.01, 0.04, 0.03, 0.005])
        for (value, expected) in zip(adjusted, [0.03, 0.06, 0.06, 0.02]) { #expect(agree(value, expected)) }
        #expect(HolmCorrection.adjusted([0.5, 0.9]) == [1, 1])
        #expect(HolmCorrection.adjusted([]).isEmpty)
    }

    @Test func `Log ratios that are not numbers are no estimate`() {
        #expect(PairedEstimate(logRatios: [0.1]) == nil)
        #expect(PairedEstimate(logRatios: [0.1, .nan, 0.2]) == nil)
        #expect(PairedEstimate.logRatio(base: 0, candidate: 1) == nil)
        #expect(PairedEstimate.logRatio(base: 1, candidate: -1) == nil)
        #expect(PairedEstimate.logRatio(base: 2, candidate: 2) == 0)
    }

    @Test func `Without spread a ratio is what it is`() throws {
        let estimate = try #require(PairedEstimate(logRatios: [0.0625, 0.0625, 0.0625]))
        #expect(estimate.interval(level: 0.95) == estimate.mean...estimate.mean)
        #expect(estimate.pValue(above: 0.03) == 0)
        #expect(estimate.pValue(below: 0.03) == 1)
    }

    @Test func `An outlier is counted, and not dropped`() {
        let calm = [0.01, -0.01, 0.02, -0.02, 0, 0.01]
        #expect(RankTests.outliers(calm) == 0)
        #expect(RankTests.outliers(calm + [0.6]) == 1)
        #expect(RankTests.outliers([0, 9]) == 0)
    }
}
