import RennbahnLoadGenerator
import RennbahnMeasurement
import RennbahnWAMP
import RennbahnWorkload

/// The goals of the hot path that one machine can show, and the cells that show them.
struct GoalPlan {
    let settings: BenchSettings
    let peers: [MeasuredServer]

    var groups: [GoalGroup] {
        [
            pairs(depth: 1), pairs(depth: 64), fanOut100, fanOut1000, calls, onePair, sessions, shards,
        ] + comparisons
    }

    private var pairCount: Int { max(1, settings.clients / 2) }

    private func router(
        _ name: String, _ scenario: Scenario, depth: Int, payload: Int = 32, _ serializer: Serializer = .msgpack,
        shards: Int = 1
    ) -> CellTask {
        CellTask(
            name: "\(name) \(serializer.name)", server: .router(shards: shards), scenario: scenario, depth: depth,
            payload: .filler(bytes: payload), serializer: serializer)
    }

    /// A floor program's cell; none where the programs are not there.
    private func floor(
        _ program: String, _ scenario: Scenario, clients: Int = 1, depth: Int, payload: Int = 32,
        _ serializer: Serializer = .msgpack
    ) -> [CellTask] {
        guard let folder = settings.cFloor else { return [] }
        return [
            CellTask(
                name: "C \(program) \(payload) B \(serializer.name)", server: .floor("\(folder)/\(program)"),
                scenario: scenario, clients: clients, depth: depth,
                payload: .filler(bytes: payload), serializer: serializer)
        ]
    }

    // MARK: Rows

    /// One publisher and one subscriber to a topic. The echo has as many messages in flight as the pairs have.
    private func pairs(depth: Int) -> GoalGroup {
        let work = "pubsub \(pairCount) × 1→1, \(depth) in flight"
        let scenario = Scenario.pubsub(publishers: pairCount, subscribers: pairCount, topics: pairCount)
        var tasks: [(name: String, task: CellTask)] = []
        for serializer in [Serializer.msgpack, .json] {
            tasks.append((serializer.name, router(work, scenario, depth: depth, serializer)))
            tasks += floor("echo", .echo, clients: pairCount, depth: depth, serializer)
                .map { ("floor " + serializer.name, $0) }
        }
        // An echo answers where it was asked. What it costs to go out on another connection is no goal, but good to know.
        tasks += floor("broadcast", scenario, depth: depth).map { ("relay", $0) }
        return GoalGroup(tasks: tasks) { figures in
            [("msgpack", 1.10, 3_000_000.0), ("json", 1.15, 2_500_000.0)].flatMap { name, ratio, rate in
                let toFloor = GoalOutcome(
                    "\(work), \(name)", .atMost, depth == 1 ? ratio : 3, "× C echo",
                    figure: figures.ratio(name, to: "floor " + name), saturated: figures.saturated(name),
                    note: figures.note(name, "floor " + name, also: name == "msgpack" ? "relay" : nil))
                guard depth > 1 else { return [toFloor] }
                let perCore = GoalOutcome(
                    "\(work), \(name)", .atLeast, rate, "events per core second",
                    figure: figures.perCoreSecond(name), saturated: figures.saturated(name))
                return [perCore, toFloor]
            }
        }
    }

    private var fanOut100: GoalGroup {
        let work = "pubsub 1→100, 16 in flight"
        let scenario = Scenario.pubsub(publishers: 1, subscribers: 100, topics: 1)
        let sizes = [(32, 0.45), (256, 0.31)]
        return GoalGroup(
            tasks: sizes.map { size, _ in ("\(size)", router("\(work) \(size) B", scenario, depth: 16, payload: size)) }
        ) { figures in
            sizes.map { size, limit in
                GoalOutcome(
                    "\(work), \(size) B", .atMost, limit, "µs per event", figure: figures.cpu("\(size)"),
                    saturated: figures.saturated("\(size)"))
            }
        }
    }

    private var fanOut1000: GoalGroup {
        let work = "pubsub 1→1000, 16 in flight"
        let scenario = Scenario.pubsub(publishers: 1, subscribers: 1000, topics: 1)
        var tasks: [(name: String, task: CellTask)] = []
        for size in [32, 1024] {
            tasks.append(("\(size)", router("\(work) \(size) B", scenario, depth: 16, payload: size)))
            tasks += floor("broadcast", scenario, depth: 16, payload: size).map { ("floor \(size)", $0) }
        }
        return GoalGroup(tasks: tasks) { figures in
            [32, 1024].map { size in
                GoalOutcome(
                    "\(work), \(size) B", .atMost, 1, "× C broadcaster",
                    figure: figures.ratio("\(size)", to: "floor \(size)"), saturated: figures.saturated("\(size)"),
                    note: figures.note("\(size)", "floor \(size)"))
            }
        }
    }

    /// A call is four messages, two in and two out: as much as two echoes.
    private var calls: GoalGroup {
        let work = "rpc 100→100, 1 in flight"
        let tasks =
            [("rpc", router(work, .rpc(callers: 100, callees: 100), depth: 1))]
            + floor("echo", .echo, clients: 100, depth: 1).map { ("floor", $0) }
        return GoalGroup(tasks: tasks) { figures in
            [
                GoalOutcome(
                    work, .atMost, 1.1, "× two C echoes", figure: figures.ratio("rpc", to: "floor").map { $0 / 2 },
                    saturated: figures.saturated("rpc"), note: figures.note("rpc", "floor"))
            ]
        }
    }

    private var onePair: GoalGroup {
        let work = "rpc 1→1, 64 in flight"
        return GoalGroup(tasks: [("rpc", router(work, .rpc(callers: 1, callees: 1), depth: 64))]) { figures in
            [
                GoalOutcome(
                    work, .atMost, 1, "µs per call", figure: figures.cpu("rpc"), saturated: figures.saturated("rpc"))
            ]
        }
    }

    /// What counts is over when the load begins.
    private var sessions: GoalGroup {
        let compressions = [CompressionOption.none, .deflate]
        var tasks = compressions.map { compression in
            var task = router("sessions, \(compression.text)", .connect, depth: 1)
            task.compression = compression
            return (compression.text, task)
        }
        // The first few do not resume, since nobody has a ticket before the first has come about.
        var secure = router("sessions, TLS 1.3 resumed", .connect, depth: 1)
        secure.isSecure = true
        tasks.append(("tls", secure))
        tasks += floor("accept", .connect, depth: 1).map { ("floor", $0) }
        for index in tasks.indices {
            tasks[index].1.clients = 5000
            tasks[index].1.warmUp = 0
            tasks[index].1.duration = 0.05
        }
        return GoalGroup(tasks: tasks, keepsCells: false) { figures in
            let floor = figures.connectionsPerCoreSecond("floor").map { "C accept loop: \(Int($0))" }
            return [
                GoalOutcome(
                    "set-up to WELCOME", .atLeast, 20_000, "sessions per core second",
                    figure: figures.connectionsPerCoreSecond("none"), note: floor),
                GoalOutcome(
                    "set-up to WELCOME, TLS 1.3 resumed", .atLeast, 3000, "sessions per core second",
                    figure: figures.connectionsPerCoreSecond("tls")),
            ]
                + zip(compressions, [1.0, 2.0]).map { compression, limit in
                    GoalOutcome(
                        "memory of an idle session, \(compression.text)", .atMost, limit, "KiB",
                        figure: figures.idleKibibytes(compression.text))
                }
        }
    }

    /// What it costs that every publication crosses from one shard to the other. With two cores the second shard shares
    /// one with the generator, which CPU time bears, if with colder caches.
    private var shards: GoalGroup {
        let work = "pubsub \(pairCount) × 1→1, all from shard to shard"
        let scenario = Scenario.pubsub(publishers: pairCount, subscribers: pairCount, topics: pairCount)
        let pins = settings.routerPins.count >= 2 ? settings.routerPins : settings.routerPins + settings.generatorPins
        guard pins.count >= 2 else {
            return GoalGroup(tasks: []) { _ in
                [GoalOutcome(work, .atMost, 1.15, "× one shard", figure: nil, note: "needs two cores")]
            }
        }
        var crossed = router("\(work), 2", scenario, depth: 1, shards: 2)
        crossed.isCrossed = true
        crossed.routerPins = Array(pins.prefix(2))
        let isShared = settings.routerPins.count < 2
        return GoalGroup(tasks: [("1", router("\(work), 1", scenario, depth: 1)), ("2", crossed)]) { figures in
            let note = figures.note("2", "1")
            return [
                GoalOutcome(
                    work, .atMost, 1.15, "× one shard", figure: figures.ratio("2", to: "1"),
                    saturated: figures.saturated("2"),
                    note: isShared ? note.map { $0 + "; the generator shares a core" } : note)
            ]
        }
    }

    /// The goals are set against Crossbar.io; any peer that was asked for is measured by them.
    private var comparisons: [GoalGroup] {
        let rows: [(PeerPlan.Work, Double)] = [(.fanOut1, 50), (.fanOut100, 25), (.rpcPair, 100)]
        guard !peers.isEmpty else { return [] }
        return rows.map { work, limit in
            let task = work.task(settings, payloadBytes: 32, serializer: .msgpack)
            let tasks = [("own", task)] + peers.map { ($0.name, task.served(by: .peer($0), $0.name)) }
            return GoalGroup(tasks: tasks) { figures in
                peers.map { peer in
                    GoalOutcome(
                        "\(work.rawValue), \(peer.name)", .atLeast, limit, "× our CPU",
                        figure: figures.ratio(peer.name, to: "own"), saturated: figures.saturated(peer.name),
                        note: figures.note(peer.name, "own"))
                }
            }
        }
    }
}
