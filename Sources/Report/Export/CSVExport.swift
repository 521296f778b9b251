import RennbahnMeasurement
import RennbahnTrial

/// Results as comma-separated values (RFC 4180), a line of names first.
enum CSVExport {
    // MARK: A run

    /// A line an interval.
    static func intervals(of document: ResultsDocument) throws(ExportRefusal) -> String {
        guard let intervals = document.intervals, !intervals.isEmpty else {
            throw ExportRefusal("the file has no intervals, which only those of rennbahn load --results have")
        }
        var table = CSVTable([
            "at_s", "length_s", "phase", "connections", "outstanding", "errors", "messages", "messages_per_s",
            "responses",
            "p50_ns", "p90_ns", "p99_ns", "p999_ns", "max_ns", "window_p50_ns", "window_p99_ns", "window_max_ns",
            "generator_cpu_s", "router_cpu_s",
        ])
        for interval in intervals {
            let (own, window) = (interval.latency?.summary, interval.response)
            table.addRow([
                .number(interval.at), .number(interval.seconds), .text(interval.phase), .number(interval.connections),
                .number(interval.outstanding), .number(interval.errors), .number(interval.messages),
                .number(interval.messagesPerSecond), .number(own?.count), .number(own?.p50), .number(own?.p90),
                .number(own?.p99), .number(own?.p999), .number(own?.max), .number(window?.p50), .number(window?.p99),
                .number(window?.max), .number(interval.generatorSeconds), .number(interval.routerSeconds),
            ])
        }
        return table.text
    }

    /// A line a sample of what both sides used.
    static func resources(of document: ResultsDocument) throws(ExportRefusal) -> String {
        let samples = (document.intervals ?? []).flatMap { $0.resources ?? [] }
        guard !samples.isEmpty else {
            throw ExportRefusal(
                "the file has no samples of resources, which only those of rennbahn load --results have")
        }
        let figures = [
            "cpu_s", "user_s", "system_s", "resident_bytes", "voluntary_switches", "involuntary_switches",
            "run_queue_s",
        ]
        var names = ["at_s", "length_s", "steal_share"]
        for side in ["generator", "router"] { names += figures.map { "\(side)_\($0)" } }
        var table = CSVTable(names)
        for sample in samples {
            let when: [CSVTable.Field] = [.number(sample.at), .number(sample.seconds), .number(sample.stealShare)]
            table.addRow(when + fields(sample.generator) + fields(sample.router))
        }
        return table.text
    }

    private static func fields(_ side: SideResources?) -> [CSVTable.Field] {
        [
            .number(side?.cpuSeconds), .number(side?.userSeconds), .number(side?.systemSeconds),
            .number(side?.residentBytes), .number(side?.voluntarySwitches), .number(side?.involuntarySwitches),
            .number(side?.runQueueSeconds),
        ]
    }

    // MARK: Trials

    /// A line for each figure of each side, with its interval of 95 %; a side without figures has one that says why.
    static func figures(of document: TrialDocument) throws(ExportRefusal) -> String {
        guard !document.trials.isEmpty else { throw ExportRefusal("the file holds no trials") }
        var table = CSVTable([
            "work", "load", "clients", "offered_rate", "side", "role", "metric", "unit", "value", "lower", "upper",
            "turns", "starts", "ratio", "ratio_lower", "ratio_upper", "finding", "limit", "problem",
        ])
        for trial in document.trials {
            for side in trial.sides { addRows(side, trial, to: &table) }
        }
        return table.text
    }

    private static func addRows(_ side: SideResult, _ trial: TrialResult, to table: inout CSVTable) {
        let whose: [CSVTable.Field] = [
            .text(trial.work), .text(trial.load), .number(trial.clients), .number(trial.offeredRate), .text(side.name),
            .text(side.role.rawValue),
        ]
        let why: [CSVTable.Field] = [.text(side.limit?.rawValue), .text(side.problem)]
        func add(_ metric: String?, _ unit: String?, _ figure: Told?, _ ratio: Told?, _ finding: Finding?) {
            let figures: [CSVTable.Field] = [
                .text(metric), .text(unit), .number(figure?.value), .number(figure?.lower), .number(figure?.upper),
                .number(figure?.turns), .number(figure?.starts), .number(ratio?.value), .number(ratio?.lower),
                .number(ratio?.upper), .text(finding?.rawValue),
            ]
            table.addRow(whose + figures + why)
        }
        let told = TrialMetric.allCases.filter { side.figures[$0] != nil || side.ratios[$0] != nil }
        for metric in told {
            add(metric.rawValue, metric.unit, side.figures[metric], side.ratios[metric], side.findings[metric])
        }
        if let ratio = side.floorRatio { add("floor-ratio", nil, ratio, nil, nil) }
        if told.isEmpty, side.floorRatio == nil { add(nil, nil, nil, nil, nil) }
    }
}

/// Rows of as many fields as there are names.
struct CSVTable {
    struct Field {
        let content: String

        /// Empty where there is nothing.
        static func text(_ text: String?) -> Field { Field(content: text ?? "") }

        /// As it is read back without loss.
        static func number<Number: LosslessStringConvertible>(_ number: Number?) -> Field {
            Field(content: number.map { $0.description } ?? "")
        }
    }

    private(set) var text = ""
    private let columns: Int

    init(_ names: [String]) {
        columns = names.count
        addRow(names.map { Field.text($0) })
    }

    mutating func addRow(_ fields: [Field]) {
        precondition(fields.count == columns)
        text += fields.map { CSVTable.quoted($0.content) }.joined(separator: ",") + "\r\n"
    }

    /// What holds a comma, a quote or a line end stands in quotes, which are doubled within.
    private static func quoted(_ field: String) -> String {
        guard field.unicodeScalars.contains(where: { ",\"\r\n".unicodeScalars.contains($0) }) else { return field }
        var text = "\""
        for scalar in field.unicodeScalars {
            if scalar == "\"" { text += "\"" }
            text.unicodeScalars.append(scalar)
        }
        return text + "\""
    }
}

extension TrialMetric {
    /// Of its figures.
    fileprivate var unit: String {
        switch self {
        case .routerCPU, .generatorCPU: "µs"
        case .rate: "1/s"
        case .bytes: "B"
        case .batch: ""
        }
    }
}
