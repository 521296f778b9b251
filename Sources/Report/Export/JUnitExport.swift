import Foundation
import RennbahnMeasurement
import RennbahnTrial

/// What was found, in the XML that JUnit made common and as the schema of Jenkins' xunit plugin has it: verdict, verification and
/// each condition of a run are a case; of trials each side and each goal.
///
/// A failure is what the router did or what does not hold. What says that figures cannot be used is an error, what is not decided
/// is skipped.
enum JUnitExport {
    private struct Case {
        enum Outcome {
            case passed
            case failed(String)
            case skipped(String)
            case broken(String)
        }

        let name: String
        let outcome: Outcome
    }

    private struct Suite {
        let name: String
        /// `pubsub`: what it is of.
        let kind: String
        let cases: [Case]
        /// How long it was measured; nil where that is not one time.
        var seconds: Double?
    }

    static func text(of document: ResultsDocument) -> String {
        let suites = document.cells.map { cell in
            let conditions = (cell.conditions ?? []).map { Case(name: $0.condition, outcome: outcome(of: $0)) }
            return Suite(
                name: cell.title, kind: cell.parameters.scenario,
                cases: [verdict(of: cell), verification(cell.measurements)] + conditions,
                seconds: cell.measurements.seconds)
        }
        return render(suites, date: document.environment.date)
    }

    static func text(of document: TrialDocument) -> String {
        let end = Case(
            name: "all was measured", outcome: document.complete ? .passed : .broken("the run was interrupted"))
        var suites = [Suite(name: document.command, kind: document.command, cases: [end])]
        suites += document.trials.map { trial in
            Suite(
                name: "\(trial.work), \(trial.load)", kind: document.command,
                cases: trial.sides.map { Case(name: $0.name, outcome: outcome(of: $0)) })
        }
        if let goals = document.goals, !goals.isEmpty {
            suites.append(
                Suite(
                    name: "goals", kind: document.command,
                    cases: goals.map { Case(name: "\($0.work), \($0.unit)", outcome: outcome(of: $0)) }))
        }
        return render(suites, date: document.environment.date)
    }

    // MARK: Cases

    private static func verdict(of cell: ResultCell) -> Case {
        let reasons = cell.verdict.reasons.map(\.description)
        let text = ([cell.verdict.outcome] + reasons).joined(separator: "\n")
        let outcome: Case.Outcome =
            switch cell.verdict {
            case .valid: .passed
            case .invalid: .broken(text)
            case .verificationFailed: .failed(text)
            }
        return Case(name: "verdict", outcome: outcome)
    }

    private static func verification(_ measured: CellMeasurements) -> Case {
        guard !measured.verification.isClean else { return Case(name: "verification", outcome: .passed) }
        let text = ([measured.verification.summary] + (measured.violations ?? [])).joined(separator: "\n")
        return Case(name: "verification", outcome: .failed(text))
    }

    private static func outcome(of condition: ConditionOutcome) -> Case.Outcome {
        switch condition.verdict {
        case .holds: .passed
        case .broken: .failed(condition.line)
        case .untold: .broken(condition.line)
        }
    }

    private static func outcome(of side: SideResult) -> Case.Outcome {
        guard side.verification.isClean else { return .failed(side.verification.summary) }
        guard let problem = side.problem else { return .passed }
        return .broken(problem)
    }

    private static func outcome(of goal: GoalOutcome) -> Case.Outcome {
        let text = GoalTable.line(goal) + (goal.note.map { ": \($0)" } ?? "")
        return switch goal.verdict {
        case .reached: .passed
        case .missed: .failed(text)
        case .undecided, .notShown: .skipped(text)
        }
    }

    // MARK: XML

    private static func render(_ suites: [Suite], date: String) -> String {
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        text += "<testsuites name=\"rennbahn\" \(counts(suites.flatMap(\.cases)))>\n"
        for suite in suites {
            let skipped = suite.cases.count { if case .skipped = $0.outcome { true } else { false } }
            var head = "name=\"\(Markup.escaped(suite.name))\" \(counts(suite.cases)) skipped=\"\(skipped)\""
            if let seconds = suite.seconds, seconds.isFinite { head += String(format: " time=\"%.3f\"", seconds) }
            text += "  <testsuite \(head) timestamp=\"\(Markup.escaped(date))\">\n"
            for item in suite.cases { text += render(item, kind: suite.kind) }
            text += "  </testsuite>\n"
        }
        return text + "</testsuites>\n"
    }

    /// The root has no place for those that were skipped.
    private static func counts(_ cases: [Case]) -> String {
        var (failed, broken) = (0, 0)
        for item in cases {
            switch item.outcome {
            case .passed, .skipped: break
            case .failed: failed += 1
            case .broken: broken += 1
            }
        }
        return "tests=\"\(cases.count)\" failures=\"\(failed)\" errors=\"\(broken)\""
    }

    private static func render(_ item: Case, kind: String) -> String {
        let head = "    <testcase classname=\"rennbahn.\(Markup.escaped(kind))\" name=\"\(Markup.escaped(item.name))\""
        func with(_ element: String, _ text: String) -> String {
            // The first line is what lists show, all of it what is read behind a click.
            let line = text.split(separator: "\n", maxSplits: 1).first.map(String.init) ?? ""
            return
                "\(head)>\n      <\(element) message=\"\(Markup.escaped(line))\">\(Markup.escaped(text))</\(element)>\n"
                + "    </testcase>\n"
        }
        switch item.outcome {
        case .passed: return head + "/>\n"
        case .failed(let text): return with("failure", text)
        case .skipped(let text): return with("skipped", text)
        case .broken(let text): return with("error", text)
        }
    }
}
