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

    /// One for each work, size and depth.
    var groups: [TrialGroup] {
        var groups: [TrialGroup] = []
        for work in works {
            for payload in payloads {
                for depth in depths { groups.append(group(work, payload, depth)) }
            }
        }
        return groups
    }

    private func group(_ work: Work, _ payload: Int, _ depth: Int) -> TrialGroup {
        let scenario = { (clients: Int) in BenchPlan.scenario(work, clients: clients) }
        var sides = TrialGroup.sides(formats) { format, role in
            let name = role == .twin ? format.name + " (twin)" : format.name
            return TrialGroup.Side(
                name: name, role: role,
                task: CellTask(
                    name: name, server: .router(shards: shards), scenario: scenario(clients), depth: depth,
                    payload: .filler(bytes: payload), serializer: format.serializer, compression: format.compression))
        }
        let floor = TrialGroup.Side(
            name: "floor", role: .floor,
            task: CellTask(
                name: "floor", server: .echo, scenario: .echo, clients: clients, depth: depth,
                payload: .filler(bytes: payload), serializer: formats[0].serializer))
        // In the heat of what is uncompressed, as it is itself.
        sides.insert(floor, at: 2)
        return TrialGroup(
            work: "\(work.rawValue) \(payload) B", clients: clients, fewestClients: BenchPlan.fewestClients(work),
            sides: sides, scenario: scenario)
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
