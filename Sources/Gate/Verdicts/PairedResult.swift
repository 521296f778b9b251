import RennbahnTrial

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// What a paired comparison found.
package struct PairedResult: Codable, Equatable, Sendable {
    package let verdict: GateVerdict
    /// Why it is not a pass, in whole sentences, one a fact.
    package let reasons: [String]
    package let settings: GateSettings
    package let cells: [CellResult]
    /// In the order in which they ran.
    package let blocks: [BlockRecord]
}

/// What was found of one cell.
package struct CellResult: Codable, Equatable, Sendable {
    package let name: String
    /// Pairs that were begun, and those that were dropped because a block of them was not valid.
    package let attemptedPairs: Int
    package let droppedPairs: Int
    package let metrics: [MetricResult]
}

/// A ratio of candidate to base with its interval: 1.1 is ten percent more.
package struct RatioInterval: Codable, Equatable, Sendable {
    package let ratio: Double
    package let lower: Double
    package let upper: Double
    package let pairs: Int

    /// - Parameter estimate: of log ratios where more is worse.
    init(_ estimate: PairedEstimate, of metric: GateMetric, level: Double) {
        let interval = estimate.interval(level: level)
        let sign: Double = metric.isBetterWhenHigher ? -1 : 1
        let ends = [exp(sign * interval.lowerBound), exp(sign * interval.upperBound)].sorted()
        ratio = exp(sign * estimate.mean)
        (lower, upper) = (ends[0], ends[1])
        pairs = estimate.count
    }
}

/// What was found of one metric of one cell.
package struct MetricResult: Codable, Equatable, Sendable {
    package let metric: GateMetric
    package let verdict: MetricVerdict
    package let isAdvisory: Bool
    package let tolerance: Double
    /// The geometric means of the base's and the candidate's figures, in the metric's own unit; they drift with the
    /// machine, which the ratio does not.
    package let base: Double?
    package let candidate: Double?
    /// Over all pairs, those of a confirmation included.
    package let change: RatioInterval?
    /// Of the pairs that confirmed a FAIL, or did not.
    package let confirmation: RatioInterval?
    /// Between blocks of one build: should be 1.
    package let control: RatioInterval?
    /// Standard deviation of the log ratio of one pair.
    package let deviation: Double?
    /// The smallest change for the worse, as a share, that these pairs find beyond the tolerance four times of five.
    package let detectable: Double?
    /// Pairs in which the candidate was worse.
    package let worsePairs: Int
    /// One-sided probability of ratios that are as bad by chance, by rank: outliers do not sway it.
    package let rankProbability: Double?
    package let outliers: Int
    /// The candidate is better by more than the tolerance.
    package let isBetter: Bool
    /// Ratios of candidate to base, pair by pair.
    package let ratios: [Double]
}
