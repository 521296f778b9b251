import RennbahnLoadGenerator
import RennbahnMeasurement
import RennbahnTrial
import RennbahnWAMP
import RennbahnWorkload
import Testing

@testable import RennbahnCommands

struct GoalPlanTests {
    private func settings(pins: [Int], generator: [Int], cFloor: String? = "floors") -> BenchSettings {
        BenchSettings(
            clients: 2000, depth: 1, shards: 1, rounds: 2, warmUp: 0.3, duration: 1.2, seed: 1, routerPins: pins,
            generatorPins: generator, executable: "rennbahn", cFloor: cFloor, peerRealm: "realm1")
    }

    private func peer(_ name: String) throws -> MeasuredServer {
        MeasuredServer(running: name, at: try .init(parsing: "ws://127.0.0.1:9/"), pid: 1)
    }

    private func plan(
        _ pins: [Int] = [0, 1], _ generator: [Int] = [2], cFloor: String? = "floors", peers: [String] = []
    ) throws -> GoalPlan {
        GoalPlan(settings: settings(pins: pins, generator: generator, cFloor: cFloor), peers: try peers.map(peer))
    }

    private func trials(_ plan: GoalPlan) -> [(group: TrialGroup, judge: (GoalFigures) -> [GoalOutcome])] {
        plan.groups.compactMap { group in
            if case .turns(let group, let judge) = group { (group, judge) } else { nil }
        }
    }

    private func isFloor(_ server: CellTask.Server) -> Bool { if case .floor = server { true } else { false } }

    @Test func `Each group has our router first, one floor at most, and a twin where a ratio is judged`() throws {
        let groups = trials(try plan()).map(\.group)
        #expect(
            groups.map { $0.sides.map(\.name) } == [
                ["rennbahn", "rennbahn (twin)", "C echo", "C relay"], ["rennbahn", "rennbahn (twin)", "C echo"],
                ["rennbahn", "C echo"], ["rennbahn", "C echo"], ["32 B", "256 B"],
                ["rennbahn", "rennbahn (twin)", "C broadcast"], ["rennbahn", "rennbahn (twin)", "C broadcast"],
                ["rennbahn", "rennbahn (twin)", "C echo"], ["rennbahn"],
                ["rennbahn", "rennbahn (twin)", "two shards"],
            ])
        for group in groups {
            #expect(group.sides[0].role == .baseline && group.sides.count { $0.role == .floor } <= 1)
            #expect(group.sides.count { $0.role == .baseline } == 1 && group.scenario == nil)
            for side in group.sides {
                #expect((side.role == .twin) == side.name.hasSuffix("(twin)"))
                #expect(isFloor(side.task.server) == side.name.hasPrefix("C "))
            }
        }
        #expect(groups[0].sides.map(\.role) == [.baseline, .twin, .floor, .other])
        #expect(groups.map(\.judgesFigures) == [false, false, true, true, true, false, false, false, true, false])
        #expect(try plan().trials.map(\.work) == groups.map(\.work))
    }

    /// The echo has a client for each pair, whatever the fleet of the pairs is.
    @Test func `Shapes are the goals', and floors have the depth, format and payload of what they are the floor of`()
        throws
    {
        let groups = trials(try plan()).map(\.group)
        for group in groups {
            #expect(group.clients == group.fewestClients && group.clients == group.sides[0].task.scenario.roleCount)
            for side in group.sides {
                let task = group.task(side, clients: 17)
                #expect(task.scenario == side.task.scenario && task.clients == side.task.clients)
                #expect(task.depth == group.sides[0].task.depth && task.serializer == group.sides[0].task.serializer)
                if side.name != "256 B" { #expect(task.payload == group.sides[0].task.payload) }
            }
        }
        #expect(groups[1].sides[0].task.scenario == .pubsub(publishers: 1000, subscribers: 1000, topics: 1000))
        #expect(groups[1].sides[2].task.scenario == .echo && groups[1].sides[2].task.clients == 1000)
        #expect(groups[7].sides[2].task.clients == 100)
        #expect(groups[0].sides[3].task.scenario == groups[0].sides[0].task.scenario)
    }

    @Test func `Every goal is told, and none has a figure, where nothing was measured`() throws {
        let plan = try plan(peers: ["crossbar"])
        var goals: [GoalOutcome] = []
        for group in plan.groups {
            switch group {
            case .turns(_, let judge): goals += judge(GoalFigures(result: nil))
            case .sessions(_, let judge): goals += judge(SessionFigures(outcomes: [:]))
            case .notShown(let told): goals += told
            }
        }
        #expect(goals.count == 20 && Set(goals.map { $0.work + $0.unit }).count == 20)
        #expect(goals.allSatisfy { $0.verdict == .notShown })
    }

    @Test func `Without the floor programs no task needs one, and the goals say what they need`() throws {
        let plan = try plan(cFloor: nil)
        var tasks = trials(plan).flatMap(\.group.sides).map(\.task)
        for case .sessions(let sessions, _) in plan.groups { tasks += sessions.map(\.task) }
        #expect(!tasks.contains { isFloor($0.server) })
        let (group, judge) = try #require(trials(plan).first)
        let sides = group.sides.map { SideResult($0.name, $0.role) }
        let result = TrialResult(work: "", load: "", clients: 1, clientsAsked: 1, sides: sides)
        #expect(judge(GoalFigures(result: result)).map(\.note) == ["needs --c-floor"])
    }

    @Test func `From shard to shard needs two cores that the generator has no part in`() throws {
        func crossed(_ pins: [Int], _ generator: [Int]) throws -> [CellTask] {
            trials(try plan(pins, generator)).flatMap(\.group.sides).map(\.task).filter(\.isCrossed)
        }
        #expect(try crossed([], []).isEmpty && crossed([0], [1]).isEmpty)
        #expect(try crossed([0, 1], [2]).count == 1)
        let unshown = try plan([0], [1]).groups.compactMap { group in
            if case .notShown(let goals) = group { goals } else { nil }
        }
        #expect(unshown.map { $0.map(\.note) } == [["needs three cores"]])
    }

    @Test func `Sessions are set up by thousands, and their names are theirs alone`() throws {
        var sessions: [(name: String, task: CellTask)] = []
        for case .sessions(let tasks, _) in try plan().groups { sessions += tasks }
        #expect(sessions.map(\.name) == ["none", "deflate", "tls", "floor"])
        #expect(sessions.allSatisfy { $0.task.scenario == .connect && $0.task.clients == 5000 })
        #expect(sessions.map(\.task.isSecure) == [false, false, true, false])
    }

    @Test func `Every peer is measured at the works that goals are set for, beside our own router`() throws {
        let groups = trials(try plan(peers: ["one", "two"])).suffix(3)
        for group in groups { #expect(group.group.sides.map(\.name) == ["rennbahn", "rennbahn (twin)", "one", "two"]) }
        #expect(groups.map { $0.group.sides[0].task.depth } == [16, 16, 64])
        let goals = groups.flatMap { $0.judge(GoalFigures(result: nil)) }
        #expect(goals.map(\.limit) == [50, 50, 25, 25, 100, 100] && goals.allSatisfy { $0.bound == .atLeast })
        #expect(goals.map(\.work).prefix(2) == ["fan-out-1, one", "fan-out-1, two"])
    }

    @Test func `Our own router and its twin have a heat with each peer, and the shape of the work stays`() throws {
        let plan = PeerPlan(
            works: [.fanOut1, .rpcPair], payloads: [32, 256], serializers: [.json], compressions: [.none, .deflate])
        let groups = plan.groups(settings(pins: [0], generator: [1]), [try peer("one"), try peer("two")])
        #expect(groups.count == 8)
        #expect(groups[1].sides.map(\.name) == ["rennbahn", "rennbahn (twin)", "one", "two"])
        #expect(groups[1].heats == [[0, 1, 2], [0, 1, 3]])
        #expect(groups[1].work == "fan-out-1 32 B json+deflate")
        for group in groups {
            #expect(group.scenario == nil && group.clients == group.fewestClients)
            #expect(Set(group.sides.map { $0.task.scenario.name }).count == 1)
        }
    }
}
