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

    /// The exit status of the command.
    package var exitStatus: Int32 {
        switch self {
        case .pass: 0
        case .fail: 2
        case .verificationFailed: 4
        case .undecided, .invalid: 5
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
