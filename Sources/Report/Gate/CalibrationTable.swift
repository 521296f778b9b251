package import RennbahnGate
import RennbahnTrial

/// What a machine's noise means for the gate.
package enum CalibrationTable {
    package static func render(_ calibration: Calibration, isTerminal: Bool) -> String {
        var table = TerminalTable(columns: [
            .init("cell", alignment: .left), .init("metric", alignment: .left), .init("noise", "of a pair"),
            .init("tolerance"), .init("false alarms", "of stretches"), .init("10 pairs", "show from"),
            .init("20 pairs", "show from"), .init("30 pairs", "show from"),
        ])
        for row in calibration.rows {
            let alarms = "\(row.falseAlarms.hits)/\(row.falseAlarms.trials)"
            table.addRow(
                [
                    .init(row.cell), .init(row.metric.title), .init(GateText.percent(row.deviation)),
                    .init(GateText.percent(row.tolerance)),
                    .init(alarms, style: row.falseAlarms.rate > 0.02 ? .yellow : .plain),
                ] + row.detectable.map { .init(GateText.percent($0.change)) })
        }
        let pairs =
            calibration.suggestedPairs.map { "--pairs \($0)" } ?? "another machine: a hundred pairs would not do"
        let suggestion =
            "to find 10 % nineteen times of twenty: \(pairs) --tolerance \(calibration.suggestedTolerance * 100)\n"
        return table.render(isTerminal: isTerminal) + "\n"
            + "false alarms: stretches of the pairs that would FAIL once; the gate asks twice before it tells\n"
            + suggestion
    }
}
