import RennbahnMeasurement
import RennbahnTrial

/// The figures that two documents have in common, and where their settings differ.
struct Pairing {
    private(set) var rows: [Comparison.Row] = []
    private(set) var differences: [Comparison.Difference] = []
    private(set) var unmatched: [String] = []

    // MARK: Runs

    /// Single runs are compared whatever they are, and their differences told; of several those go together that did the same.
    init(_ base: ResultsDocument, _ other: ResultsDocument) {
        if base.cells.count == 1, other.cells.count == 1 {
            let (one, two) = (base.cells[0], other.cells[0])
            differences = Comparison.differences(RunSection.settings(one), RunSection.settings(two))
            add(one, two)
            return
        }
        for cell in base.cells {
            if let match = other.cells.first(where: { $0.parameters.isSameCell(ofAnyRouter: cell.parameters) }) {
                add(cell, match)
            } else {
                unmatched.append("only the first has \(cell.title)")
            }
        }
        for cell in other.cells
        where !base.cells.contains(where: { $0.parameters.isSameCell(ofAnyRouter: cell.parameters) }) {
            unmatched.append("only the other has \(cell.title)")
        }
    }

    private mutating func add(_ base: ResultCell, _ other: ResultCell) {
        let subject = base.title
        let (one, two) = (base.measurements, other.measurements)
        add(subject, "messages/s", .perSecond, one.messagesPerSecond, two.messagesPerSecond)
        add(
            subject, "router CPU/message", .microseconds, one.router?.cpuMicrosecondsPerMessage?.total,
            two.router?.cpuMicrosecondsPerMessage?.total)
        add(
            subject, "generator CPU/message", .microseconds, one.generator.cpuMicrosecondsPerMessage?.total,
            two.generator.cpuMicrosecondsPerMessage?.total)
        add(subject, "octets/message", .octets, one.wire.bytesPerMessage, two.wire.bytesPerMessage)
        add(subject, one.latency.response.summary, two.latency.response.summary)
    }

    private mutating func add(_ subject: String, _ base: LatencySummary, _ other: LatencySummary) {
        guard base.count > 0, other.count > 0 else { return }
        let figures: [(String, UInt64, UInt64)] = [
            ("p50", base.p50, other.p50), ("p90", base.p90, other.p90), ("p99", base.p99, other.p99),
            ("p99.9", base.p999, other.p999), ("most", base.max, other.max),
        ]
        for (name, one, two) in figures { add(subject, name, .nanoseconds, Double(one), Double(two)) }
    }

    /// What is no ratio of two numbers is left out.
    private mutating func add(
        _ subject: String, _ metric: String, _ unit: Comparison.Row.Unit, _ base: Double?, _ other: Double?,
        _ interval: Told? = nil
    ) {
        guard let base, let other, base > 0, (other / base).isFinite else { return }
        let told = interval.flatMap { $0.lower.isFinite && $0.upper.isFinite ? $0 : nil }
        rows.append(
            Comparison.Row(
                subject: subject, metric: metric, base: base, other: other, ratio: other / base, lower: told?.lower,
                upper: told?.upper, unit: unit))
    }

    // MARK: Trials

    init(_ base: TrialDocument, _ other: TrialDocument) {
        differences = Comparison.differences([("command", base.command)], [("command", other.command)])
        for trial in base.trials {
            let name = "\(trial.work), \(trial.load)"
            guard let match = other.trials.first(where: { $0.work == trial.work && $0.load == trial.load }) else {
                unmatched.append("only the first has \(name)")
                continue
            }
            let settings = Comparison.differences(Pairing.settings(trial), Pairing.settings(match))
            differences += settings.map {
                Comparison.Difference(what: "\(name): \($0.what)", base: $0.base, other: $0.other)
            }
            add(trial, match, name)
        }
        for trial in other.trials
        where !base.trials.contains(where: { $0.work == trial.work && $0.load == trial.load }) {
            unmatched.append("only the other has \(trial.work), \(trial.load)")
        }
    }

    private static func settings(_ trial: TrialResult) -> [(name: String, value: String)] {
        // An open loop's rate is looked for in each run anew; the first side is what ratios are of.
        [
            ("clients", "\(trial.clients)"), ("window of a turn", "\(HumanNumber.plain(trial.windowSeconds)) s"),
            ("first side", trial.sides.first?.name ?? HumanNumber.absent),
        ]
    }

    private mutating func add(_ base: TrialResult, _ other: TrialResult, _ name: String) {
        for side in base.sides where side.role != .twin {
            guard let match = other.sides.first(where: { $0.name == side.name && $0.role == side.role }) else {
                unmatched.append("only the first has \(name), \(side.name)")
                continue
            }
            let subject = "\(name), \(side.name)"
            let units: [(TrialMetric, String, Comparison.Row.Unit)] = [
                (.rate, "messages/s", .perSecond), (.routerCPU, "router CPU/message", .microseconds),
                (.bytes, "octets/message", .octets),
            ]
            for (metric, title, unit) in units {
                add(subject, title, unit, side.figures[metric]?.value, match.figures[metric]?.value)
                guard let one = side.ratios[metric], let two = match.ratios[metric],
                    base.sides.first?.name == other.sides.first?.name
                else { continue }
                add(
                    subject, "  to \(base.sides.first?.name ?? "")", .ratio, one.value, two.value,
                    two.times(one.fitting(1)))
            }
        }
    }
}
