/// Draws lines at the end of a terminal again and again, each time over those before: what stood above them stays. The cursor is
/// left in the row below, so that whatever comes there instead begins at a line's beginning.
package struct LiveScreen: Sendable {
    /// Columns that each of the lines takes which stand there.
    private var widths: [Int] = []

    package init() {}

    /// What to write so that `lines` stand there instead of those before.
    ///
    /// - Parameter columns: of the terminal now: one that became narrower has wrapped what was longer.
    package mutating func draw(_ lines: [DrawnLine], columns: Int) -> String {
        let text = lines.map { $0.text + "\u{1B}[K\n" }.joined()
        defer { widths = lines.map(\.width) }
        return back(columns) + text + (widths.isEmpty ? "" : "\u{1B}[J")
    }

    /// What to write so that nothing stands there; nothing where nothing does.
    package mutating func clear(columns: Int) -> String {
        guard !widths.isEmpty else { return "" }
        defer { widths = [] }
        return back(columns) + "\u{1B}[J"
    }

    /// To the beginning of the first line.
    private func back(_ columns: Int) -> String {
        let rows = widths.reduce(0) { $0 + max(1, ($1 + max(1, columns) - 1) / max(1, columns)) }
        return rows > 0 ? "\r\u{1B}[\(rows)A" : ""
    }
}
