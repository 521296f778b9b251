import RennbahnTrial
import RennbahnWAMP
import RennbahnWorkload
import Testing

@testable import RennbahnCommands

struct BenchPlanTests {
    private let plan = BenchPlan(
        works: [.pubsub, .rpc], payloads: [32, 1024], depths: [1, 64], serializers: [.json, .msgpack],
        compressions: [.deflate, .none], clients: 200, shards: 1)

    @Test func `Every group has the baseline, its twin and at most two beside them`() {
        for group in plan.rows.flatMap(\.groups) {
            #expect(group.sides[0].role == .baseline && group.sides[0].name == "json")
            #expect(group.sides[1].role == .twin && group.sides[1].name == "json (twin)")
            #expect((3...4).contains(group.sides.count))
            let (one, two) = (group.sides[0].task, group.sides[1].task)
            #expect(one.serializer == two.serializer && one.compression.text == two.compression.text)
            #expect(one.scenario == two.scenario && one.depth == two.depth && one.payload == two.payload)
        }
    }

    @Test func `What goes uncompressed comes first, and the floor has its turns with it`() {
        #expect(plan.rows.count == 8)
        #expect(plan.groupCount == 16)
        #expect(
            plan.rows[0].groups.map { $0.sides.map(\.name) } == [
                ["json", "json (twin)", "floor", "msgpack"],
                ["json", "json (twin)", "json+deflate", "msgpack+deflate"],
            ])
        #expect(plan.rows.map { $0.groups[0].sides[0].task.depth } == [1, 64, 1, 64, 1, 64, 1, 64])
    }

    @Test func `A smaller fleet has the same shape, and the floor as many clients as the work`() throws {
        let group = plan.rows[0].groups[0]
        #expect(group.task(group.sides[0], clients: 50).scenario == .pubsub(publishers: 1, subscribers: 49, topics: 1))
        let floor = try #require(group.sides.first { $0.role == .floor })
        #expect(group.task(floor, clients: 50).clients == 50)
        #expect(group.task(floor, clients: 50).scenario == .echo)
        let rpc = plan.rows[4].groups[0]
        #expect(rpc.task(rpc.sides[0], clients: rpc.fewestClients).scenario == .rpc(callers: 2, callees: 2))
    }

    @Test func `A single format is compared with its twin and the floor`() {
        let plan = BenchPlan(
            works: [.rpc], payloads: [32], depths: [1], serializers: [.msgpack], compressions: [.deflate], clients: 8,
            shards: 1)
        #expect(
            plan.rows.flatMap(\.groups).map { $0.sides.map(\.name) } == [
                ["msgpack+deflate", "msgpack+deflate (twin)", "floor"]
            ])
    }

    @Test func `Tasks that are compared are measured forwards and backwards in turn`() {
        #expect(CellTask.order(of: 3, round: 0) == [0, 1, 2])
        #expect(CellTask.order(of: 3, round: 1) == [2, 1, 0])
        #expect(CellTask.order(of: 3, round: 2) == [0, 1, 2])
    }
}
