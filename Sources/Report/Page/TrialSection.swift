import RennbahnMeasurement
import RennbahnTrial

/// What a page has of groups of sides that took turns: `bench`, `serializers`.
struct TrialSection {
    /// A file may hold any number of them.
    private static let mostGroups = 100
    private static let mostSides = 40
    private static let mostGoals = 200

    private let document: TrialDocument
    private let advice: [String]

    init(_ document: TrialDocument, _ advice: [String]) {
        self.document = document
        self.advice = advice
    }

    func add(to html: inout HTML) {
        if !advice.isEmpty {
            html.element("h3", "In words")
            for line in advice.prefix(50) { html.element("p", line) }
            html.newLine()
        }
        if let goals = document.goals, !goals.isEmpty {
            html.element("h3", "Goals")
            html.table(["goal", "outcome", "note"], TrialSection.rows(goals))
        }
        addHeat(to: &html)
        for trial in document.trials.prefix(TrialSection.mostGroups) { TrialSection.add(trial, to: &html) }
        let left = document.trials.count - TrialSection.mostGroups
        if left > 0 { html.facts("\(left.of("further group is", "further groups are")) in the file.") }
    }

    static func rows(_ goals: [GoalOutcome]) -> [[PageCell]] {
        goals.prefix(mostGoals).map { goal in
            let style =
                switch goal.verdict {
                case .reached: "good"
                case .missed: "bad"
                case .undecided, .notShown: "open"
                }
            return [
                PageCell(GoalTable.line(goal)), PageCell(goal.verdict.rawValue, style: style),
                PageCell(goal.note ?? ""),
            ]
        }
    }

    // MARK: Heat

    /// For each figure that has ratios: works down, sides across.
    private func addHeat(to html: inout HTML) {
        let trials = document.trials.prefix(TrialSection.mostGroups)
        for metric in TrialMetric.allCases where metric != .batch {
            var names: [String] = []
            for side in trials.flatMap(\.sides) where side.role == .other && side.ratios[metric] != nil {
                if !names.contains(side.name), names.count < TrialSection.mostSides { names.append(side.name) }
            }
            guard !names.isEmpty else { continue }
            let rows = trials.compactMap { TrialSection.heat($0, metric, names) }
            html.element("h3", "\(metric.title), to the first side of each group")
            html.facts(
                "1 is the same. ▼ is less, ▲ is more; “same?” is no difference shown, with what would have been seen.")
            html.table(["work"] + names, rows)
        }
    }

    private static func heat(_ trial: TrialResult, _ metric: TrialMetric, _ names: [String]) -> [PageCell]? {
        let cells = names.map { name -> PageCell in
            guard let side = trial.side(name), let ratio = side.ratios[metric] else {
                return PageCell(HumanNumber.absent)
            }
            return heat(ratio, side.findings[metric], metric)
        }
        guard cells.contains(where: { $0.text != HumanNumber.absent }) else { return nil }
        return [PageCell("\(trial.work), \(trial.load)")] + cells
    }

    /// A colour by size and by whether that is good, and the same in signs.
    static func heat(_ ratio: Told, _ finding: Finding?, _ metric: TrialMetric) -> PageCell {
        let text = "\(HumanNumber.thousandth(ratio.value)) \(HumanNumber.reach(ratio.precision))"
        let isFar = ratio.value < 0.8 || ratio.value > 1.25
        switch finding ?? Finding(ratio) {
        case .noDifferenceShown: return PageCell(text + " same?", style: "same")
        case .less: return PageCell(text + " ▼", style: style(isGood: metric != .rate, isFar))
        case .more: return PageCell(text + " ▲", style: style(isGood: metric == .rate, isFar))
        }
    }

    private static func style(isGood: Bool, _ isFar: Bool) -> String {
        (isGood ? "better" : "worse") + (isFar ? " far" : "")
    }

    // MARK: A group

    private static func add(_ trial: TrialResult, to html: inout HTML) {
        html.element("h3", "\(trial.work), \(trial.load)")
        var facts = trial.clients.of("client")
        if trial.clients < trial.clientsAsked { facts += " of \(trial.clientsAsked) that were asked for" }
        if let rate = trial.offeredRate { facts += ", \(HumanNumber.rate(rate)) offered" }
        facts += ", \(trial.rounds.of("round")) in \(trial.starts.of("start")) of the processes"
        html.facts(facts)
        let rows = trial.sides.filter { $0.role != .twin }.prefix(mostSides).map(row)
        html.table(
            [
                "side", "messages/s", "router µs/message", "router CPU to first", "generator µs/message", "B/message",
                "p50", "p99", "limit",
            ], Array(rows))
        html.list(trial.sides.compactMap { side in side.problem.map { "\(side.name): \($0)" } }, style: "open")
        html.list(
            trial.sides.flatMap { side in (side.warnings ?? []).map { "\(side.name): \($0)" } }, style: "open")
        html.list(trial.remarks)
    }

    private static func row(_ side: SideResult) -> [PageCell] {
        func told(_ metric: TrialMetric, _ text: (Double) -> String) -> PageCell {
            let figure = side.figures[metric].map { "\(text($0.value)) \(HumanNumber.reach($0.precision))" }
            let mark = metric == .rate && side.limit == .generator && figure != nil ? "≥ " : ""
            return PageCell(mark + (figure ?? HumanNumber.absent))
        }
        func time(_ value: UInt64) -> PageCell {
            PageCell(side.response.count > 0 ? HumanNumber.duration(nanoseconds: Double(value)) : HumanNumber.absent)
        }
        let ratio =
            side.ratios[.routerCPU].map { heat($0, side.findings[.routerCPU], .routerCPU) }
            ?? PageCell(side.role == .baseline ? "1" : HumanNumber.absent)
        return [
            PageCell(side.name), told(.rate, HumanNumber.count), told(.routerCPU, HumanNumber.plain), ratio,
            told(.generatorCPU, HumanNumber.plain), told(.bytes, HumanNumber.plain), time(side.response.p50),
            time(side.response.p99), PageCell(side.limit?.rawValue ?? HumanNumber.absent),
        ]
    }
}
