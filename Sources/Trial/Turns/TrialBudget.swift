/// How the time of a run is shared: among its groups by their weights, which are the heats that they have, and within a group among its starts. Times are
/// seconds since the run began, and handed in.
///
/// What a machine does meanwhile changes within seconds, and so do the ratios of works that it favours differently: many short starts
/// tell more than a few long ones, and show in the interval how much they differ. So turns are only as long as it takes to spend a
/// group's share on ``startsWanted`` starts. Where the figures are known well enough before, the rest is the next groups'.
package struct TrialBudget: Sendable {
    static let startsWanted = 12
    /// Of one heat of one start: rounds enough for a middle, and more.
    static let leastTurns = 0.5
    static let mostTurns = 10.0
    /// What a heat takes besides its turns, until that is seen: connecting, warming up, closing.
    static let firstOverhead = 0.5

    private let whole: Double
    private let startsWanted: Int
    /// Of groups that have not begun.
    private var weightLeft: Double
    private var heats = 1
    private var began = 0.0
    private var share = 0.0
    private var starts = 0
    private var overhead = TrialBudget.firstOverhead
    private var lastTurns = TrialBudget.leastTurns
    /// What one more start of the group would take.
    package private(set) var secondsPerStart = 0.0

    /// - Parameters:
    ///   - fewestStarts: of a group.
    ///   - weight: of all groups together.
    package init(_ whole: Double, fewestStarts: Int, weight: Double) {
        self.whole = whole
        startsWanted = max(TrialBudget.startsWanted, fewestStarts)
        weightLeft = weight
    }

    /// - Parameters:
    ///   - heats: of one start.
    ///   - weight: the group's part of what is left, beside those of the groups that have not begun.
    package mutating func beginGroup(heats: Int, weight: Double, at time: Double) {
        self.heats = max(1, heats)
        began = time
        share = max(0, whole - time) * weight / max(weight, weightLeft)
        weightLeft -= weight
        starts = 0
    }

    /// How long turns are to be taken in each heat of the next start.
    package mutating func nextTurns() -> Double {
        let each = share / Double(startsWanted) / Double(heats) - overhead
        lastTurns = min(max(each, TrialBudget.leastTurns), TrialBudget.mostTurns)
        return lastTurns
    }

    /// A start is over that began at `start`.
    package mutating func endStart(from start: Double, to end: Double) {
        starts += 1
        secondsPerStart = end - start
        // The first also finds out how large fleets and turns may be.
        if starts > 1 { overhead = max(0, secondsPerStart / Double(heats) - lastTurns) }
    }

    /// Of the group's share.
    package func secondsLeft(at time: Double) -> Double { began + share - time }
}
