/// How large a change must be to be seen, from the spread of what was measured.
///
/// The power of a t-test is a matter of the noncentral t distribution. Here it is approximated by the central one, moved
/// by the effect: power ≈ P(T > t(1 − α) − effect ÷ standard error). With five degrees of freedom or more, and for powers
/// of 80 and 95 %, the effects are within a hundredth of the exact ones.
package enum DetectableEffect {
    /// The smallest effect that is found with this power, as a multiple of the standard error.
    static func smallest(degreesOfFreedom: Double, alpha: Double, power: Double) -> Double {
        let distribution = StudentT(degreesOfFreedom: degreesOfFreedom)
        return distribution.quantile(1 - alpha) + distribution.quantile(power)
    }

    /// The smallest log ratio that is found with this power, told from `bound`.
    ///
    /// - Parameters:
    ///   - deviation: of one pair, as of ``PairedEstimate``.
    ///   - pairs: at least two.
    ///   - alpha: one-sided probability of an alarm where the true log ratio is `bound`.
    ///   - bound: what the interval must lie beyond: the tolerance as a logarithm, or 0.
    package static func smallest(
        deviation: Double, pairs: Int, alpha: Double = 0.025, power: Double = 0.8, beyond bound: Double = 0
    ) -> Double {
        let degrees = PairedEstimate.degreesOfFreedom(pairs: pairs)
        let multiple = smallest(degreesOfFreedom: degrees, alpha: alpha, power: power)
        return bound + multiple * deviation / Double(pairs).squareRoot()
    }

    /// The probability of finding a log ratio to be beyond `bound`.
    package static func power(
        ofEffect effect: Double, deviation: Double, pairs: Int, alpha: Double = 0.025, beyond bound: Double = 0
    ) -> Double {
        guard deviation > 0 else { return effect > bound ? 1 : 0 }
        let distribution = StudentT(degreesOfFreedom: PairedEstimate.degreesOfFreedom(pairs: pairs))
        let standardError = deviation / Double(pairs).squareRoot()
        return distribution.survival(distribution.quantile(1 - alpha) - (effect - bound) / standardError)
    }

    /// The fewest pairs with which an effect is found with this power; nil if `maximum` pairs do not suffice.
    package static func pairs(
        forEffect effect: Double, deviation: Double, alpha: Double = 0.025, power wanted: Double = 0.8,
        beyond bound: Double = 0, maximum: Int = 1000
    ) -> Int? {
        (2...max(2, maximum)).first { pairs in
            power(ofEffect: effect, deviation: deviation, pairs: pairs, alpha: alpha, beyond: bound) >= wanted
        }
    }
}
