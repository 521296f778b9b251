/// A row of bars, one for each value, from nothing to the largest.
enum Sparkline {
    private static let bars: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

    /// The last of `values`, as many as there are columns; a gap where there was none.
    static func text(_ values: [Double?], columns: Int) -> String {
        let shown = values.suffix(max(0, columns))
        let most = largest(shown.compactMap { $0 })
        return String(
            shown.map { value -> Character in
                guard let value, value.isFinite else { return " " }
                guard let most, value > 0 else { return bars[0] }
                return bars[min(bars.count - 1, Int(value / most * Double(bars.count)))]
            })
    }

    /// The largest of those that are numbers; `nil` where none is more than 0.
    static func largest(_ values: [Double]) -> Double? {
        values.filter { $0.isFinite && $0 > 0 }.max()
    }
}
