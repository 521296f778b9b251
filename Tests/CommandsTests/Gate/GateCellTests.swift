import RennbahnLoadGenerator
import RennbahnWAMP
import RennbahnWebSocket
import RennbahnWorkload
import Testing

@testable import RennbahnCommands

struct GateCellTests {
    private func cell(_ text: String) throws -> GateCell {
        try #require(try GateCell.list(text, clients: 500).first)
    }

    @Test func `Whatever part of a cell is left out is as it always was`() throws {
        for text in ["pubsub", "pubsub:json", "pubsub:json:32", "pubsub:json:32:none", "pubsub:json:32:none:1"] {
            let cell = try cell(text)
            #expect(cell.name == "pubsub 32 B json", "\(text)")
            #expect(cell.task.depth == 1)
        }
    }

    @Test func `Every part is taken, and the name tells what is not usual`() throws {
        let deep = try cell("rpc:msgpack:1024:deflate;level=1:64")
        #expect(deep.name == "rpc 1024 B msgpack+deflate;level=1 depth 64")
        #expect(deep.task.scenario == .standardRPC(clients: 500))
        #expect(deep.task.serializer == .msgpack)
        #expect(deep.task.payload.stampedBytes == 1024)
        #expect(deep.task.compression.policy?.level == 1)
        #expect(deep.task.depth == 64)
        #expect(try cell("pubsub:json:32:none:65536").task.depth == WorkloadParameters.maximumDepth)
    }

    @Test func `The depth is what the generator keeps in flight`() throws {
        let settings = BenchSettings(
            clients: 500, depth: 1, shards: 1, rounds: 1, warmUp: 0, duration: 1, seed: 1, routerPins: [],
            generatorPins: [], executable: "", cFloor: nil, peerRealm: "realm1")
        let configuration = CellRunner.configuration(
            try cell("pubsub:json:32:none:64").task, settings, target: try .init(parsing: "ws://127.0.0.1/"), seed: 1)
        #expect(configuration.workload.load == .closed(depth: 64))
    }

    @Test func `Depths 1 and 64 of the same work are two cells, the same cell twice is none`() throws {
        let cells = try GateCell.list("pubsub:json,pubsub:json:32:none:64", clients: 500)
        #expect(cells.map(\.name) == ["pubsub 32 B json", "pubsub 32 B json depth 64"])
        #expect(throws: Failure.usage("--scenario: a cell is given twice")) {
            _ = try GateCell.list("pubsub:json:32:none:64,pubsub:json:32:none:64", clients: 500)
        }
    }

    @Test(arguments: [
        ("pubsub:json:32:none:0", "the depth is a number of operations in flight, 1 to 65536"),
        ("pubsub:json:32:none:-1", "the depth is a number of operations in flight, 1 to 65536"),
        ("pubsub:json:32:none:deep", "the depth is a number of operations in flight, 1 to 65536"),
        ("pubsub:json:32:none:", "the depth is a number of operations in flight, 1 to 65536"),
        ("pubsub:json:32:none:65537", "the depth is a number of operations in flight, 1 to 65536"),
        ("pubsub:json:32:none:1:1", "more than SCENARIO[:SERIALIZER[:PAYLOAD[:COMPRESSION[:DEPTH]]]]"),
        ("pubsub:json:32:64", "the compression: expected none or deflate"),
    ])
    func `What is no cell is told with its reason`(text: String, reason: String) {
        #expect(throws: Failure.usage("--scenario \(text): \(reason)")) { _ = try cell(text) }
    }

    @Test func `Payload and depth have units, and a wrong one is refused`() throws {
        #expect(try cell("rpc:msgpack:1KiB:none:1k").name == "rpc 1024 B msgpack depth 1000")
        #expect(throws: Failure.self) { try cell("rpc:msgpack:1k") }
        #expect(throws: Failure.self) { try cell("rpc:msgpack:1KiB:none:1KiB") }
    }
}
