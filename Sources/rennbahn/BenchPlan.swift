import WAMP
import WebSocket
import Workload

/// The matrix of a benchmark: which work in which formats, in which order.
struct BenchPlan {
    /// One cell, or the floor of the cells of its size.
    struct Cell {
        enum Work: Equatable {
            case pubsub, rpc
            /// A bare echo of messages as long as the serializer's.
            case floor
        }

        var work: Work
        var serializer: Serializer
        var compression: CompressionOption
        var payloadBytes: Int

        var name: String {
            let format = compression.policy == nil ? serializer.name : "\(serializer.name)+\(compression.text)"
            switch work {
            case .pubsub: return "pubsub \(payloadBytes) B \(format)"
            case .rpc: return "rpc \(payloadBytes) B \(format)"
            case .floor: return "floor \(payloadBytes) B \(serializer.name)"
            }
        }
    }

    /// Cells of the same work stand together: they are measured in turn and compared with each other.
    let groups: [[Cell]]

    init(
        scenarios: [Cell.Work], serializers: [Serializer], compressions: [CompressionOption], payloads: [Int]
    ) {
        var groups: [[Cell]] = []
        for payload in payloads {
            groups.append(
                serializers.map { Cell(work: .floor, serializer: $0, compression: .none, payloadBytes: payload) })
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

    /// The order in which one group is measured: forwards in even rounds and backwards in odd ones, so that a drift of
    /// the machine's speed hits all its cells alike.
    static func order(of count: Int, round: Int) -> [Int] {
        round % 2 == 0 ? Array(0..<count) : Array((0..<count).reversed())
    }

    static func scenario(_ work: Cell.Work, clients: Int) -> Scenario {
        switch work {
        case .pubsub: .standardPubSub(clients: clients)
        case .rpc: .standardRPC(clients: clients)
        case .floor: .echo
        }
    }
}
