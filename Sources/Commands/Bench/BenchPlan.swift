import RennbahnWAMP
import RennbahnWebSocket
import RennbahnWorkload

/// The matrix of a benchmark: which work in which formats, in which order.
struct BenchPlan {
    /// One cell, or the floor of the cells of its size.
    struct Cell {
        enum Work: Equatable {
            case pubsub, rpc
            /// A bare echo of messages as long as the serializer's, over our own loop.
            case floor
            /// The same in C, which parses nothing.
            case cFloor
        }

        var work: Work
        var serializer: Serializer
        var compression: CompressionOption
        var payloadBytes: Int

        var isFloor: Bool { work == .floor || work == .cFloor }

        var name: String {
            let format = compression.policy == nil ? serializer.name : "\(serializer.name)+\(compression.text)"
            switch work {
            case .pubsub: return "pubsub \(payloadBytes) B \(format)"
            case .rpc: return "rpc \(payloadBytes) B \(format)"
            case .floor: return "floor \(payloadBytes) B \(serializer.name)"
            case .cFloor: return "C floor \(payloadBytes) B \(serializer.name)"
            }
        }
    }

    /// Cells of the same work stand together: they are measured in turn and compared with each other.
    let groups: [[Cell]]

    init(
        scenarios: [Cell.Work], serializers: [Serializer], compressions: [CompressionOption], payloads: [Int],
        hasCFloor: Bool = false
    ) {
        var groups: [[Cell]] = []
        for payload in payloads {
            let floors: [Cell.Work] = hasCFloor ? [.floor, .cFloor] : [.floor]
            groups.append(
                serializers.flatMap { serializer in
                    floors.map { Cell(work: $0, serializer: serializer, compression: .none, payloadBytes: payload) }
                })
        }
        for scenario in scenarios {
            for payload in payloads {
                groups.append(
                    serializers.flatMap { serializer in
                        compressions.map {
                            Cell(work: scenario, serializer: serializer, compression: $0, payloadBytes: payload)
                        }
                    })
            }
        }
        self.groups = groups
    }

    var cellCount: Int { groups.map(\.count).reduce(0, +) }

    static func scenario(_ work: Cell.Work, clients: Int) -> Scenario {
        switch work {
        case .pubsub: .standardPubSub(clients: clients)
        case .rpc: .standardRPC(clients: clients)
        case .floor, .cFloor: .echo
        }
    }
}
