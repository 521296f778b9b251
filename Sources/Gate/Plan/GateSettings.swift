#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// How a paired comparison is run and judged.
package struct GateSettings: Codable, Equatable, Sendable {
    /// Of the order of blocks: the same seed gives the same order.
    package var seed: UInt64
    /// Pairs of each cell before the first look; rounded up to an even number. A FAIL is confirmed by as many again.
    package var minimumPairs = 10
    /// The most pairs of a cell that is undecided, and again for its confirmation.
    package var maximumPairs = 30
    /// Pairs that an undecided cell gets between two looks.
    package var extraPairs = 4
    /// Seconds for all; beyond the fewest pairs and the confirmation of a FAIL nothing is started that would not fit.
    package var budget: Double?
    /// One-sided probability of an alarm about a change that is just the tolerance, at the last look and for all gating
    /// metrics together.
    package var alpha = 0.025
    /// The same at each look before the last, where more pairs could still be had: who looks often must be strict.
    package var interimAlpha = 0.005
    /// Two-sided probability of calling a control off that shows nothing.
    package var controlAlpha = 0.01
    /// The largest share of pairs that may be dropped.
    package var largestDroppedShare = 0.2
    /// An undecided metric for which no smaller change than this could be seen is a matter of the machine.
    package var noisyEffect = 0.1
    private var tolerances: [GateMetric: Double] = [:]

    package init(seed: UInt64) {
        self.seed = seed
    }

    /// How much worse a build may be, as a share.
    package func tolerance(of metric: GateMetric) -> Double { tolerances[metric] ?? metric.standardTolerance }

    /// - Parameter tolerance: positive or 0, less than 1.
    package mutating func setTolerance(_ tolerance: Double, of metric: GateMetric) {
        precondition(tolerance >= 0 && tolerance < 1)
        tolerances[metric] = tolerance
    }

    /// The tolerance as a log ratio.
    func bound(of metric: GateMetric) -> Double { log1p(tolerance(of: metric)) }

    /// Whether a metric that so many pairs have can be told: as with pairs that drop, some may lack it.
    func isEnough(_ pairs: Int) -> Bool { Double(pairs) >= (1 - largestDroppedShare) * Double(minimumPairs) }

    var fewestQuartets: Int { max(1, (minimumPairs + 1) / 2) }
    var mostQuartets: Int { max(fewestQuartets, maximumPairs / 2) }
    var extraQuartets: Int { max(1, extraPairs / 2) }
}
