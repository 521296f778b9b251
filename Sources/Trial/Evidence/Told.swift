#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A figure, or a ratio, with its interval of 95 %.
package struct Told: Codable, Equatable, Sendable {
    package var value: Double
    package var lower: Double
    package var upper: Double
    /// Turns, or pairs of turns, that it stands on, and the starts of the processes that they were in.
    package var turns: Int
    package var starts: Int

    package init(value: Double, lower: Double, upper: Double, turns: Int, starts: Int) {
        self.value = value
        self.lower = lower
        self.upper = upper
        self.turns = turns
        self.starts = starts
    }

    /// - Parameter level: of the interval.
    init(_ estimate: ClusteredEstimate, level: Double = 0.95) {
        let reach = estimate.reach(level: level)
        self.init(
            value: exp(estimate.mean), lower: exp(estimate.mean - reach), upper: exp(estimate.mean + reach),
            turns: estimate.count, starts: estimate.starts)
    }

    /// Half the interval as a share of the value: 0.02 is ±2 %.
    package var precision: Double { expm1(log(upper / lower) / 2) }

    /// The product of two that were measured apart: their intervals add up as independent ones do.
    package func times(_ other: Told) -> Told {
        let (one, two) = (log(upper / lower) / 2, log(other.upper / other.lower) / 2)
        let reach = (one * one + two * two).squareRoot()
        let middle = log(value * other.value)
        return Told(
            value: exp(middle), lower: exp(middle - reach), upper: exp(middle + reach),
            turns: min(turns, other.turns), starts: min(starts, other.starts))
    }

    /// With an interval that reaches further on both sides, by what may be wrong besides chance: a logarithm.
    package func widened(by doubt: Double) -> Told {
        Told(
            value: value, lower: lower * exp(-doubt.magnitude), upper: upper * exp(doubt.magnitude), turns: turns,
            starts: starts)
    }

    /// How many of them are a whole, such as messages a second of CPU time: what takes longest is the fewest.
    package func fitting(_ whole: Double) -> Told {
        Told(value: whole / value, lower: whole / upper, upper: whole / lower, turns: turns, starts: starts)
    }

    /// The same in another unit.
    package func scaled(by factor: Double) -> Told {
        Told(value: value * factor, lower: lower * factor, upper: upper * factor, turns: turns, starts: starts)
    }
}
