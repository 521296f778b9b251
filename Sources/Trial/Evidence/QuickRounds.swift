import RennbahnMeasurement

/// The rounds in which the machine was as quick as it is.
///
/// A shared machine has states that last for seconds: where the host runs its processors, and beside whom, one and the same work costs
/// a sixth more, and does so for all sides alike only where they do the same. What sends costs 14 % more where what compresses costs 3 %
/// more, so that a ratio of the two depends on the state, and a middle over all of them on how long each lasted. So figures
/// are those of one state: the quickest that each heat was in, in at least three starts, so that no side of the group is told of another
/// one than the rest. The baseline tells which it is; where it has no state, all rounds are quick.
///
/// Starts that scatter look like a state, too. The band is as wide as it can be below what states were seen to differ by: simulated, the
/// third quickest of twelve starts that scatter by 2 % leaves none of them out.
struct QuickRounds {
    /// Rounds of one heat of one start, one behind the other.
    struct Stretch {
        var start: Int
        var heat: Int
        /// Logarithms of what the baseline took; `nil` where it has no turn.
        var costs: [Double?]
    }

    /// What a round of the same state may take more than the quick ones, as a logarithm; more where the baseline itself scatters more.
    static let leastBand = 0.08
    /// In standard deviations of what is smoothed. With fewer, rounds would be chosen by their noise, which makes the baseline look
    /// quicker than it is; with more, of a baseline that scatters much, those of a slower state would count.
    static let noiseBand = 2.5
    /// Starts in which each heat must have been in the state, where there are so many.
    static let fewestStarts = 3
    /// Rounds on either side that are looked at to tell a round's state: a single one scatters.
    private static let neighbours = 2
    /// Of a heat's rounds in a start that must have been in it: enough of them have a middle.
    private static let share = 0.25

    private let limit: Double
    private let smooth: [[Double?]]

    init(_ stretches: [Stretch]) {
        smooth = stretches.map { QuickRounds.smoothed($0.costs) }
        var quickest: [Int: [Double]] = [:]
        for (stretch, costs) in zip(stretches, smooth) {
            guard let quick = QuickRounds.quick(costs.compactMap { $0 }) else { continue }
            quickest[stretch.heat, default: []].append(quick)
        }
        let references = quickest.values.compactMap { $0.sorted().prefix(QuickRounds.fewestStarts).last }
        guard let reference = references.max() else {
            limit = .infinity
            return
        }
        limit = reference + max(QuickRounds.leastBand, QuickRounds.noiseBand * QuickRounds.noise(of: stretches))
    }

    /// Whether a round of a stretch counts.
    func holds(_ stretch: Int, _ round: Int) -> Bool {
        limit == .infinity || smooth[stretch][round].map { $0 <= limit } ?? false
    }

    /// What a quarter of the rounds took at most, and no fewer than have a middle; `nil` where there are not so many.
    private static func quick(_ costs: [Double]) -> Double? {
        guard costs.count >= ClusteredEstimate.fewestValues else { return nil }
        let place = max(ClusteredEstimate.fewestValues, Int(share * Double(costs.count))) - 1
        return costs.sorted()[place]
    }

    /// Each as the median of itself and its neighbours.
    private static func smoothed(_ costs: [Double?]) -> [Double?] {
        costs.indices.map { index in
            let near = costs[max(0, index - neighbours)...min(costs.count - 1, index + neighbours)]
            return Statistics.median(near.compactMap { $0 })
        }
    }

    /// Standard deviation of what is smoothed where the state stays the same, by the differences of neighbours: the few that are of two
    /// states do not move their median.
    private static func noise(of stretches: [Stretch]) -> Double {
        let steps = stretches.flatMap { stretch in
            let costs = stretch.costs.compactMap { $0 }
            return zip(costs, costs.dropFirst()).map { ($1 - $0).magnitude }
        }
        guard let middle = Statistics.median(steps) else { return 0 }
        // Of a normal distribution: the median of the differences, of two; the median of five.
        let single = middle * 1.4826 / 2.0.squareRoot()
        return single * 1.2533 / Double(2 * neighbours + 1).squareRoot()
    }
}
