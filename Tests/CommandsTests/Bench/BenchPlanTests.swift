import RennbahnWAMP
import RennbahnWorkload
import Testing

@testable import RennbahnCommands

struct BenchPlanTests {
    private let plan = BenchPlan(
        scenarios: [.pubsub, .rpc], serializers: [.json, .msgpack], compressions: [.none, .deflate],
        payloads: [32, 1024], hasCFloor: true)

    @Test func `The floors of a size are measured once for each serializer, before all work`() {
        #expect(
            plan.groups.prefix(2).map { $0.map(\.name) } == [
                ["floor 32 B json", "C floor 32 B json", "floor 32 B msgpack", "C floor 32 B msgpack"],
                ["floor 1024 B json", "C floor 1024 B json", "floor 1024 B msgpack", "C floor 1024 B msgpack"],
            ])
        #expect(plan.groups.dropFirst(2).joined().allSatisfy { !$0.isFloor })
    }

    @Test func `The formats of one work stand together, since they are compared`() {
        #expect(
            plan.groups[2].map(\.name) == [
                "pubsub 32 B json", "pubsub 32 B json+deflate", "pubsub 32 B msgpack", "pubsub 32 B msgpack+deflate",
            ])
        #expect(plan.groups.count == 6)
        #expect(plan.cellCount == 8 + 16)
    }

    @Test func `Without the floor programs there is only our own echo`() {
        let plan = BenchPlan(scenarios: [.rpc], serializers: [.json], compressions: [.none], payloads: [32])
        #expect(plan.groups.map { $0.map(\.work) } == [[.floor], [.rpc]])
    }

    @Test func `Tasks that are compared are measured forwards and backwards in turn`() {
        #expect(CellTask.order(of: 3, round: 0) == [0, 1, 2])
        #expect(CellTask.order(of: 3, round: 1) == [2, 1, 0])
        #expect(CellTask.order(of: 3, round: 2) == [0, 1, 2])
    }
}
