package import RennbahnGate
import RennbahnMeasurement

/// What the gate found as one HTML file: no script, nothing from elsewhere, in the reader's choice of light or dark.
package enum GatePage {
    package static func render(_ report: GateReport) -> String {
        var body = "<header class=\"\(name(report.verdict))\"><h1>\(report.verdict.word)</h1>"
        body += "<p>\(Markup.escaped(report.candidate)) against \(Markup.escaped(report.base))</p></header>\n"
        if !report.reasons.isEmpty {
            body += "<ul>\n\(report.reasons.map { "<li>\(Markup.escaped($0))</li>\n" }.joined())</ul>\n"
        }
        if let warnings = report.warnings {
            body += "<ul>\n\(warnings.map { "<li>Warning: \(Markup.escaped($0))</li>\n" }.joined())</ul>\n"
        }
        if let paired = report.paired { body += pairedPart(paired) }
        if let exact = report.exact { body += exactPart(exact) }
        body += "<h2>Where and with what</h2>\n"
        for line in BenchText.environment(report.environment).split(separator: "\n") {
            body += "<p class=\"facts\">\(Markup.escaped(String(line)))</p>\n"
        }
        body +=
            "<p class=\"facts\"><code>\(Markup.escaped(report.environment.commandLine.joined(separator: " ")))</code></p>\n"
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>\(Markup.escaped(report.headline))</title>
            <style>
            \(style)
            </style>
            </head>
            <body>
            \(body)</body>
            </html>

            """
    }

    // MARK: - Tier 1

    private static func pairedPart(_ result: PairedResult) -> String {
        var html = "<h2>Changes, with 95 % intervals</h2>\n"
        html += ForestPlot.render(result.cells)
        html += """
            <p class="facts">A dot is a pair: both builds, one after the other. The band is what is tolerated. A metric fails \
            if its interval lies beyond the band, twice; it passes if the interval ends within.</p>

            """
        let heads = [
            "cell", "metric", "base", "candidate", "change", "confirmation", "control", "tolerance", "pairs",
            "worse in",
            "shows from", "verdict",
        ]
        var rows = ""
        for cell in result.cells {
            for metric in cell.metrics where metric.verdict != .notMeasured { rows += row(cell, metric) }
        }
        html += table(heads, rows)
        let dropped = result.cells.map { "\($0.name): \($0.droppedPairs) of \($0.attemptedPairs)" }
        html +=
            "<p class=\"facts\">Pairs dropped because of an invalid block: \(Markup.escaped(dropped.joined(separator: " · ")))"
        return html + ". Blocks: \(result.blocks.count), seed \(result.settings.seed).</p>\n"
    }

    private static func row(_ cell: CellResult, _ metric: MetricResult) -> String {
        let columns = [
            cell.name, metric.metric.title, metric.text(metric.base), metric.text(metric.candidate), metric.changeText,
            metric.confirmation.map(GateText.change) ?? HumanNumber.absent,
            metric.control.map(GateText.change) ?? HumanNumber.absent, GateText.percent(metric.tolerance),
            "\(metric.change?.pairs ?? 0)", "\(metric.worsePairs)", metric.detectableText,
        ]
        let cells = columns.map { "<td>\(Markup.escaped($0))</td>" }.joined()
        return "<tr>\(cells)<td class=\"\(ForestPlot.name(metric))\">\(metric.verdictText)</td></tr>\n"
    }

    // MARK: - Tier 0

    private static func exactPart(_ result: ExactResult) -> String {
        let same = result.rows.count { $0.finding == .same }
        var html = "<h2>Exact counts</h2>\n<p>\(same) of \(result.rows.count) as in the reference.</p>\n"
        let rows = result.rows.map { row in
            let columns = [
                row.cell, row.counter.title, row.reference.map { "\($0)" } ?? HumanNumber.absent,
                row.measured.map { "\($0)" } ?? HumanNumber.absent,
                row.ratio.map { GateText.signed($0) + " %" } ?? HumanNumber.absent,
            ]
            let cells = columns.map { "<td>\(Markup.escaped($0))</td>" }.joined()
            let name = row.isFailure ? "bad" : "good"
            return "<tr>\(cells)<td class=\"\(name)\">\(row.finding.rawValue)</td></tr>\n"
        }
        if !rows.isEmpty {
            html += table(["cell", "counter", "reference", "measured", "change", "finding"], rows.joined())
        }
        return html
    }

    private static func table(_ heads: [String], _ rows: String) -> String {
        let head = heads.map { "<th scope=\"col\">\($0)</th>" }.joined()
        return
            "<div class=\"wide\"><table>\n<thead><tr>\(head)</tr></thead>\n<tbody>\n\(rows)</tbody>\n</table></div>\n"
    }

    private static func name(_ verdict: GateVerdict) -> String {
        switch verdict {
        case .pass: "good"
        case .fail, .verificationFailed: "bad"
        case .undecided, .invalid: "open"
        }
    }

    private static let style = """
        :root { --back: #fff; --ink: #1d2433; --quiet: #5d6678; --line: #d9dee8; --band: #eef1f6;
          --good: #1a7f45; --bad: #c62f2f; --open: #8f6200; }
        @media (prefers-color-scheme: dark) {
          :root { --back: #14181f; --ink: #e6eaf2; --quiet: #98a2b5; --line: #333b49; --band: #222936;
            --good: #57c785; --bad: #ff7b72; --open: #e3b341; } }
        body { margin: 2rem auto; max-width: 64rem; padding: 0 1rem; background: var(--back); color: var(--ink);
          font: 15px/1.5 system-ui, sans-serif; }
        header { border-left: .5rem solid; padding-left: 1rem; }
        header p { color: var(--ink); }
        h1 { margin: 0; font-size: 1.8rem; }
        h2 { font-size: 1.15rem; margin-top: 2rem; }
        .good { color: var(--good); } .bad { color: var(--bad); } .open { color: var(--open); }
        .facts { color: var(--quiet); font-size: .85rem; margin: .3rem 0; }
        .wide { overflow-x: auto; }
        table { border-collapse: collapse; font-size: .85rem; font-variant-numeric: tabular-nums; }
        th, td { padding: .3rem .6rem; border-bottom: 1px solid var(--line); text-align: left; white-space: nowrap; }
        .forest { width: 100%; height: auto; font-size: 12px; }
        .forest text { fill: var(--ink); } .forest .cell { font-weight: 600; }
        .forest .tick { fill: var(--quiet); text-anchor: middle; }
        .forest .grid { stroke: var(--line); } .forest .none { stroke: var(--quiet); }
        .forest .tolerated { fill: var(--band); } .forest .pair { fill: var(--quiet); opacity: .5; }
        .forest .interval { stroke: currentColor; stroke-width: 2; } .forest .middle { fill: currentColor; }
        """
}
