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
    /// The baseline first, and its twin.
    var sides: [Side]
    /// The shape of the work with so many clients; `nil`: as the tasks have it, whatever that takes.
    var scenario: ((Int) -> Scenario)?
    /// Closed loops, with the depth of their tasks.
    var hasClosedLoop = true
    /// An open loop besides, at this share of what the slowest side can bear.
    var openLoopShare: Double?

    func task(_ side: Side, clients: Int) -> CellTask {
        var task = side.task
        // The floor is an echo, whatever the work is.
        if case .echo = task.scenario {
            task.clients = clients
        } else if let scenario {
            task.scenario = scenario(clients)
        }
        return task
    }
}

/// How trials are run. Times are seconds.
struct TrialSettings {
    /// Of the whole table.
    var budget: Double
    /// Turns that count, in one start of the processes and under one load.
    var turnsPerStart: Double
    /// Rounds before those that count: connections are new, caches are cold.
    var warmUpRounds = 2
    var rule = StoppingRule()
    var seed: UInt64
}
