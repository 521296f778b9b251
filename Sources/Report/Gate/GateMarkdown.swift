package import RennbahnGate

/// What the gate found as GitHub-flavoured Markdown, for a job's summary or a comment.
package enum GateMarkdown {
    package static func render(_ report: GateReport) -> String {
        var parts = ["## \(icon(report.verdict)) \(escaped(report.headline))\n"]
        if !report.reasons.isEmpty { parts.append(report.reasons.map { "- \(escaped($0))\n" }.joined()) }
        if let warnings = report.warnings {
            parts.append(warnings.map { "- ⚠️ \(escaped($0))\n" }.joined())
        }
        if let paired = report.paired { parts.append(pairedRows(paired)) }
        if let exact = report.exact { parts.append(exactRows(exact)) }
        let facts = BenchText.environment(report.environment).split(separator: "\n").map { escaped(String($0)) }
        parts.append("<sub>\(facts.joined(separator: "<br>"))</sub>\n")
        return parts.joined(separator: "\n")
    }

    private static func pairedRows(_ result: PairedResult) -> String {
        var text = """
            | cell | metric | base | candidate | change (95 % interval) | tolerance | pairs | shows from | verdict |
            | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |

            """
        for cell in result.cells {
            for metric in cell.metrics where metric.verdict != .notMeasured {
                let columns = [
                    cell.name, metric.metric.title, metric.text(metric.base), metric.text(metric.candidate),
                    metric.changeText + arrow(metric), GateText.percent(metric.tolerance),
                    "\(metric.change?.pairs ?? 0)", metric.detectableText, "\(icon(metric)) \(metric.verdictText)",
                ]
                text += "| \(columns.map(escaped).joined(separator: " | ")) |\n"
            }
        }
        return text
    }

    /// Only where the change is certain.
    private static func arrow(_ metric: MetricResult) -> String {
        guard let drawn = metric.drawn else { return "" }
        return drawn.low > 0 ? " ⬆ worse" : drawn.high < 0 ? " ⬇ better" : ""
    }

    private static func exactRows(_ result: ExactResult) -> String {
        let told = result.rows.filter { $0.finding != .same }
        var text = "Exact counts: \(result.rows.count - told.count) of \(result.rows.count) as in the reference.\n"
        guard !told.isEmpty else { return text }
        text += """

            | cell | counter | reference | measured | finding |
            | --- | --- | ---: | ---: | --- |

            """
        for row in told {
            let columns = [
                row.cell, row.counter.title, row.reference.map { "\($0)" } ?? HumanNumber.absent,
                row.measured.map { "\($0)" } ?? HumanNumber.absent, row.finding.rawValue,
            ]
            text += "| \(columns.map(escaped).joined(separator: " | ")) |\n"
        }
        return text
    }

    /// Text that is only text: neither a column's end, nor markup, nor a mention of somebody.
    static func escaped(_ text: String) -> String {
        var safe = ""
        for scalar in text.printable.unicodeScalars {
            switch scalar {
            case "|", "\\", "`", "*", "_", "[", "]", "#", "~": safe += "\\\(scalar)"
            case "<": safe += "&lt;"
            case ">": safe += "&gt;"
            case "&": safe += "&amp;"
            case "@": safe += "@\u{200B}"
            default: safe.unicodeScalars.append(scalar)
            }
        }
        return safe
    }

    private static func icon(_ verdict: GateVerdict) -> String {
        switch verdict {
        case .pass: "✅"
        case .fail, .verificationFailed: "❌"
        case .undecided, .invalid: "⚠️"
        }
    }

    private static func icon(_ metric: MetricResult) -> String {
        switch metric.verdict {
        case .pass: "✅"
        case .fail: metric.isAdvisory ? "⚠️" : "❌"
        case .undecided: "⚠️"
        case .notMeasured: ""
        }
    }
}
