import Foundation
package import RennbahnMeasurement

/// Goals, figures and verdicts.
package struct GoalTable {
    /// Whether colours are wanted and understood.
    private let isStyled: Bool
    /// Columns of the terminal; `nil`: as wide as it takes.
    private let width: Int?

    package init(isStyled: Bool, width: Int?) {
        self.isStyled = isStyled
        self.width = width
    }

    package func rows(_ goals: [GoalOutcome]) -> String {
        var table = TerminalTable(columns: [
            .init("work", alignment: .left), .init("goal", alignment: .left), .init("figure", alignment: .left),
            .init("of", alignment: .left, priority: 1), .init("verdict", alignment: .left),
            .init("saturated", alignment: .left, priority: 2), .init("note", alignment: .left, priority: 3),
        ])
        for goal in goals {
            // Why there is no figure stands below, where it is not cut off.
            let note = goal.verdict == .notShown ? nil : goal.note
            table.addRow([
                .init(goal.work), .init(GoalTable.limit(goal)), .init(GoalTable.figure(goal)), .init(goal.unit),
                GoalTable.verdict(goal.verdict), .init(goal.saturated?.rawValue ?? HumanNumber.absent),
                .init(note ?? ""),
            ])
        }
        return table.render(isTerminal: isStyled, width: width)
    }

    /// What a reader must know before using a verdict: one line a fact. Empty when all is well.
    package func notes(_ goals: [GoalOutcome]) -> String {
        var lines = goals.filter { $0.verdict == .notShown }.map { goal in
            let line = "not shown  \(goal.work): \(goal.note ?? "there is no figure")"
            return TextStyle.yellow.apply(to: line.printable, isTerminal: isStyled)
        }
        if goals.contains(where: { $0.verdict == .undecided }) {
            let line =
                "undecided  the limit lies within the interval of 95 %: more starts (--starts) may tell"
            lines.append(TextStyle.yellow.apply(to: line, isTerminal: isStyled))
        }
        return lines.isEmpty ? "" : lines.joined(separator: "\n") + "\n"
    }

    /// `pubsub 1→100, 32 B: 0.305 ±0.9% µs per event, reached`: for progress.
    package static func line(_ goal: GoalOutcome) -> String {
        "\(goal.work): \(figure(goal)) \(goal.unit), \(verdict(goal.verdict).text)"
    }

    /// `≤ 1.10`.
    private static func limit(_ goal: GoalOutcome) -> String {
        let sign =
            switch goal.bound {
            case .atMost: "≤"
            case .atLeast: "≥"
            }
        return "\(sign) \(HumanNumber.count(goal.limit))"
    }

    /// `1.310 ±0.4%`: as many digits as tell it from a limit that is close.
    private static func figure(_ goal: GoalOutcome) -> String {
        guard let figure = goal.figure else { return HumanNumber.absent }
        let text = figure.magnitude < 9.9995 ? HumanNumber.thousandth(figure) : HumanNumber.count(figure)
        guard let lower = goal.lower, let upper = goal.upper, lower > 0, upper >= lower else { return text }
        return text + " " + HumanNumber.reach(expm1(log(upper / lower) / 2))
    }

    private static func verdict(_ verdict: GoalOutcome.Verdict) -> TerminalTable.Cell {
        switch verdict {
        case .reached: .init("reached", style: .green)
        case .missed: .init("missed", style: .red)
        case .undecided: .init("undecided", style: .yellow)
        case .notShown: .init("not shown", style: .yellow)
        }
    }
}
