/// Whether the figures of a run may be used. Independent of whether they are good.
package enum Verdict: Equatable, Sendable {
    case valid
    case invalid([InvalidReason])
    /// Loss, duplication, disorder or corruption; what else made the run invalid is kept.
    case verificationFailed(alsoInvalid: [InvalidReason])

    /// What a command that found this ends with.
    package var exitStatus: CommandStatus {
        switch self {
        case .valid: .good
        case .verificationFailed: .verificationFailure
        case .invalid: .invalid
        }
    }

    /// The name used in results.
    package var outcome: String {
        switch self {
        case .valid: "valid"
        case .invalid: "invalid"
        case .verificationFailed: "verification-failed"
        }
    }

    package var reasons: [InvalidReason] {
        switch self {
        case .valid: []
        case .invalid(let reasons), .verificationFailed(alsoInvalid: let reasons): reasons
        }
    }
}

/// One fact that makes a run invalid: what was measured and the limit that it broke.
package struct InvalidReason: Codable, Equatable, Sendable, CustomStringConvertible {
    package enum Kind: String, Codable, Sendable, CaseIterable {
        case generatorSaturatedInOpenLoop = "generator-saturated-in-open-loop"
        case fewerConnectionsThanRequested = "fewer-connections-than-requested"
        case achievedRateBelowOffered = "achieved-rate-below-offered"
        /// Time that the hypervisor gave to others.
        case steal = "steal"
        /// Operations left the generator too late (99th percentile of intended send to the hand-over to the socket, in ns).
        case scheduleLag = "schedule-lag"
        case drainTimedOut = "drain-timed-out"
        case connectionsLost = "connections-lost"
        case nothingMeasured = "nothing-measured"
        /// SIGINT, SIGTERM or SIGHUP came before the end: what is told is what was measured until then.
        case interrupted
        /// Sessions of the connect scenario that failed.
        case sessionsNotOpened = "sessions-not-opened"
        /// A side was ready to run and had no processor.
        case routerStarved = "router-starved"
        case generatorStarved = "generator-starved"
        /// Router and generator have one processor, and the same.
        case sharedCore = "shared-core"
    }

    package var kind: Kind
    package var measured: Double
    package var limit: Double

    package init(_ kind: Kind, measured: Double, limit: Double) {
        self.kind = kind
        self.measured = measured
        self.limit = limit
    }

    package var description: String {
        switch kind {
        case .generatorSaturatedInOpenLoop:
            "the generator used \(percent(measured)) of its cores, more than \(percent(limit)) in an open-loop run"
        case .fewerConnectionsThanRequested:
            "\(counted(measured, "connection was", "connections were")) open of \(whole(limit)) requested"
        case .achievedRateBelowOffered:
            "\(counted(measured, "operation a second was", "operations a second were")) sent, fewer than 99 % of the rate "
                + "(\(whole(limit)) needed)"
        case .steal:
            "the hypervisor stole \(percent(measured)) of the CPU, more than \(percent(limit))"
        case .scheduleLag:
            "sends were \(whole(measured / 1000)) µs late at the 99th percentile, more than \(whole(limit / 1000)) µs"
        case .drainTimedOut:
            "\(counted(measured, "message was still on its way", "messages were still on their way")) when the drain timed out"
        case .connectionsLost:
            "\(counted(measured, "connection was", "connections were")) lost during the run"
        case .interrupted: "the run was interrupted"
        case .sessionsNotOpened:
            "\(counted(measured, "session", "sessions")) could not be opened"
        case .routerStarved: starved("router")
        case .generatorStarved: starved("generator")
        case .sharedCore:
            "router and generator are bound to the same single processor: rates, latencies and CPU times are not their own"
        case .nothingMeasured:
            "no message was measured in the window"
        }
    }

    private func starved(_ side: String) -> String {
        let lost = measured > RunFacts.waitLimitOfCPU ? "rates, latencies and CPU times" : "rates and latencies"
        return "the \(side) waited for a processor \(percent(measured)) of the time, more than \(percent(limit)): "
            + "\(lost) are not its own"
    }

    private func percent(_ share: Double) -> String { "\((share * 1000).rounded() / 10) %" }

    private func counted(_ value: Double, _ singular: String, _ plural: String) -> String {
        Int64(exactly: value.rounded())?.of(singular, plural) ?? "\(value) \(plural)"
    }

    private func whole(_ value: Double) -> String {
        // Infinite and not-a-number values can come from a results file.
        Int64(exactly: value.rounded()).map(String.init) ?? "\(value)"
    }
}

extension Verdict: Codable {
    private enum CodingKeys: String, CodingKey {
        case outcome
        case reasons
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let reasons = try container.decode([InvalidReason].self, forKey: .reasons)
        switch try container.decode(String.self, forKey: .outcome) {
        case "valid": self = .valid
        case "invalid": self = .invalid(reasons)
        case "verification-failed": self = .verificationFailed(alsoInvalid: reasons)
        case let other:
            throw DecodingError.dataCorruptedError(
                forKey: .outcome, in: container, debugDescription: "unknown outcome \"\(other)\"")
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(outcome, forKey: .outcome)
        try container.encode(reasons, forKey: .reasons)
    }
}
