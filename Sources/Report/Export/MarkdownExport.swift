import RennbahnMeasurement
import RennbahnTrial

/// Results as GitHub-flavoured Markdown, for a pull request or a job's summary.
enum MarkdownExport {
    static func text(of document: ResultsDocument) -> String {
        var parts: [String] = []
        if let cell = document.cells.first, document.cells.count == 1 {
            parts = ["## \(icon(cell.verdict)) \(heading("\(cell.verdict.outcome): \(cell.title)"))\n", figures(cell)]
        } else {
            parts = ["## \(document.cells.count.of("run"))\n", rows(document.cells)]
        }
        if let reason = document.incompleteReason {
            parts.append("- ⚠️ the run did not come to its end: \(heading(reason))\n")
        }
        for cell in document.cells {
            if let conditions = cell.conditions, !conditions.isEmpty { parts.append(table(conditions)) }
            let whose = document.cells.count > 1 ? "\(cell.title): " : ""
            let lines = remarks(cell).map { "- \($0.icon) \(heading(whose + $0.text))\n" }
            if !lines.isEmpty { parts.append(lines.joined()) }
        }
        if let goals = document.goals, !goals.isEmpty { parts.append(table(goals)) }
        return (parts + [environment(document.environment)]).joined(separator: "\n")
    }

    static func text(of document: TrialDocument) -> String {
        var parts = ["## \(heading("rennbahn \(document.command)"))\n"]
        if !document.complete { parts.append("- ⚠️ the run was interrupted\n") }
        for trial in document.trials {
            let name = "\(trial.work), \(trial.load), \(trial.clients.of("client"))"
            parts.append("### \(heading(name))\n")
            parts.append(table(trial))
            var lines: [String] = []
            for side in trial.sides where !side.verification.isClean {
                lines.append("- ❌ \(heading("\(side.name): \(side.verification.summary)"))\n")
            }
            for side in trial.sides {
                if let problem = side.problem { lines.append("- ⚠️ \(heading("\(side.name): \(problem)"))\n") }
            }
            for remark in trial.remarks { lines.append("- \(heading(remark))\n") }
            if !lines.isEmpty { parts.append(lines.joined()) }
        }
        if let goals = document.goals, !goals.isEmpty { parts.append(table(goals)) }
        return (parts + [environment(document.environment)]).joined(separator: "\n")
    }

    /// Where from, in small print.
    private static func environment(_ environment: RunEnvironment) -> String {
        let lines = BenchText.environment(environment).split(separator: "\n").map { GateMarkdown.escaped(String($0)) }
        return "<sub>\(lines.joined(separator: "<br>"))</sub>\n"
    }

    /// A line of text that is only text.
    private static func heading(_ text: String) -> String {
        GateMarkdown.escaped(text.split(whereSeparator: \.isNewline).joined(separator: " "))
    }

    // MARK: Runs

    private static func figures(_ cell: ResultCell) -> String {
        let measured = cell.measurements
        var table = MarkdownTable(["figure", "value"])
        table.addRow([
            "messages", "\(rate(measured)) (\(measured.messages) in \(HumanNumber.plain(measured.seconds)) s)",
        ])
        let latency = measured.latency
        let latencies: [(String, LatencyFigure?)] = [
            ("response", latency.response), ("service", latency.service), ("last subscriber", latency.lastSubscriber),
            ("schedule lag", latency.lag),
        ]
        for (name, figure) in latencies {
            guard let summary = figure?.summary, summary.count > 0 else { continue }
            table.addRow([name, text(summary)])
        }
        if let unanswered = latency.unanswered {
            table.addRow([
                "never answered", "\(unanswered.count), counted as at least \(duration(unanswered.atLeast))",
            ])
        }
        table.addRow(["wire", "\(HumanNumber.plain(measured.wire.bytesPerMessage)) B per message"])
        if let router = measured.router { table.addRow(["router", text(router)]) }
        table.addRow(["generator", text(measured.generator)])
        if let saturated = measured.saturated { table.addRow(["saturated", saturated.rawValue]) }
        let checked = measured.verification
        table.addRow(["verification", "\(checked.summary) (\(checked.received) received of \(checked.expected))"])
        return table.text
    }

    private static func rows(_ cells: [ResultCell]) -> String {
        var table = MarkdownTable(
            ["run", "verdict", "messages/s", "router µs/message", "generator µs/message", "B/message", "p50", "p99"],
            numbersFrom: 2)
        for cell in cells {
            let measured = cell.measurements
            let response = measured.latency.response.summary
            table.addRow([
                cell.title, "\(icon(cell.verdict)) \(cell.verdict.outcome)", rate(measured), cost(measured.router),
                cost(measured.generator), HumanNumber.plain(measured.wire.bytesPerMessage),
                quantile(response.p50, response),
                quantile(response.p99, response),
            ])
        }
        return table.text
    }

    private static func table(_ conditions: [ConditionOutcome]) -> String {
        var table = MarkdownTable(["required", "verdict", "seen"])
        for condition in conditions {
            let verdict =
                switch condition.verdict {
                case .holds: "✅ holds"
                case .broken: "❌ does not hold"
                case .untold: "⚠️ cannot be told"
                }
            let seen = [condition.seenText, condition.note].compactMap { $0 }.joined(separator: "; ")
            table.addRow([condition.condition, verdict, seen])
        }
        return table.text
    }

    /// What a reader must know before using a figure.
    private static func remarks(_ cell: ResultCell) -> [(icon: String, text: String)] {
        var remarks: [(icon: String, text: String)] = []
        for reason in cell.verdict.reasons { remarks.append((icon: "❌", text: reason.description)) }
        for violation in cell.measurements.violations ?? [] { remarks.append((icon: "❌", text: violation)) }
        for warning in cell.warnings ?? [] { remarks.append((icon: "⚠️", text: warning.description)) }
        return remarks
    }

    private static func icon(_ verdict: Verdict) -> String {
        switch verdict {
        case .valid: "✅"
        case .invalid: "⚠️"
        case .verificationFailed: "❌"
        }
    }

    // MARK: Trials

    private static func table(_ trial: TrialResult) -> String {
        var table = MarkdownTable(
            [
                "format", "limit", "messages/s", "router µs/message", "router CPU to first", "generator µs/message",
                "B/message", "p50", "p99",
            ], numbersFrom: 2)
        for side in trial.sides where side.role != .twin {
            table.addRow([
                side.name, side.limit?.rawValue ?? HumanNumber.absent,
                told(side.figures[.rate], HumanNumber.count), told(side.figures[.routerCPU], HumanNumber.plain),
                side.role == .baseline ? "1" : ratio(side), told(side.figures[.generatorCPU], HumanNumber.plain),
                told(side.figures[.bytes], HumanNumber.plain), quantile(side.response.p50, side.response),
                quantile(side.response.p99, side.response),
            ])
        }
        return table.text
    }

    /// `4.73 ±0.4%`.
    private static func told(_ figure: Told?, _ text: (Double) -> String) -> String {
        figure.map { "\(text($0.value)) \(HumanNumber.reach($0.precision))" } ?? HumanNumber.absent
    }

    /// `0.990 ±1.1% less`.
    private static func ratio(_ side: SideResult) -> String {
        let text = told(side.ratios[.routerCPU], HumanNumber.thousandth)
        guard let finding = side.findings[.routerCPU] else { return text }
        switch finding {
        case .less: return text + " less"
        case .more: return text + " more"
        case .noDifferenceShown: return text + " same?"
        }
    }

    private static func table(_ goals: [GoalOutcome]) -> String {
        var table = MarkdownTable(["goal", "verdict", "note"])
        for goal in goals { table.addRow([GoalTable.line(goal), goal.verdict.rawValue, goal.note ?? ""]) }
        return table.text
    }

    // MARK: Figures

    private static func rate(_ measured: CellMeasurements) -> String {
        (measured.lowerBound ? "≥ " : "") + HumanNumber.rate(measured.messagesPerSecond)
    }

    private static func text(_ summary: LatencySummary) -> String {
        let figures =
            [
                "p50": summary.p50, "p90": summary.p90, "p99": summary.p99, "p99.9": summary.p999, "max": summary.max,
            ] as KeyValuePairs
        return figures.map { "\($0) \(duration($1))" }.joined(separator: ", ")
    }

    private static func text(_ process: ProcessFigures) -> String {
        var parts = ["\(HumanNumber.percent(process.cpuShare)) of \(process.cores.of("core"))"]
        if process.cpuMicrosecondsPerMessage != nil { parts.append("\(cost(process)) µs per message") }
        if process.residentBytes > 0 { parts.append("\(HumanNumber.bytes(Double(process.residentBytes))) resident") }
        return parts.joined(separator: ", ")
    }

    private static func cost(_ process: ProcessFigures?) -> String {
        process?.cpuMicrosecondsPerMessage.map { HumanNumber.plain($0.total) } ?? HumanNumber.absent
    }

    private static func quantile(_ nanoseconds: UInt64, _ summary: LatencySummary) -> String {
        summary.count > 0 ? duration(nanoseconds) : HumanNumber.absent
    }

    private static func duration(_ nanoseconds: UInt64) -> String {
        HumanNumber.duration(nanoseconds: Double(nanoseconds))
    }
}
