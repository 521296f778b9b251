package import RennbahnGate

/// What the gate found, for a terminal.
package enum GateTable {
    package static func render(_ report: GateReport, isTerminal: Bool) -> String {
        var parts = [BenchText.environment(report.environment)]
        if let exact = report.exact { parts.append(exactRows(exact, isTerminal: isTerminal)) }
        if let paired = report.paired { parts.append(pairedRows(paired, isTerminal: isTerminal)) }
        if !report.reasons.isEmpty {
            parts.append(report.reasons.map { "· " + $0.printable + "\n" }.joined())
        }
        if let warnings = report.warnings {
            let lines = warnings.map { TextStyle.yellow.apply(to: "WARNING  " + $0.printable, isTerminal: isTerminal) }
            parts.append(lines.joined(separator: "\n") + "\n")
        }
        parts.append(style(report.verdict).apply(to: report.headline.printable, isTerminal: isTerminal) + "\n")
        return parts.joined(separator: "\n")
    }

    // MARK: - Tier 0

    /// Rows that are as they should be are only counted.
    private static func exactRows(_ result: ExactResult, isTerminal: Bool) -> String {
        let told = result.rows.filter { $0.finding != .same }
        let same = result.rows.count - told.count
        let summary = "exact counts: \(same) of \(result.rows.count) as in the reference\n"
        guard !told.isEmpty else { return summary }
        var table = TerminalTable(columns: [
            .init("cell", alignment: .left), .init("counter", alignment: .left), .init("reference"), .init("measured"),
            .init("change"), .init("finding", alignment: .left),
        ])
        for row in told {
            table.addRow([
                .init(row.cell), .init(row.counter.title), .init(count(row.reference)), .init(count(row.measured)),
                .init(row.ratio.map { GateText.signed($0) + " %" } ?? HumanNumber.absent),
                .init(row.finding.rawValue, style: row.isFailure ? .red : .green),
            ])
        }
        return summary + table.render(isTerminal: isTerminal)
    }

    private static func count(_ value: Double?) -> String { value.map { "\($0)" } ?? HumanNumber.absent }

    // MARK: - Tier 1

    /// Columns of the drawn intervals.
    private static let scaleWidth = 31

    private static func pairedRows(_ result: PairedResult, isTerminal: Bool) -> String {
        let reach = Worsening.reach(result.cells)
        var table = TerminalTable(columns: [
            .init("cell", alignment: .left), .init("metric", alignment: .left), .init("base"), .init("candidate"),
            .init("change", "%, 95 %", alignment: .left),
            .init(scaleHead(reach), "│ none  ┊ tolerance", alignment: .left),
            .init("pairs"), .init("shows", "from"), .init("verdict", alignment: .left),
        ])
        for (index, cell) in result.cells.enumerated() {
            if index > 0 { table.addSeparator() }
            let measured = cell.metrics.filter { $0.verdict != .notMeasured }
            if measured.isEmpty { table.addRow([.init(cell.name), "nothing was measured"]) }
            for (row, metric) in measured.enumerated() {
                table.addRow([
                    .init(row == 0 ? cell.name : ""), .init(metric.metric.title), .init(metric.text(metric.base)),
                    .init(metric.text(metric.candidate)), .init(metric.changeText), .init(scale(metric, reach: reach)),
                    .init("\(metric.change?.pairs ?? 0)"), .init(metric.detectableText),
                    .init(metric.verdictText, style: style(metric)),
                ])
            }
        }
        return table.render(isTerminal: isTerminal)
    }

    /// `−12 %    better │ worse    +12 %` over the width of the scale.
    private static func scaleHead(_ reach: Double) -> String {
        let (left, right) = ("−" + GateText.percent(reach), "worse +" + GateText.percent(reach))
        let gap = max(1, scaleWidth - left.displayWidth - right.displayWidth)
        return left + String(repeating: " ", count: gap) + right
    }

    /// The interval as a line with its middle; `│` is no change, `┊` the tolerance, and an arrow goes on beyond the scale.
    private static func scale(_ metric: MetricResult, reach: Double) -> String {
        guard let drawn = metric.drawn else { return "" }
        func column(_ share: Double) -> Int {
            let place = (share / reach + 1) / 2 * Double(scaleWidth - 1)
            return Int(max(0, min(Double(scaleWidth - 1), place.rounded())))
        }
        var line = [Character](repeating: " ", count: scaleWidth)
        line[column(0)] = "│"
        line[column(metric.tolerance)] = "┊"
        // The ends need not be in order where a file says them.
        let ends = (column(drawn.low), column(drawn.high))
        for place in min(ends.0, ends.1)...max(ends.0, ends.1) { line[place] = "─" }
        line[column(drawn.low)] = drawn.low < -reach ? "←" : "├"
        line[column(drawn.high)] = drawn.high > reach ? "→" : "┤"
        line[column(drawn.middle)] = "●"
        return String(line)
    }

    private static func style(_ metric: MetricResult) -> TextStyle {
        switch metric.verdict {
        case .pass: .green
        case .fail: metric.isAdvisory ? .yellow : .red
        case .undecided: .yellow
        case .notMeasured: .dim
        }
    }

    private static func style(_ verdict: GateVerdict) -> TextStyle {
        switch verdict {
        case .pass: .green
        case .fail, .verificationFailed: .red
        case .undecided, .invalid: .yellow
        }
    }
}
