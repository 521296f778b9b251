/// What somebody changed while a run went, and what was offered all the same.
package struct SteeringFigures: Codable, Equatable, Sendable {
    package var changes: [SteeringChange]
    /// Of an open loop: operations a second that were really due in the window. Absent in a closed one, and where no window began.
    package var offeredRate: Double?
    /// Of the window.
    package var pausedSeconds: Double?

    package init(changes: [SteeringChange], offeredRate: Double?, pausedSeconds: Double?) {
        self.changes = changes
        self.offeredRate = offeredRate
        self.pausedSeconds = pausedSeconds
    }

    /// One line: a reader of the figures must know that they are not of the run that was asked for.
    package var warning: RunWarning {
        var parts: [String] = []
        let pauses = changes.count { $0.what == .pause }
        if pauses > 0 {
            let length = pausedSeconds.map { ", for \(SteeringFigures.tenth($0)) s of the window" } ?? ""
            parts.append("was paused \(pauses.of("time"))\(length)")
        }
        let rates = changes.filter { $0.what == .rate }
        if let last = rates.last?.factor {
            let end = "in the end to \(SteeringFigures.hundredth(last)) times"
            parts.append("had its rate changed \(rates.count.of("time")), \(end)")
        }
        let ends = changes.filter { $0.what == .endPhase }.map { $0.phase }
        if !ends.isEmpty { parts.append("had phases ended early: \(ends.joined(separator: ", "))") }
        return RunWarning(.steered, "the run was steered: it " + parts.joined(separator: "; it "))
    }

    private static func tenth(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }
    private static func hundredth(_ value: Double) -> String { "\((value * 100).rounded() / 100)" }
}

/// One thing that somebody did to a run.
package struct SteeringChange: Codable, Equatable, Sendable {
    package enum What: String, Codable, Sendable {
        case pause
        case resume
        case rate
        case endPhase = "end-phase"
    }

    /// Seconds since the start of the run.
    package var at: Double
    /// In which it was, by the names that intervals have.
    package var phase: String
    package var what: What
    /// Of `rate`: by how much the rate is that of the configuration from then on.
    package var factor: Double?

    package init(at: Double, phase: String, what: What, factor: Double? = nil) {
        self.at = at
        self.phase = phase
        self.what = what
        self.factor = factor
    }
}
