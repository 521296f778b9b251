import RennbahnTrial
import RennbahnWAMP
import RennbahnWorkload
import Testing

@testable import RennbahnCommands

struct BenchPlanTests {
    private let plan = BenchPlan(
        works: [.pubsub, .rpc], payloads: [32, 1024], depths: [1, 64], serializers: [.json, .msgpack],
        compressions: [.deflate, .none], clients: 200, shards: 1)

    private func heats(_ group: TrialGroup) -> [[String]] { group.heats.map { $0.map { group.sides[$0].name } } }

    @Test func `Every group begins with the baseline and its twin, which do the same`() {
        #expect(plan.groups.count == 8)
        for group in plan.groups {
            #expect(group.sides[0].role == .baseline && group.sides[0].name == "json")
            #expect(group.sides[1].role == .twin && group.sides[1].name == "json (twin)")
            let (one, two) = (group.sides[0].task, group.sides[1].task)
            #expect(one.serializer == two.serializer && one.compression.text == two.compression.text)
            #expect(one.scenario == two.scenario && one.depth == two.depth && one.payload == two.payload)
        }
        #expect(plan.groups.map { $0.sides[0].task.depth } == [1, 64, 1, 64, 1, 64, 1, 64])
    }

    @Test func `The baseline and its twin run in every heat, the others in one, the floor with what is uncompressed`() {
        for group in plan.groups {
            #expect(
                heats(group) == [
                    ["json", "json (twin)", "floor", "msgpack"],
                    ["json", "json (twin)", "json+deflate", "msgpack+deflate"],
                ])
            #expect(group.weight == 2)
        }
        var group = plan.groups[0]
        group.beside = 1
        group.openLoopRate = 500
        #expect(
            heats(group).map { $0.dropFirst(2) } == [["floor"], ["msgpack"], ["json+deflate"], ["msgpack+deflate"]])
        #expect(group.heatsOfStart == 8)
        group.sides.removeLast(4)
        #expect(heats(group) == [["json", "json (twin)"]])
    }

    @Test func `A smaller fleet has the same shape, and the floor as many clients as the work`() throws {
        let group = plan.groups[0]
        #expect(group.task(group.sides[0], clients: 50).scenario == .pubsub(publishers: 1, subscribers: 49, topics: 1))
        let floor = try #require(group.sides.first { $0.role == .floor })
        #expect(group.task(floor, clients: 50).clients == 50)
        #expect(group.task(floor, clients: 50).scenario == .echo)
        let rpc = plan.groups[4]
        #expect(rpc.task(rpc.sides[0], clients: rpc.fewestClients).scenario == .rpc(callers: 2, callees: 2))
        var fixed = group
        fixed.scenario = nil
        #expect(fixed.task(fixed.sides[0], clients: 50).scenario == group.sides[0].task.scenario)
        #expect(fixed.connected(51) == 51)
    }

    @Test func `A single format is compared with its twin and the floor`() {
        let plan = BenchPlan(
            works: [.rpc], payloads: [32], depths: [1], serializers: [.msgpack], compressions: [.deflate], clients: 8,
            shards: 1)
        #expect(plan.groups.map(heats) == [[["msgpack+deflate", "msgpack+deflate (twin)", "floor"]]])
    }

    @Test func `Tasks that are compared are measured forwards and backwards in turn`() {
        #expect(CellTask.order(of: 3, round: 0) == [0, 1, 2])
        #expect(CellTask.order(of: 3, round: 1) == [2, 1, 0])
        #expect(CellTask.order(of: 3, round: 2) == [0, 1, 2])
    }
}
