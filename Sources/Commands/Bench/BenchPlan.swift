import RennbahnTrial
import RennbahnWAMP
import RennbahnWebSocket
import RennbahnWorkload

/// The matrix of a benchmark: which work in which formats.
struct BenchPlan {
    enum Work: String, CaseIterable {
        case pubsub, rpc
    }

    /// A serializer and a compression.
    struct Format: Equatable {
        var serializer: Serializer
        var compression: CompressionOption

        var name: String {
            compression.policy == nil ? serializer.name : "\(serializer.name)+\(compression.text)"
        }

        static func == (one: Format, other: Format) -> Bool { one.name == other.name }
    }

    var works: [Work]
    var payloads: [Int]
    var depths: [Int]
    var serializers: [Serializer]
    var compressions: [CompressionOption]
    var clients: Int
    var shards: Int

    /// The formats, what goes uncompressed first: the first is the baseline of all.
    var formats: [Format] {
        let sorted = compressions.filter { $0.policy == nil } + compressions.filter { $0.policy != nil }
        return sorted.flatMap { compression in
            serializers.map { Format(serializer: $0, compression: compression) }
        }
    }

    /// Groups of one work, which share a baseline: it and its twin are in each of them.
    struct Rows {
        var groups: [TrialGroup]
    }

    var rows: [Rows] {
        var rows: [Rows] = []
        for work in works {
            for payload in payloads {
                for depth in depths { rows.append(Rows(groups: groups(work, payload, depth))) }
            }
        }
        return rows
    }

    var groupCount: Int { rows.reduce(0) { $0 + $1.groups.count } }

    /// Beside the baseline and its twin there is room for two: with more, each would be silent for too long.
    private static let roomBeside = 2

    private func groups(_ work: Work, _ payload: Int, _ depth: Int) -> [TrialGroup] {
        let scenario = { (clients: Int) in BenchPlan.scenario(work, clients: clients) }
        func side(_ format: Format, _ role: SideResult.Role) -> TrialGroup.Side {
            let name = role == .twin ? format.name + " (twin)" : format.name
            return TrialGroup.Side(
                name: name, role: role,
                task: CellTask(
                    name: name, server: .router(shards: shards), scenario: scenario(clients), depth: depth,
                    payload: .filler(bytes: payload), serializer: format.serializer, compression: format.compression))
        }
        let baseline = formats[0]
        let floor = TrialGroup.Side(
            name: "floor", role: .floor,
            task: CellTask(
                name: "floor", server: .echo, scenario: .echo, clients: clients, depth: depth,
                payload: .filler(bytes: payload),
                serializer: baseline.serializer))
        let others = [floor] + formats.dropFirst().map { side($0, .other) }
        return stride(from: 0, to: others.count, by: BenchPlan.roomBeside).map { first in
            let beside = others[first..<min(first + BenchPlan.roomBeside, others.count)]
            return TrialGroup(
                work: "\(work.rawValue) \(payload) B", clients: clients,
                fewestClients: BenchPlan.fewestClients(work),
                sides: [side(baseline, .baseline), side(baseline, .twin)] + beside, scenario: scenario)
        }
    }

    /// With so few a publisher still has several subscribers, and calls have others beside them.
    private static func fewestClients(_ work: Work) -> Int {
        switch work {
        case .pubsub: 5
        case .rpc: 4
        }
    }

    static func scenario(_ work: Work, clients: Int) -> Scenario {
        switch work {
        case .pubsub: .standardPubSub(clients: clients)
        case .rpc: .standardRPC(clients: clients)
        }
    }
}
