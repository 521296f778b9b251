package import RennbahnMeasurement

/// What was found of one group: sides that did the same work in turns.
package struct TrialResult: Codable, Equatable, Sendable {
    /// `pubsub 32 B`.
    package var work: String
    /// `1 in flight`, `open loop`.
    package var load: String
    /// Clients of each side, and those that were asked for, where a side would have been silent for too long with so many.
    package var clients: Int
    package var clientsAsked: Int
    /// Of the processes; rounds of turns in all of them.
    package var starts: Int
    package var rounds: Int
    /// Of the rounds the share in which the machine was slower than in the others, by the baseline's CPU time: figures are without
    /// them. Absent where that is not known, as in files of before it was.
    package var slowShare: Double?
    /// Seconds of a turn's window.
    package var windowSeconds: Double
    /// Operations a second of an open loop; absent in a closed one.
    package var offeredRate: Double?
    /// The baseline first, then its twin.
    package var sides: [SideResult]
    /// Why figures are missing or are not what they seem, in whole sentences.
    package var remarks: [String]

    package init(work: String, load: String, clients: Int, clientsAsked: Int, sides: [SideResult]) {
        self.work = work
        self.load = load
        self.clients = clients
        self.clientsAsked = clientsAsked
        self.sides = sides
        starts = 0
        rounds = 0
        windowSeconds = 0
        remarks = []
    }

    package func side(_ name: String) -> SideResult? { sides.first { $0.name == name } }

    package var exitStatus: CommandStatus { CommandStatus.worst(of: sides.map(\.exitStatus)) }
}

/// What was found of one side.
package struct SideResult: Codable, Equatable, Sendable {
    package enum Role: String, Codable, Sendable {
        case baseline
        /// The same as the baseline once more: must not differ from it.
        case twin
        case other
        /// What the work costs at least.
        case floor
    }

    /// `msgpack+deflate`.
    package var name: String
    package var role: Role
    /// Absent where there is no side of that kind.
    package var parameters: CellParameters?
    package var figures: [TrialMetric: Told]
    /// To the baseline of the same group and its twin together, the twin's own to the baseline.
    package var ratios: [TrialMetric: Told]
    package var findings: [TrialMetric: Finding]
    /// Router CPU per message over the floor's; of an RPC over two echoes.
    package var floorRatio: Told?
    /// What held the rate back; absent in an open loop.
    package var limit: Limit?
    /// Intended send to receipt, over all turns.
    package var response: LatencySummary
    package var verification: VerificationCounters
    /// What voids no figure and must be known; absent where there is nothing.
    package var warnings: [RunWarning]?
    /// Why the side has no figures or not all of them, in words; absent where it has.
    package var problem: String?

    package init(_ name: String, _ role: Role) {
        self.name = name
        self.role = role
        figures = [:]
        ratios = [:]
        findings = [:]
        response = LatencySummary()
        verification = VerificationCounters()
    }

    package var exitStatus: CommandStatus {
        if !verification.isClean { return .verificationFailure }
        return problem == nil ? .good : .invalid
    }
}
