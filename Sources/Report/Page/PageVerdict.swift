import RennbahnMeasurement
import RennbahnTrial

/// What a reader must know first: whether the figures may be used, and why not.
struct PageVerdict: Equatable {
    var word: String
    /// `good`, `bad` or `open`, of the style sheet.
    var style: String
    var reasons: [String]

    /// What is worst gives the word; all reasons are told.
    init(_ document: ResultsDocument) {
        let cells = document.cells
        let several = cells.count > 1
        reasons = document.incompleteReason.map { ["The run did not come to its end: \($0)"] } ?? []
        for cell in cells {
            let whose = several ? "\(cell.title): " : ""
            if !cell.measurements.verification.isClean {
                reasons.append("\(whose)verification: \(cell.measurements.verification.summary)")
            }
            reasons += cell.verdict.reasons.map { "\(whose)\($0)" }
            reasons += (cell.conditions ?? []).filter { $0.verdict != .holds }.map { "\(whose)\($0.line)" }
        }
        let outcomes = Set(cells.map(\.verdict.outcome))
        let conditions = Set(cells.flatMap { $0.conditions ?? [] }.map(\.verdict))
        let goals = Set((document.goals ?? []).map(\.verdict))
        if outcomes.contains("verification-failed") {
            (word, style) = ("failed", "bad")
        } else if document.complete == false {
            (word, style) = ("interrupted", "open")
        } else if outcomes.contains("invalid") {
            (word, style) = ("invalid", "bad")
        } else if conditions.contains(.broken) || goals.contains(.missed) {
            (word, style) = ("valid, and a threshold is missed", "bad")
        } else if cells.isEmpty {
            (word, style) = ("nothing was measured", "open")
        } else {
            (word, style) = ("valid", "good")
        }
    }

    init(_ document: TrialDocument) {
        reasons = document.complete ? [] : ["The run was interrupted: the groups that it had measured are told."]
        var (isFaulty, lacks) = (false, false)
        for trial in document.trials {
            for side in trial.sides {
                let whose = "\(trial.work), \(trial.load), \(side.name)"
                if !side.verification.isClean {
                    reasons.append("\(whose): verification: \(side.verification.summary)")
                    isFaulty = true
                }
                if let problem = side.problem {
                    reasons.append("\(whose): \(problem)")
                    lacks = true
                }
            }
        }
        let isMissed = document.goals?.contains { $0.verdict == .missed } == true
        if isFaulty {
            (word, style) = ("failed", "bad")
        } else if !document.complete {
            (word, style) = ("interrupted", "open")
        } else if isMissed {
            (word, style) = ("a goal is missed", "bad")
        } else if document.trials.isEmpty && document.goals?.isEmpty != false {
            (word, style) = ("nothing was measured", "open")
        } else if lacks {
            (word, style) = ("some sides tell nothing", "open")
        } else {
            (word, style) = ("valid", "good")
        }
    }
}
