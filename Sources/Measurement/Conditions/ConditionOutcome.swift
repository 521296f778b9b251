/// Whether a condition holds of what was measured.
package struct ConditionOutcome: Codable, Equatable, Sendable {
    package enum Verdict: String, Codable, Sendable, CaseIterable {
        case holds
        case broken
        /// The run has no such figure, or too little is known of it; the note says why.
        case untold
    }

    /// As ``Condition`` prints it.
    package var condition: String
    package var verdict: Verdict
    /// What was measured: nanoseconds, octets, a share or a number, as the limit is.
    package var seen: Double?
    /// `seen` is the least that it may have been, and the note says why no more is known; absent where it is what it was.
    package var isLowerBound: Bool?
    package var limit: Double
    package var note: String?
    /// `seen` in the unit of the condition, rounded; a lower bound with ≥ before it.
    package var seenText: String?

    /// What the command that made the run ends with.
    package var exitStatus: CommandStatus {
        switch verdict {
        case .holds: .good
        case .broken: .thresholdMissed
        case .untold: .invalid
        }
    }

    /// One clause: `p99(rpc.response)<10ms holds: 3.21ms`.
    package var line: String {
        let why = [seenText, note].compactMap { $0 }.joined(separator: "; ")
        return switch verdict {
        case .holds: "\(condition) holds: \(why)"
        case .broken: "\(condition) does not hold: \(why)"
        case .untold: "\(condition) cannot be told: \(why)"
        }
    }

    init(_ condition: Condition, _ answer: Figures.Answer) {
        self.condition = condition.description
        limit = condition.limit.value
        switch answer {
        case .absent(let reason):
            verdict = .untold
            note = reason
        case .told(let value):
            verdict = condition.comparison.holds(value, limit) ? .holds : .broken
            seen = value
            seenText = condition.limit.text(of: value)
        case .atLeast(let bound, let reason):
            switch condition.comparison.holds(ofAllFrom: bound, limit) {
            case true?: verdict = .holds
            case false?: verdict = .broken
            case nil: verdict = .untold
            }
            seen = bound
            isLowerBound = true
            seenText = "≥ \(condition.limit.text(of: bound))"
            note = reason
        }
    }
}

extension Condition {
    package func judge(_ figures: Figures) -> ConditionOutcome {
        let isShare = limit.dimension == .share
        return ConditionOutcome(self, figures.answer(statistic, figure, asShare: isShare))
    }
}

extension ConditionLimit {
    /// A value in this quantity's unit, rounded so that it is still seen on which side of the quantity it lies.
    func text(of value: Double) -> String {
        let scaled = value / unit.scale
        // Beyond twelve digits a rounded number is no shorter than the whole one.
        let rounded = (4...12).lazy.map { scaled.rounded(toDigits: $0) }.first { $0 != number || scaled == number }
        let digits = "\(rounded ?? scaled)"
        return (digits.hasSuffix(".0") ? String(digits.dropLast(2)) : digits) + unit.rawValue
            + (isPerSecond ? "/s" : "")
    }
}

extension Double {
    /// To so many significant digits.
    fileprivate func rounded(toDigits digits: Int) -> Double {
        var scale = 1.0
        var size = magnitude
        guard size > 0, size.isFinite else { return self }
        while size >= 10, scale > 1e-300 { (size, scale) = (size / 10, scale / 10) }
        while size < 1, scale < 1e300 { (size, scale) = (size * 10, scale * 10) }
        for _ in 1..<digits { scale *= 10 }
        let rounded = (self * scale).rounded() / scale
        return rounded.isFinite ? rounded : self
    }
}
