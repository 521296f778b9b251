/// Figures in the sentences of a trial.
package enum TrialText {
    /// `1.024 (1.011 to 1.037)`.
    package static func ratio(_ ratio: Told) -> String {
        "\(fixed(ratio.value, 3)) (\(fixed(ratio.lower, 3)) to \(fixed(ratio.upper, 3)))"
    }

    /// `12 %`; below ten with a digit behind the point.
    package static func percent(_ share: Double) -> String {
        let value = share * 100
        return (value.magnitude < 9.95 ? fixed(value, 1) : fixed(value, 0)) + " %"
    }

    /// With so many digits behind the point, at most 6.
    static func fixed(_ value: Double, _ digits: Int) -> String {
        guard value.isFinite, value.magnitude < 1e12 else { return "–" }
        let scale = (0..<digits).reduce(1) { product, _ in product * 10 }
        let whole = Int((value.magnitude * Double(scale)).rounded())
        let sign = value < 0 && whole > 0 ? "−" : ""
        guard digits > 0 else { return sign + "\(whole)" }
        let fraction = String(whole % scale)
        return sign + "\(whole / scale)." + String(repeating: "0", count: digits - fraction.count) + fraction
    }
}

extension TrialText {
    /// `31 ms`.
    package static func milliseconds(_ nanoseconds: UInt64) -> String { fixed(Double(nanoseconds) / 1e6, 0) + " ms" }
}
