/// Changes as people read them. Independent of the locale.
package enum GateText {
    /// `3 %`, `0.5 %`, `12.4 %`.
    package static func percent(_ share: Double) -> String { number(share) + " %" }

    /// `+12.4 % (+10.1 … +14.7)`: the ratio, then its interval.
    package static func change(_ interval: RatioInterval) -> String {
        "\(signed(interval.ratio)) % (\(signed(interval.lower)) … \(signed(interval.upper)))"
    }

    /// A ratio as a signed change in percent, `+12.4`; 1 is `±0`.
    package static func signed(_ ratio: Double) -> String {
        let change = ratio - 1
        let text = number(change.magnitude)
        if text == "0" { return "±0" }
        return (change < 0 ? "−" : "+") + text
    }

    /// Percent with one digit behind the point, or two below one percent; none that is 0 at the end.
    private static func number(_ share: Double) -> String {
        guard share.isFinite else { return "–" }
        let percent = share * 100
        let scale: Double = percent.magnitude < 1 ? 100 : percent.magnitude < 1000 ? 10 : 1
        guard percent.magnitude < 1e15 else { return "\(percent)" }
        let rounded = (percent * scale).rounded() / scale
        return Int64(exactly: rounded).map { "\($0)" } ?? "\(rounded)"
    }
}
