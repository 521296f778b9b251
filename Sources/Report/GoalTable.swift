package import RennbahnMeasurement

/// Goals, figures and verdicts.
package enum GoalTable {
    package static func render(_ document: ResultsDocument, isTerminal: Bool) -> String {
        var parts = [BenchText.environment(document.environment)]
        parts.append(rows(document.goals ?? [], isTerminal: isTerminal))
        let notes = BenchText.notes(document.cells, isTerminal: isTerminal)
        if !notes.isEmpty { parts.append(notes) }
        return parts.joined(separator: "\n")
    }

    package static func rows(_ goals: [GoalOutcome], isTerminal: Bool) -> String {
        var table = TerminalTable(columns: [
            .init("work", alignment: .left), .init("goal", alignment: .left), .init("figure"),
            .init("verdict", alignment: .left), .init("saturated", alignment: .left), .init("note", alignment: .left),
        ])
        for goal in goals {
            table.addRow([
                .init(goal.work), .init(text(goal)), .init(goal.figure.map(HumanNumber.count) ?? HumanNumber.absent),
                verdict(goal.verdict), .init(goal.saturated?.rawValue ?? HumanNumber.absent), .init(goal.note ?? ""),
            ])
        }
        return table.render(isTerminal: isTerminal)
    }

    /// `≤ 1.10 × C floor`.
    private static func text(_ goal: GoalOutcome) -> String {
        let sign =
            switch goal.bound {
            case .atMost: "≤"
            case .atLeast: "≥"
            }
        return "\(sign) \(HumanNumber.count(goal.limit)) \(goal.unit)"
    }

    private static func verdict(_ verdict: GoalOutcome.Verdict) -> TerminalTable.Cell {
        switch verdict {
        case .reached: .init("reached", style: .green)
        case .missed: .init("missed", style: .red)
        case .notShown: .init("not shown", style: .yellow)
        }
    }
}
