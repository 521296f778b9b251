import RennbahnTrial
import RennbahnWorkload

/// Sides that do the same work and take turns.
struct TrialGroup {
    struct Side {
        /// `msgpack+deflate`.
        var name: String
        var role: SideResult.Role
        /// What it does; the scenario's numbers are those of ``TrialGroup/scenario``.
        var task: CellTask
    }

    /// `pubsub 32 B`.
    var work: String
    /// Of each side; fewer where a side would be silent for too long.
    var clients: Int
    /// With fewer it is another work.
    var fewestClients: Int
    /// The baseline first.
    var sides: [Side]
    /// The shape of the work with so many clients; `nil`: as the tasks have it, whatever that takes.
    var scenario: ((Int) -> Scenario)?
    /// An open loop behind the closed one, with so many operations a second; fewer where a side cannot bear that.
    var openLoopRate: Double?
    /// Sides that have turns beside the baseline and its twin: with more, each would be silent for too long.
    var beside = 2
    /// Whether the sides' own CPU time is what is asked for, not only its ratio to the baseline's.
    var judgesFigures = false
    /// How much of the time a heat of it gets, beside those of other groups.
    var emphasis = 1.0

    /// The baseline, its twin and the others, of which each is a side.
    static func sides<Format>(
        _ formats: [Format], _ side: (Format, SideResult.Role) throws -> Side
    ) rethrows -> [Side] {
        guard let first = formats.first else { return [] }
        return [try side(first, .baseline), try side(first, .twin)]
            + (try formats.dropFirst().map { try side($0, .other) })
    }

    func task(_ side: Side, clients: Int) -> CellTask {
        guard let scenario else { return side.task }
        var task = side.task
        // The floor is an echo, whatever the work is.
        if case .echo = task.scenario {
            task.clients = clients
        } else {
            task.scenario = scenario(clients)
        }
        return task
    }

    /// Who takes turns with whom, by their numbers: the baseline and its twin run in every heat, the others in one.
    var heats: [[Int]] {
        let common = sides.indices.filter { sides[$0].role == .baseline || sides[$0].role == .twin }
        let others = sides.indices.filter { !common.contains($0) }
        guard !others.isEmpty else { return [common] }
        return stride(from: 0, to: others.count, by: beside).map {
            common + others[$0..<min($0 + beside, others.count)]
        }
    }

    /// Heats under each kind of load: what one start of the processes takes grows with them.
    var heatsOfStart: Int { heats.count * (openLoopRate == nil ? 1 : 2) }

    /// Its part of the time, beside those of other groups.
    var weight: Double { Double(heatsOfStart) * emphasis }

    /// Clients that a fleet of about this size has: shapes of pairs have an even number.
    func connected(_ clients: Int) -> Int { scenario?(clients).roleCount ?? clients }
}

/// How trials are run. Times are seconds.
struct TrialSettings {
    /// Of the whole table.
    var budget: Double
    /// Rounds before those that count: connections are new, caches are cold.
    var warmUpRounds = 2
    var rule = StoppingRule()
    var seed: UInt64
}
