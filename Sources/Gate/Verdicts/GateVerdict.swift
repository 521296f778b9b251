package import RennbahnMeasurement

/// What is said of one metric of one cell.
package enum MetricVerdict: String, Codable, Sendable, CaseIterable {
    /// The interval lies within the tolerance.
    case pass
    /// The interval lies beyond the tolerance.
    case fail
    /// The interval reaches over the tolerance: more pairs would tell.
    case undecided
    /// Neither build has the figure, such as CPU of a router on another machine.
    case notMeasured = "not-measured"
}

/// What is said of the candidate as a whole.
package enum GateVerdict: String, Codable, Sendable, CaseIterable {
    case pass
    case fail
    case undecided
    /// The comparison says nothing: too many blocks were invalid, or the machine is too noisy, or the two sides cannot be
    /// compared.
    case invalid
    /// Messages were lost, doubled, reordered or changed, whatever the speed.
    case verificationFailed = "verification-failed"

    /// What the command ends with.
    package var exitStatus: CommandStatus {
        switch self {
        case .pass: .good
        case .fail: .regression
        case .verificationFailed: .verificationFailure
        case .undecided, .invalid: .invalid
        }
    }

    /// In capitals, as it is told.
    package var word: String {
        switch self {
        case .pass: "PASS"
        case .fail: "FAIL"
        case .undecided: "UNDECIDED"
        case .invalid: "INVALID"
        case .verificationFailed: "VERIFICATION FAILED"
        }
    }
}
