/// The exit status of every command of `rennbahn`.
package enum CommandStatus: Int32, Sendable, CaseIterable {
    case good = 0
    case internalError = 1
    case regression = 2
    case thresholdMissed = 3
    case verificationFailure = 4
    case invalid = 5
    /// As sysexits.h has it (EX_USAGE).
    case usage = 64
    /// As shells have it for SIGINT.
    case interrupted = 130

    /// As the help and the README tell it.
    package var meaning: String {
        switch self {
        case .good: "good"
        case .internalError: "internal error"
        case .regression: "a build is slower than its base, or counts are above the reference (rennbahn gate)"
        case .thresholdMissed:
            "a goal is missed (rennbahn bench --goals), or a condition does not hold (rennbahn load --require)"
        case .verificationFailure: "verification failure: messages were lost, duplicated, out of order or corrupt"
        case .invalid:
            """
            invalid run: router or generator had no processor, the generator was saturated in an open-loop run, or \
            connections are missing; or undecided, or not to be compared (rennbahn gate)
            """
        case .usage: "usage or configuration"
        case .interrupted:
            """
            interrupted by SIGINT, SIGTERM or SIGHUP; rennbahn load, bench and serializers tell what they measured until \
            then, and that
            """
        }
    }

    /// Of several runs: a verification failure outweighs what is invalid.
    package static func worst(of statuses: some Sequence<CommandStatus>) -> CommandStatus {
        let byWeight: [CommandStatus] = [
            .verificationFailure, .internalError, .usage, .interrupted, .invalid, .regression, .thresholdMissed,
        ]
        return byWeight.first(where: statuses.contains) ?? .good
    }
}
