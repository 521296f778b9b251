import RennbahnMeasurement
import RennbahnReport
import RennbahnTrial

/// What the sides of one group did, as goals ask for it: router CPU per message, and what it is to that of others.
struct GoalFigures {
    /// `nil` where nothing was measured.
    let result: TrialResult?

    /// A goal for a side's own CPU time per message, in µs.
    func cost(_ side: String, _ work: String, atMost limit: Double, _ unit: String) -> GoalOutcome {
        outcome(work, .atMost, limit, unit, cpu(side), of: [side], note: nil)
    }

    /// A goal for the messages that a second of CPU time pays for.
    func perCoreSecond(_ side: String, _ work: String, atLeast limit: Double, _ unit: String) -> GoalOutcome {
        outcome(work, .atLeast, limit, unit, cpu(side)?.fitting(1_000_000), of: [side], note: nil)
    }

    /// A goal for the baseline's CPU time over the floor's.
    ///
    /// - Parameter beside: a side that is told of, too.
    func toFloor(
        _ work: String, atMost limit: Double, _ unit: String, beside: String? = nil
    ) -> GoalOutcome {
        guard let result, let own = result.sides.first else { return unmeasured(work, .atMost, limit, unit) }
        guard let floor = result.sides.first(where: { $0.role == .floor }) else {
            return GoalOutcome(work, .atMost, limit, unit, figure: nil, note: "needs --c-floor")
        }
        // The ratio of the turns says nothing of what became of either side.
        let ratio = cpu(own.name) == nil || cpu(floor.name) == nil ? nil : own.floorRatio
        var note = costs(own.name, floor.name)
        if let beside, let cpu = cpu(beside) { note = note.map { $0 + "; \(beside): \(GoalFigures.text(cpu))" } }
        return outcome(work, .atMost, limit, unit, ratio, of: [own.name, floor.name], note: note)
    }

    /// A goal for a side's CPU time over the baseline's.
    func toBaseline(
        _ side: String, _ work: String, _ bound: GoalOutcome.Bound, _ limit: Double, _ unit: String
    ) -> GoalOutcome {
        guard let result, let own = result.sides.first else { return unmeasured(work, bound, limit, unit) }
        let ratio = cpu(own.name) == nil || cpu(side) == nil ? nil : result.side(side)?.ratios[.routerCPU]
        let note = costs(side, own.name)
        return outcome(work, bound, limit, unit, ratio, of: [side, own.name], note: note)
    }

    // MARK: What it is made of

    /// Nothing from a side that lost or changed messages.
    private func cpu(_ name: String) -> Told? {
        guard let side = result?.side(name), side.verification.isClean else { return nil }
        return side.figures[.routerCPU]
    }

    private func unmeasured(
        _ work: String, _ bound: GoalOutcome.Bound, _ limit: Double, _ unit: String
    ) -> GoalOutcome {
        GoalOutcome(work, bound, limit, unit, figure: nil, note: "nothing was measured")
    }

    /// - Parameter sides: that the figure is made of, the one that the goal is about first.
    private func outcome(
        _ work: String, _ bound: GoalOutcome.Bound, _ limit: Double, _ unit: String, _ figure: Told?,
        of sides: [String], note: String?
    ) -> GoalOutcome {
        guard let result else { return unmeasured(work, bound, limit, unit) }
        return GoalOutcome(
            work, bound, limit, unit, figure: figure?.value, lower: figure?.lower, upper: figure?.upper,
            saturated: sides.first.flatMap { result.side($0)?.limit?.saturation },
            note: figure == nil ? reason(sides, result) : note)
    }

    /// Why there is no figure: what is wrong with its sides, or that the baseline's twin differs from it.
    private func reason(_ names: [String], _ result: TrialResult) -> String {
        let sides = names.compactMap(result.side) + result.sides.filter { $0.role == .twin }
        for side in sides where !side.verification.isClean { return "\(side.name): \(side.verification.summary)" }
        for side in sides {
            if let problem = side.problem { return "\(side.name): \(problem)" }
        }
        return "too few turns have the figure"
    }

    /// `10.6 µs to 8.081 µs`: what a ratio is made of.
    private func costs(_ one: String, _ other: String) -> String? {
        guard let one = cpu(one), let other = cpu(other) else { return nil }
        return "\(GoalFigures.text(one)) to \(GoalFigures.text(other))"
    }

    private static func text(_ cpu: Told) -> String { HumanNumber.thousandth(cpu.value) + " µs" }
}

extension Limit {
    /// The same in the words of a run that was measured as a whole.
    fileprivate var saturation: Saturation? {
        switch self {
        case .router: .router
        case .generator: .generator
        case .latency: .neither
        case .machine: nil
        }
    }
}
