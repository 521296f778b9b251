import RennbahnLoadGenerator
import RennbahnMeasurement
import RennbahnTrial
import RennbahnWAMP
import RennbahnWorkload

/// Goals that stand on the same measurements.
enum GoalGroup {
    /// Of sides that take turns.
    case turns(TrialGroup, judge: (GoalFigures) -> [GoalOutcome])
    /// Of sessions that are set up, by the names that the goals give them.
    case sessions([(name: String, task: CellTask)], judge: (SessionFigures) -> [GoalOutcome])
    /// This machine cannot show them.
    case notShown([GoalOutcome])
}

/// The goals of the hot path that one machine can show, and the groups that show them.
///
/// The baseline of a group is our router, whose cost the goals are about. The shape of the work is the goal's: it stays, however long
/// a round takes.
struct GoalPlan {
    let settings: BenchSettings
    let peers: [MeasuredServer]

    var groups: [GoalGroup] {
        [
            pairs(depth: 1, .msgpack, ratio: 1.10), pairs(depth: 1, .json, ratio: 1.15),
            pairs(depth: 64, .msgpack, ratio: 3, rate: 3_000_000), pairs(depth: 64, .json, ratio: 3, rate: 2_500_000),
            fanOut100, fanOut1000(bytes: 32), fanOut1000(bytes: 1024), calls, onePair, shards,
        ] + comparisons + [sessions]
    }

    /// Those that share the budget.
    var trials: [TrialGroup] {
        groups.compactMap { group in
            if case .turns(let group, _) = group { group } else { nil }
        }
    }

    private var pairCount: Int { max(1, settings.clients / 2) }

    private static let own = "rennbahn"

    // MARK: Sides

    private func router(
        _ name: String, _ scenario: Scenario, depth: Int, payload: Int = 32, _ serializer: Serializer = .msgpack
    ) -> CellTask {
        CellTask(
            name: name, server: .router(shards: 1), scenario: scenario, depth: depth,
            payload: .filler(bytes: payload), serializer: serializer)
    }

    private func group(_ work: String, _ sides: [TrialGroup.Side], judgesFigures: Bool = false) -> TrialGroup {
        let task = sides[0].task
        let clients = task.scenario.roleCount ?? task.clients
        return TrialGroup(
            work: work, clients: clients, fewestClients: clients, sides: sides, judgesFigures: judgesFigures)
    }

    /// Our router, and the same once more where a ratio is judged: it must come out as 1.
    private func baseline(_ task: CellTask, hasTwin: Bool = true) -> [TrialGroup.Side] {
        let own = TrialGroup.Side(name: GoalPlan.own, role: .baseline, task: task)
        return hasTwin ? [own, TrialGroup.Side(name: GoalPlan.own + " (twin)", role: .twin, task: task)] : [own]
    }

    /// A program of `Benchmarks/Floor` at the payload, format and depth of a task; none where the programs are not there.
    private func floor(
        _ program: String, _ scenario: Scenario, _ task: CellTask, clients: Int = 1, name: String? = nil,
        _ role: SideResult.Role = .floor
    ) -> [TrialGroup.Side] {
        guard let folder = settings.cFloor else { return [] }
        let name = name ?? "C \(program)"
        var floor = task.served(by: .floor("\(folder)/\(program)"), name)
        floor.scenario = scenario
        floor.clients = clients
        return [TrialGroup.Side(name: name, role: role, task: floor)]
    }

    // MARK: Rows

    /// One publisher and one subscriber to a topic. The echo has as many messages in flight as the pairs have.
    private func pairs(depth: Int, _ serializer: Serializer, ratio: Double, rate: Double? = nil) -> GoalGroup {
        let work = "pubsub \(pairCount) × 1→1, \(depth) in flight, \(serializer.name)"
        let scenario = Scenario.pubsub(publishers: pairCount, subscribers: pairCount, topics: pairCount)
        let task = router(work, scenario, depth: depth, serializer)
        // With many in flight a round takes so long that with more than two sides each would be silent for too long.
        let isShort = depth == 1
        var sides = baseline(task, hasTwin: isShort) + floor("echo", .echo, task, clients: pairCount)
        // An echo answers where it was asked. What it costs to go out on another connection is no goal, but good to know. The relay
        // speaks no JSON.
        let relay = isShort && serializer == .msgpack ? floor("broadcast", scenario, task, name: "C relay", .other) : []
        sides += relay
        return .turns(group(work, sides, judgesFigures: rate != nil)) { figures in
            let toFloor = figures.toFloor(work, atMost: ratio, "× C echo", beside: relay.first?.name)
            guard let rate else { return [toFloor] }
            return [figures.perCoreSecond(GoalPlan.own, work, atLeast: rate, "events/core second"), toFloor]
        }
    }

    private var fanOut100: GoalGroup {
        let work = "pubsub 1→100, 16 in flight"
        let scenario = Scenario.pubsub(publishers: 1, subscribers: 100, topics: 1)
        let sizes = [(32, 0.45), (256, 0.31)]
        let sides = sizes.enumerated().map { index, size in
            TrialGroup.Side(
                name: "\(size.0) B", role: index == 0 ? .baseline : .other,
                task: router("\(work), \(size.0) B", scenario, depth: 16, payload: size.0))
        }
        return .turns(group(work, sides, judgesFigures: true)) { figures in
            sizes.map { size, limit in
                figures.cost("\(size) B", "\(work), \(size) B", atMost: limit, "µs per event")
            }
        }
    }

    private func fanOut1000(bytes: Int) -> GoalGroup {
        let work = "pubsub 1→1000, 16 in flight, \(bytes) B"
        let scenario = Scenario.pubsub(publishers: 1, subscribers: 1000, topics: 1)
        let task = router(work, scenario, depth: 16, payload: bytes)
        return .turns(group(work, baseline(task) + floor("broadcast", scenario, task))) { figures in
            [figures.toFloor(work, atMost: 1, "× C broadcaster")]
        }
    }

    /// A call is four messages, two in and two out: as much as two echoes, which is what its floor is.
    private var calls: GoalGroup {
        let work = "rpc 100→100, 1 in flight"
        let task = router(work, .rpc(callers: 100, callees: 100), depth: 1)
        return .turns(group(work, baseline(task) + floor("echo", .echo, task, clients: 100))) { figures in
            [figures.toFloor(work, atMost: 1.1, "× two C echoes")]
        }
    }

    private var onePair: GoalGroup {
        let work = "rpc 1→1, 64 in flight"
        let task = router(work, .rpc(callers: 1, callees: 1), depth: 64)
        return .turns(group(work, baseline(task, hasTwin: false), judgesFigures: true)) { figures in
            [figures.cost(GoalPlan.own, work, atMost: 1, "µs per call")]
        }
    }

    private var sessions: GoalGroup {
        let compressions = [CompressionOption.none, .deflate]
        var tasks = compressions.map { compression in
            var task = router("sessions, \(compression.text)", .connect, depth: 1)
            task.compression = compression
            return (name: compression.text, task: task)
        }
        // The first few do not resume, since nobody has a ticket before the first has come about.
        var secure = router("sessions, TLS 1.3 resumed", .connect, depth: 1)
        secure.isSecure = true
        tasks.append(("tls", secure))
        let accept = router("sessions", .connect, depth: 1)
        tasks += floor("accept", .connect, accept).map { ("floor", $0.task) }
        for index in tasks.indices {
            tasks[index].task.clients = 5000
            // What counts is over when the load would begin.
            tasks[index].task.warmUp = 0
            tasks[index].task.duration = 0.05
        }
        return .sessions(tasks) { figures in
            let floor = figures.connectionsPerCoreSecond("floor").map { "C accept loop: \(Int($0))" }
            return [
                GoalOutcome(
                    "set-up to WELCOME", .atLeast, 20_000, "sessions/core second",
                    figure: figures.connectionsPerCoreSecond("none"), note: figures.problem("none") ?? floor),
                GoalOutcome(
                    "set-up to WELCOME, TLS 1.3 resumed", .atLeast, 3000, "sessions/core second",
                    figure: figures.connectionsPerCoreSecond("tls"), note: figures.problem("tls")),
            ]
                + zip(compressions, [1.0, 2.0]).map { compression, limit in
                    GoalOutcome(
                        "memory of an idle session, \(compression.text)", .atMost, limit, "KiB",
                        figure: figures.idleKibibytes(compression.text), note: figures.problem(compression.text))
                }
        }
    }

    /// What it costs that every publication crosses from one shard to the other. Where the generator would share a core with one of
    /// them, that shard waits for it for more of the time than a figure bears.
    private var shards: GoalGroup {
        let work = "pubsub \(pairCount) × 1→1, shard to shard"
        let (limit, unit) = (1.15, "× one shard")
        guard settings.routerPins.count >= 2 else {
            return .notShown([GoalOutcome(work, .atMost, limit, unit, figure: nil, note: "needs three cores")])
        }
        let scenario = Scenario.pubsub(publishers: pairCount, subscribers: pairCount, topics: pairCount)
        let task = router(work, scenario, depth: 1)
        let name = "two shards"
        var crossed = task.served(by: .router(shards: 2), name)
        crossed.isCrossed = true
        let sides = baseline(task) + [TrialGroup.Side(name: name, role: .other, task: crossed)]
        return .turns(group(work, sides)) { figures in [figures.toBaseline(name, work, .atMost, limit, unit)] }
    }

    /// The goals are set against Crossbar.io; any peer that was asked for is measured by them.
    private var comparisons: [GoalGroup] {
        guard !peers.isEmpty else { return [] }
        let rows: [(PeerPlan.Work, Double)] = [(.fanOut1, 50), (.fanOut100, 25), (.rpcPair, 100)]
        return rows.flatMap { work, limit -> [GoalGroup] in
            let plan = PeerPlan(works: [work], payloads: [32], serializers: [.msgpack], compressions: [.none])
            return plan.groups(settings, peers).map { group in
                let measured = peers.filter { peer in group.sides.contains { $0.name == peer.name } }
                return GoalGroup.turns(group) { figures in
                    measured.map { peer in
                        figures.toBaseline(peer.name, "\(work.rawValue), \(peer.name)", .atLeast, limit, "× our CPU")
                    }
                }
            }
        }
    }
}
