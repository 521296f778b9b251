import RennbahnMeasurement

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// What paired measurements say of a change: the middle of the logarithms of candidate ÷ base, and how sure it is.
///
/// Logarithms, because changes multiply: twice as slow and twice as fast cancel out, and a drift of the machine, which
/// makes both of a pair slower by the same factor, falls out. `log` of a value close to 1 is its distance from 1.
///
/// The middle is the mean without the lowest and the highest fifth of the ratios, and the t-interval the one of
/// Yuen for it. On a shared machine one block in ten meets a burst of somebody else's work; such a pair says nothing
/// of the builds, but makes a plain t-interval so wide that it decides nothing. Simulated, a slowdown of ten percent is
/// found in 70 runs of 100 with the plain interval and in 99 with this one. Nobody chooses what is trimmed: it is the
/// same share on both sides.
package struct PairedEstimate: Codable, Equatable, Sendable {
    /// Trimmed from either side.
    package static let trimmedShare = 0.2

    /// Pairs, at least two, those that are trimmed included.
    package let count: Int
    /// Trimmed mean of the log ratios.
    package let mean: Double
    /// Standard deviation of the log ratio of one pair: as if it were the one for which the mean has this
    /// ``standardError``. From the ratios with those that are trimmed moved to the nearest that is not (winsorized).
    package let deviation: Double

    /// Nil for fewer than two log ratios, and if one of them is not a finite number.
    package init?(logRatios: [Double]) {
        let sorted = logRatios.sorted()
        let kept = PairedEstimate.kept(of: sorted)
        guard logRatios.allSatisfy(\.isFinite), let mean = Statistics.mean(Array(kept)), let lowest = kept.first,
            let highest = kept.last,
            let deviation = Statistics.standardDeviation(sorted.map { min(max($0, lowest), highest) })
        else { return nil }
        count = logRatios.count
        self.mean = mean
        let (all, some) = (Double(count), Double(kept.count))
        self.deviation = deviation * (all * (all - 1) / (some * (some - 1))).squareRoot()
    }

    /// The trimmed mean alone; nil where there is nothing.
    package static func middle(of values: [Double]) -> Double? {
        Statistics.mean(Array(kept(of: values.sorted())))
    }

    private static func kept(of sorted: [Double]) -> ArraySlice<Double> {
        let trimmed = trimmed(of: sorted.count)
        return sorted.dropFirst(trimmed).dropLast(trimmed)
    }

    /// How many of so many ratios are trimmed from either side.
    private static func trimmed(of count: Int) -> Int { Int(trimmedShare * Double(count)) }

    /// One less than the ratios that are not trimmed.
    static func degreesOfFreedom(pairs: Int) -> Double { Double(pairs - 2 * trimmed(of: pairs) - 1) }

    /// The log ratio of two measurements; nil unless both are positive numbers.
    package static func logRatio(base: Double, candidate: Double) -> Double? {
        guard base > 0, candidate > 0, base.isFinite, candidate.isFinite else { return nil }
        return log(candidate / base)
    }

    /// A log ratio as a share: 0.1 is ten percent more.
    package static func share(ofLogRatio logRatio: Double) -> Double { expm1(logRatio) }

    package var standardError: Double { deviation / Double(count).squareRoot() }

    private var distribution: StudentT {
        StudentT(degreesOfFreedom: PairedEstimate.degreesOfFreedom(pairs: count))
    }

    /// The two-sided t-interval of the mean log ratio at a level such as 0.95.
    package func interval(level: Double) -> ClosedRange<Double> {
        let reach = distribution.quantile((1 + level) / 2) * standardError
        return (mean - reach)...(mean + reach)
    }

    /// How likely a mean as large as this one, or larger, would be if the true one were `bound`.
    package func pValue(above bound: Double) -> Double {
        // Without any spread the mean is what it is; equal to the bound it says nothing.
        guard standardError > 0 else { return mean > bound ? 0 : 1 }
        return distribution.survival((mean - bound) / standardError)
    }

    /// How likely a mean as small as this one, or smaller, would be if the true one were `bound`.
    package func pValue(below bound: Double) -> Double {
        guard standardError > 0 else { return mean < bound ? 0 : 1 }
        return distribution.cumulative((mean - bound) / standardError)
    }
}
