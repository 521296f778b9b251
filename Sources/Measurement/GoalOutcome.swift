/// A goal, what was measured of it, and whether it is reached.
package struct GoalOutcome: Codable, Equatable, Sendable {
    package enum Bound: String, Codable, Sendable {
        case atMost = "at-most"
        case atLeast = "at-least"
    }

    package enum Verdict: String, Codable, Sendable, CaseIterable {
        case reached
        case missed
        /// This machine or this run cannot show it, or a run that it stands on is not valid; the note says why.
        case notShown = "not-shown"
    }

    /// `pubsub 1→100 256 B, msgpack`.
    package var work: String
    package var bound: Bound
    package var limit: Double
    /// What limit and figure count: `× C floor`, `µs/event`.
    package var unit: String
    package var figure: Double?
    package var verdict: Verdict
    /// Of the router's run, where there is one.
    package var saturated: Saturation?
    package var note: String?

    /// A goal without a figure is not shown, whatever else is known.
    package init(
        _ work: String, _ bound: Bound, _ limit: Double, _ unit: String, figure: Double?,
        saturated: Saturation? = nil, note: String? = nil
    ) {
        self.work = work
        self.bound = bound
        self.limit = limit
        self.unit = unit
        self.figure = figure
        self.saturated = saturated
        self.note = note
        guard let figure, figure.isFinite else {
            self.figure = nil
            verdict = .notShown
            return
        }
        let isReached =
            switch bound {
            case .atMost: figure <= limit
            case .atLeast: figure >= limit
            }
        verdict = isReached ? .reached : .missed
    }
}
