import RennbahnLoadGenerator
import RennbahnMeasurement
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

    @Test func `Names of tasks are their group's alone, and no goal has a figure where nothing was measured`() throws {
        let plan = GoalPlan(settings: settings(pins: [0], generator: [1]), peers: [try peer("crossbar")])
        for group in plan.groups {
            #expect(Set(group.tasks.map(\.name)).count == group.tasks.count)
            for goal in group.goals(GoalFigures(outcomes: [:])) { #expect(goal.figure == nil) }
        }
    }

    @Test func `Without the floor programs no task needs one, and the notes tell it`() {
        let plan = GoalPlan(settings: settings(pins: [0], generator: [1], cFloor: nil), peers: [])
        let servers = plan.groups.flatMap(\.tasks).map(\.task.server)
        #expect(
            !servers.contains {
                if case .floor = $0 { true } else { false }
            })
        #expect(GoalFigures(outcomes: [:]).note("msgpack", "floor msgpack") == "needs --c-floor")
    }

    @Test func `From shard to shard needs two cores, of which the generator may share one`() throws {
        func crossed(_ pins: [Int], _ generator: [Int]) -> [CellTask] {
            GoalPlan(settings: settings(pins: pins, generator: generator), peers: []).groups.flatMap(\.tasks)
                .map(\.task).filter(\.isCrossed)
        }
        #expect(crossed([], []).isEmpty)
        #expect(crossed([0], [1]).map(\.routerPins) == [[0, 1]])
        #expect(crossed([0, 1], [2]).map(\.routerPins) == [[0, 1]])
    }

    @Test func `Every peer is measured at the works that goals are set for, beside our own router`() throws {
        let plan = GoalPlan(settings: settings(pins: [0], generator: [1]), peers: [try peer("one"), try peer("two")])
        let groups = plan.groups.suffix(3)
        #expect(groups.map { $0.tasks.map(\.name) } == Array(repeating: ["own", "one", "two"], count: 3))
        #expect(groups.first?.tasks.map(\.task.depth) == [16, 16, 16])
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
