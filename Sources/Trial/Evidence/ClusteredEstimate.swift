import RennbahnMeasurement

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The middle of logarithms that were measured in several starts of the processes, and how sure it is.
///
/// Within a start the middle is the trimmed one of ``PairedEstimate``. Starts differ by more than their turns tell (where the
/// memory of a process lies, which ports it got), so their scatter is part of the interval (a random-effects model, DerSimonian
/// and Laird); the degrees of freedom are Welch and Satterthwaite's. From three starts scatter is known poorly and often comes out
/// as none, so it is never taken to be less than ``leastScatter``: simulated, intervals of 95 % then hold 92 % or more of the
/// true values for scatters from 0 to 1 %, most of them 95 and more.
package struct ClusteredEstimate: Equatable, Sendable {
    /// Standard deviation of starts, as a logarithm.
    package static let leastScatter = 0.005
    /// Of one start: with fewer there is no middle.
    package static let fewestValues = 4

    /// Starts that had enough values, and all values in them.
    package let starts: Int
    package let count: Int
    package let mean: Double
    package let standardError: Double
    package let degreesOfFreedom: Double

    /// Nil unless at least two starts have ``fewestValues`` finite ones each.
    package init?(_ values: [[Double]]) {
        let told = values.filter { $0.count >= ClusteredEstimate.fewestValues }
        let estimates = told.compactMap { PairedEstimate(logRatios: $0) }
        guard estimates.count >= 2, estimates.count == told.count else { return nil }
        let means = estimates.map(\.mean)
        guard let mean = Statistics.mean(means), let spread = Statistics.standardDeviation(means) else { return nil }
        let count = Double(estimates.count)
        let squares = estimates.map { $0.standardError * $0.standardError }
        let within = squares.reduce(0, +) / (count * count)
        let scatter = max(
            spread * spread - squares.reduce(0, +) / count,
            ClusteredEstimate.leastScatter * ClusteredEstimate.leastScatter)
        let between = scatter / count
        // Of the variance within starts: exact ones, such as octets, have none.
        let terms = zip(estimates, squares).map { estimate, square in
            square * square / PairedEstimate.degreesOfFreedom(pairs: estimate.count)
        }
        let withinTerm = terms.reduce(0, +) / (count * count * count * count)
        let variance = within + between
        degreesOfFreedom = variance * variance / (withinTerm + between * between / (count - 1))
        starts = estimates.count
        self.count = told.reduce(0) { $0 + $1.count }
        self.mean = mean
        standardError = variance.squareRoot()
    }

    /// What the mean may be off by, at this level.
    package func reach(level: Double = 0.95) -> Double {
        StudentT(degreesOfFreedom: degreesOfFreedom).quantile((1 + level) / 2) * standardError
    }
}
