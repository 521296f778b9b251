package import RennbahnGate

/// The history of ratios to the anchor, drawn for a terminal, with its change points.
///
/// ```
/// pubsub 32 B json · router-cpu-per-message to 0.1.0 · machine 9f3c21ab · 34 runs
///   1.06 ┤                ┆●●●●●●
///   1.03 ┤                ┆
///   1.00 ┤●●●●●●●●●●●●●●●●┆
///        2026-09-01       2026-10-12
///   ┆ 2026-10-12 1a2b3c4: +5.1 % (1 → 1.051)
/// ```
package enum HistoryChart {
    private static let height = 8

    /// - Parameter columns: width of the terminal; the newest runs are shown if there are more than fit.
    package static func render(_ series: [HistorySeries], columns: Int, isTerminal: Bool) -> String {
        guard !series.isEmpty else { return "the history is empty\n" }
        return series.map { chart($0, columns: columns, isTerminal: isTerminal) }.joined(separator: "\n")
    }

    private static func chart(_ series: HistorySeries, columns: Int, isTerminal: Bool) -> String {
        let room = max(10, columns - 12)
        let start = max(0, series.rows.count - room)
        let shown = series.rows[start...]
        let ratios = shown.map(\.ratio)
        let title =
            "\(series.cell) · \(series.metric) to \(series.anchor) · machine \(series.machine) · "
            + "\(series.rows.count) \(series.rows.count == 1 ? "run" : "runs")"
        var lines = [TextStyle.bold.apply(to: title.printable, isTerminal: isTerminal)]
        // A level history is not blown up to look like noise: the scale spans two percent at least.
        let middle = ((ratios.min() ?? 1) + (ratios.max() ?? 1)) / 2
        let half = max(((ratios.max() ?? 1) - (ratios.min() ?? 1)) / 2, middle * 0.01)
        let cuts = Set(series.changePoints.map { $0.index - start })
        for level in 0..<height {
            let value = middle + half * (1 - 2 * Double(level) / Double(height - 1))
            let points = ratios.enumerated().map { index, ratio -> Character in
                let place = ((middle + half - ratio) / (2 * half) * Double(height - 1)).rounded()
                return Int(place) == level ? "●" : cuts.contains(index) ? "┆" : " "
            }
            lines.append("  \(label(value)) ┤" + String(points).trimmedEnd)
        }
        if let first = shown.first, let last = shown.last {
            let dates = (day(first.date), day(last.date))
            let gap = max(1, ratios.count - dates.0.count - dates.1.count)
            lines.append(String(repeating: " ", count: 10) + dates.0 + String(repeating: " ", count: gap) + dates.1)
        }
        for point in series.changePoints {
            let row = series.rows[point.index]
            let change =
                "\(GateText.signed(1 + point.change)) % (\(label(point.before).trimmedStart) → \(label(point.after).trimmedStart))"
            let text = "  ┆ \(day(row.date)) \(row.commit): \(change)".printable
            lines.append(TextStyle.yellow.apply(to: text, isTerminal: isTerminal))
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private static func day(_ date: String) -> String { String(date.prefix(10)) }

    /// Three digits behind the point, seven columns wide.
    private static func label(_ value: Double) -> String {
        let thousandths = Int((value * 1000).rounded())
        let digits = String(thousandths % 1000)
        let text = "\(thousandths / 1000)." + String(repeating: "0", count: 3 - digits.count) + digits
        return String(repeating: " ", count: max(0, 6 - text.count)) + text
    }
}

extension String {
    fileprivate var trimmedEnd: String { String(reversed().drop { $0 == " " }.reversed()) }
    fileprivate var trimmedStart: String { String(drop { $0 == " " }) }
}
