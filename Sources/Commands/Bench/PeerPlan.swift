import RennbahnTrial
import RennbahnWAMP
import RennbahnWorkload

/// Our own router and its peers at the same work.
struct PeerPlan {
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
                scenario: scenario, depth: depth, payload: .filler(bytes: payloadBytes), serializer: serializer)
        }
    }

    let works: [Work]
    let payloads: [Int]
    let serializers: [Serializer]
    let compressions: [CompressionOption]

    /// Each peer has a heat with our own router and its twin, so that ours is not silent for longer than two turns of the peer's.
    func groups(_ settings: BenchSettings, _ peers: [MeasuredServer]) -> [TrialGroup] {
        var groups: [TrialGroup] = []
        for work in works {
            for payload in payloads {
                for serializer in serializers {
                    for compression in compressions {
                        var task = work.task(settings, payloadBytes: payload, serializer: serializer)
                        task.compression = compression
                        groups.append(PeerPlan.group(task, work, peers))
                    }
                }
            }
        }
        return groups
    }

    /// The shape is the comparison's: it does not change, however long a round takes.
    private static func group(_ task: CellTask, _ work: Work, _ peers: [MeasuredServer]) -> TrialGroup {
        let clients = task.scenario.roleCount ?? task.clients
        let format = BenchPlan.Format(serializer: task.serializer, compression: task.compression)
        let own = TrialGroup.sides([task]) { task, role in
            TrialGroup.Side(name: role == .twin ? "rennbahn (twin)" : "rennbahn", role: role, task: task)
        }
        let others = peers.map { peer in
            TrialGroup.Side(name: peer.name, role: .other, task: task.served(by: .peer(peer), peer.name))
        }
        return TrialGroup(
            work: "\(work.rawValue) \(task.payload.name) \(format.name)", clients: clients, fewestClients: clients,
            sides: own + others, beside: 1)
    }
}
