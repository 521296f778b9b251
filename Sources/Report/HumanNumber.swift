import Foundation

/// Figures as people read them: three significant digits and a unit of fitting size. A space separates the two.
///
/// Independent of the locale: what is printed here is compared and pasted.
package enum HumanNumber {
    /// `950`, `12.3 k`, `1.23 M`.
    package static func count(_ value: Double) -> String {
        scaled(value, units: ["", "k", "M", "G", "T"], step: 1000)
    }

    /// `1.23 M/s`.
    package static func rate(_ perSecond: Double) -> String {
        guard perSecond.isFinite else { return absent }
        let text = count(perSecond)
        return text.contains(" ") ? text + "/s" : text + " /s"
    }

    /// `512 B`, `1.20 KiB`.
    package static func bytes(_ value: Double) -> String {
        scaled(value, units: ["B", "KiB", "MiB", "GiB", "TiB"], step: 1024)
    }

    /// Of nanoseconds: `640 ns`, `4.80 µs`, `12.0 ms`, `1.50 s`.
    package static func duration(nanoseconds: Double) -> String {
        guard nanoseconds.isFinite else { return absent }
        guard nanoseconds.magnitude < 999.5e6 else { return digits(nanoseconds / 1e9) + " s" }
        return scaled(nanoseconds, units: ["ns", "µs", "ms"], step: 1000)
    }

    /// `4.80`, for columns whose head names the unit.
    package static func plain(_ value: Double) -> String { digits(value) }

    /// `87 %`.
    package static func percent(_ share: Double) -> String {
        share.isFinite ? String(format: "%.0f %%", share * 100) : absent
    }

    /// `0.82×`.
    package static func ratio(_ value: Double) -> String {
        value.isFinite ? String(format: value < 9.995 ? "%.2f×" : "%.1f×", value) : absent
    }

    /// `0.990`: ratios whose differences are small.
    package static func thousandth(_ value: Double) -> String {
        value.isFinite ? String(format: value < 9.9995 ? "%.3f" : value < 99.95 ? "%.1f" : "%.0f", value) : absent
    }

    /// `±0.4%`: half of an interval, as a share of its middle.
    package static func reach(_ share: Double) -> String {
        let percent = share * 100
        return "±" + (percent < 9.95 ? tenth(percent) : whole(percent)) + "%"
    }

    /// `0.4`, and `12`.
    package static func tenth(_ value: Double) -> String { value.isFinite ? String(format: "%.1f", value) : absent }
    package static func whole(_ value: Double) -> String { value.isFinite ? String(format: "%.0f", value) : absent }

    /// What stands where there is no figure.
    package static let absent = "–"

    private static func scaled(_ value: Double, units: [String], step: Double) -> String {
        guard value.isFinite else { return absent }
        var rest = value
        var index = 0
        // 999.6 would print as 1000: it belongs to the next unit.
        while index + 1 < units.count, rest.magnitude >= min(step, 999.5) {
            rest /= step
            index += 1
        }
        // Bytes and nanoseconds, and single things, come whole.
        let number = index == 0 && rest == rest.rounded() ? String(format: "%.0f", rest) : digits(rest)
        return units[index].isEmpty ? number : number + " " + units[index]
    }

    /// Three significant digits, never in exponents.
    private static func digits(_ value: Double) -> String {
        guard value.isFinite else { return absent }
        switch value.magnitude {
        case ..<9.995: return String(format: "%.2f", value)
        case ..<99.95: return String(format: "%.1f", value)
        default: return String(format: "%.0f", value)
        }
    }
}
