/// A goal, what was measured of it, and whether it is reached.
package struct GoalOutcome: Codable, Equatable, Sendable {
    package enum Bound: String, Codable, Sendable {
        case atMost = "at-most"
        case atLeast = "at-least"
    }

    package enum Verdict: String, Codable, Sendable, CaseIterable {
        /// All of the interval is on the good side of the limit, the limit included.
        case reached
        /// All of it is on the other side.
        case missed
        /// The limit lies within the interval.
        case undecided
        /// This machine or this run cannot show it, or a side that it stands on tells nothing; the note says why.
        case notShown = "not-shown"
    }

    /// `pubsub 1→100 256 B, msgpack`.
    package var work: String
    package var bound: Bound
    package var limit: Double
    /// What limit and figure count: `× C floor`, `µs/event`.
    package var unit: String
    package var figure: Double?
    /// The interval of 95 %; absent where there is none, and in files that are older than it.
    package var lower: Double?
    package var upper: Double?
    package var verdict: Verdict
    /// Of the router's run, where there is one.
    package var saturated: Saturation?
    package var note: String?

    /// A goal without a figure is not shown, whatever else is known. One without an interval is judged by the figure alone.
    package init(
        _ work: String, _ bound: Bound, _ limit: Double, _ unit: String, figure: Double?, lower: Double? = nil,
        upper: Double? = nil, saturated: Saturation? = nil, note: String? = nil
    ) {
        self.work = work
        self.bound = bound
        self.limit = limit
        self.unit = unit
        self.saturated = saturated
        self.note = note
        guard let figure, figure.isFinite else {
            verdict = .notShown
            return
        }
        self.figure = figure
        verdict = GoalOutcome.verdict(bound, limit, lower ?? figure, upper ?? figure)
        // JSON has no infinity; the verdict knows of it.
        if let lower, let upper, lower.isFinite, upper.isFinite { (self.lower, self.upper) = (lower, upper) }
    }

    /// An end that is not a number is on neither side.
    private static func verdict(_ bound: Bound, _ limit: Double, _ lower: Double, _ upper: Double) -> Verdict {
        switch bound {
        case .atMost: upper <= limit ? .reached : lower > limit ? .missed : .undecided
        case .atLeast: lower >= limit ? .reached : upper < limit ? .missed : .undecided
        }
    }
}
