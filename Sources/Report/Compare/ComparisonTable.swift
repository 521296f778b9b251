import RennbahnMeasurement

extension Comparison.Row {
    /// Of both, the ratio, and its interval with what that says.
    var texts: [String] {
        [text(base), text(other), HumanNumber.thousandth(ratio), interval]
    }

    private func text(_ value: Double) -> String {
        switch unit {
        case .perSecond: HumanNumber.rate(value)
        case .microseconds: HumanNumber.plain(value) + " µs"
        case .octets: HumanNumber.plain(value) + " B"
        case .nanoseconds: HumanNumber.duration(nanoseconds: value)
        case .ratio: HumanNumber.thousandth(value)
        }
    }

    private var interval: String {
        guard let lower, let upper else { return "none" }
        let reach = "\(HumanNumber.thousandth(lower)) to \(HumanNumber.thousandth(upper))"
        return reach + (upper < 1 ? " less" : lower > 1 ? " more" : " same?")
    }
}

/// Comparisons for a terminal: warnings first, then a table for each thing that was compared.
package struct ComparisonTable {
    private let isStyled: Bool
    private let width: Int?

    package init(isStyled: Bool, width: Int?) {
        self.isStyled = isStyled
        self.width = width
    }

    package func render(_ comparison: Comparison) -> String {
        var text = bold("A  \(comparison.base)") + "\n" + bold("B  \(comparison.other)") + "\n"
        for warning in comparison.warnings {
            text += TextStyle.yellow.apply(to: "WARNING  \(warning)".printable, isTerminal: isStyled) + "\n"
        }
        var subjects: [String] = []
        for row in comparison.rows where subjects.last != row.subject { subjects.append(row.subject) }
        for subject in subjects { text += "\n" + table(subject, comparison.rows.filter { $0.subject == subject }) }
        let told =
            comparison.rows.contains { $0.lower != nil }
            ? "none: no interval, for nothing ties the two runs together; same?: no difference shown"
            : "no interval: two single runs, and what the machine did in between is in the ratios"
        return text + "\n" + told + "\n"
    }

    private func bold(_ text: String) -> String { TextStyle.bold.apply(to: text.printable, isTerminal: isStyled) }

    private func table(_ subject: String, _ rows: [Comparison.Row]) -> String {
        let hasIntervals = rows.contains { $0.lower != nil }
        var columns: [TerminalTable.Column] = [.init("figure", alignment: .left), .init("A"), .init("B"), .init("B/A")]
        if hasIntervals { columns.append(.init("95 % interval", alignment: .left)) }
        var table = TerminalTable(columns: columns)
        for row in rows {
            let texts = hasIntervals ? row.texts : Array(row.texts.dropLast())
            let cells = [row.metric.truncated(toColumns: 24)] + texts
            table.addRow(cells.map { TerminalTable.Cell($0) })
        }
        return bold(subject) + "\n" + table.render(isTerminal: isStyled, width: width)
    }
}

/// What `rennbahn compare --json` prints.
package struct ComparisonDocument: Encodable, Equatable, Sendable {
    package let schema = "rennbahn-compare/1"
    package let comparisons: [Comparison]

    package init(_ comparisons: [Comparison]) {
        self.comparisons = comparisons
    }
}
