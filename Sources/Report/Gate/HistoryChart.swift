import Foundation
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
        let scale = Scale(ratios)
        let cuts = Set(series.changePoints.map { $0.index - start })
        for level in 0..<height {
            let points = ratios.enumerated().map { index, ratio -> Character in
                scale.level(of: ratio) == level ? "●" : cuts.contains(index) ? "┆" : " "
            }
            lines.append("  \(label(scale.value(at: level))) ┤" + String(points).trimmedEnd)
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

    /// The ratios that the levels stand for. A file may hold any positive number: halves are added, so that no sum is beyond all
    /// numbers, and what cannot be told apart stands in the middle.
    private struct Scale {
        private let middle: Double
        private let half: Double

        init(_ ratios: [Double]) {
            let (least, most) = (ratios.min() ?? 1, ratios.max() ?? 1)
            middle = least / 2 + most / 2
            // A level history is not blown up to look like noise: the scale spans two percent at least.
            half = max(most / 2 - least / 2, middle * 0.01)
        }

        /// Counted from the top.
        func level(of ratio: Double) -> Int {
            let place = ((middle - ratio) / half + 1) / 2 * Double(HistoryChart.height - 1)
            guard place.isFinite else { return HistoryChart.height / 2 }
            return Int(max(0, min(Double(HistoryChart.height - 1), place.rounded())))
        }

        func value(at level: Int) -> Double {
            middle + half * (1 - 2 * Double(level) / Double(HistoryChart.height - 1))
        }
    }

    /// The first ratio that is told by its order of magnitude alone.
    private static let largest = 99_999.9995

    /// Three digits behind the point, in six columns or more.
    private static func label(_ value: Double) -> String {
        var text = HumanNumber.absent
        if value.magnitude < largest {
            let thousandths = Int((max(0, value) * 1000).rounded())
            let digits = String(thousandths % 1000)
            text = "\(thousandths / 1000)." + String(repeating: "0", count: 3 - digits.count) + digits
        } else if value.isFinite {
            text = String(format: "%.0e", value)
        }
        return String(repeating: " ", count: max(0, 6 - text.count)) + text
    }
}

extension String {
    fileprivate var trimmedEnd: String { String(reversed().drop { $0 == " " }.reversed()) }
    fileprivate var trimmedStart: String { String(drop { $0 == " " }) }
}
