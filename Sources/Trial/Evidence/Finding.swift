/// What a ratio to the baseline says.
package enum Finding: String, Codable, Sendable, CaseIterable {
    case less
    case more
    /// The interval holds 1: a difference of half its width would have been seen.
    case noDifferenceShown = "no-difference-shown"

    package init(_ ratio: Told) {
        if ratio.upper < 1 {
            self = .less
        } else if ratio.lower > 1 {
            self = .more
        } else {
            self = .noDifferenceShown
        }
    }
}
