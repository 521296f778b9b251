import RennbahnLoadGenerator
import RennbahnMeasurement
import RennbahnWAMP
import RennbahnWorkload

/// Measures our own router and its peers at the same work, in turn.
struct PeerRun {
    /// What is compared, by its name on the command line.
    enum Work: String, CaseIterable {
        /// One publisher, one subscriber, 16 publications in flight.
        case fanOut1 = "fan-out-1"
        /// One publisher, 100 subscribers, 16 publications in flight.
        case fanOut100 = "fan-out-100"
        /// One caller, one callee, 64 calls in flight.
        case rpcPair = "rpc-pair"
        /// The fleets of the matrix.
        case pubsub, rpc

        func task(_ settings: BenchSettings, payloadBytes: Int, serializer: Serializer) -> CellTask {
            let (scenario, depth): (Scenario, Int) =
                switch self {
                case .fanOut1: (.pubsub(publishers: 1, subscribers: 1, topics: 1), 16)
                case .fanOut100: (.pubsub(publishers: 1, subscribers: 100, topics: 1), 16)
                case .rpcPair: (.rpc(callers: 1, callees: 1), 64)
                case .pubsub: (.standardPubSub(clients: settings.clients), settings.depth)
                case .rpc: (.standardRPC(clients: settings.clients), settings.depth)
                }
            return CellTask(
                name: "\(rawValue) \(payloadBytes) B \(serializer.name)", server: .router(shards: settings.shards),
                scenario: scenario, depth: depth, payloadBytes: payloadBytes, serializer: serializer)
        }
    }

    let works: [Work]
    let payloads: [Int]
    let serializers: [Serializer]
    let compressions: [CompressionOption]
    let peers: [MeasuredServer]

    /// Groups that are measured in turn: our own router first, then the peers.
    func groups(_ settings: BenchSettings) -> [[CellTask]] {
        var groups: [[CellTask]] = []
        for work in works {
            for payload in payloads {
                for serializer in serializers {
                    for compression in compressions {
                        var task = work.task(settings, payloadBytes: payload, serializer: serializer)
                        if compression.policy != nil { task.name += "+\(compression.text)" }
                        task.compression = compression
                        groups.append([task] + peers.map { task.served(by: .peer($0), $0.name) })
                    }
                }
            }
        }
        return groups
    }

    func measure(_ runner: CellRunner) throws -> [ResultCell] {
        var cells: [ResultCell] = []
        for group in groups(runner.settings) { cells += try runner.measureInTurn(group).map(\.cell) }
        runner.clear()
        return cells
    }
}
