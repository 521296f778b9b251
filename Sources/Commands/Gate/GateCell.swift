import RennbahnWAMP
import RennbahnWorkload

/// A cell that the gate measures, as `--scenario` names it: `pubsub`, `rpc:msgpack`, `pubsub:json:1024:deflate`,
/// `pubsub:json:32:none:64`.
struct GateCell {
    let task: CellTask

    var name: String { task.name }

    /// Two cells with both scenarios and both serializers: within six minutes on two cores.
    static let standard = "pubsub:json,rpc:msgpack"

    static let form = "SCENARIO[:SERIALIZER[:PAYLOAD[:COMPRESSION[:DEPTH]]]]"

    static func list(_ text: String, clients: Int) throws -> [GateCell] {
        let cells = try text.split(separator: ",").map { try GateCell(String($0), clients: clients) }
        guard !cells.isEmpty else { throw Failure.usage("--scenario: nothing is given") }
        guard Set(cells.map(\.name)).count == cells.count else {
            throw Failure.usage("--scenario: a cell is given twice")
        }
        return cells
    }

    private init(_ text: String, clients: Int) throws {
        func reject(_ reason: String) -> Failure { Failure.usage("--scenario \(text): \(reason)") }
        var words = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)[...]
        guard words.count <= 5 else { throw reject("more than \(GateCell.form)") }
        let scenario: Scenario
        switch words.removeFirst() {
        case "pubsub": scenario = .standardPubSub(clients: clients)
        case "rpc": scenario = .standardRPC(clients: clients)
        case let other: throw reject("\(other) is not pubsub or rpc")
        }
        guard let serializer = Serializer(name: words.popFirst() ?? Serializer.json.name) else {
            throw reject("the serializer is json or msgpack")
        }
        guard let payload = try? Quantity.bytes(words.popFirst() ?? "32"),
            (Stamp.byteCount...WorkloadParameters.maximumPayloadBytes).contains(payload)
        else { throw reject("the payload is a number of bytes, at least \(Stamp.byteCount)") }
        let compression: CompressionOption
        do {
            compression = try CompressionOption(parsing: words.popFirst() ?? "none")
        } catch {
            throw reject("the compression: \(error)")
        }
        guard let depth = try? Quantity.count(words.popFirst() ?? "1"),
            (1...WorkloadParameters.maximumDepth).contains(depth)
        else {
            throw reject("the depth is a number of operations in flight, 1 to \(WorkloadParameters.maximumDepth)")
        }
        var name = "\(scenario.name) \(payload) B \(serializer.name)"
        if compression.policy != nil { name += "+\(compression.text)" }
        if depth > 1 { name += " depth \(depth)" }
        task = CellTask(
            name: name, server: .router(shards: 1), scenario: scenario, depth: depth, payload: .filler(bytes: payload),
            serializer: serializer, compression: compression)
    }
}
