import RennbahnTrial
import RennbahnWAMP
import RennbahnWorkload

/// Which documents are measured in which formats.
struct SerializersPlan {
    /// A serializer and what compresses.
    struct Format: Equatable {
        var serializer: Serializer
        /// `nil`: nothing.
        var deflate: Deflate?

        /// `json`, `json+deflate`, `json+deflate 1 w9 fresh`.
        var name: String { deflate.map { "\(serializer.name)+\($0.name)" } ?? serializer.name }

        var compression: CompressionOption {
            get throws { try deflate?.option ?? .none }
        }
    }

    /// One setting of permessage-deflate, the same for both directions.
    struct Deflate: Equatable {
        var level = 6
        var windowBits = 15
        var hasTakeover = true

        static let levels = [1, 6, 9]
        static let windows = [9, 12, 15]

        /// What differs from the usual: level, window, and whether each message is compressed for itself.
        var name: String {
            guard self != Deflate() else { return "deflate" }
            return "deflate \(level) w\(windowBits)" + (hasTakeover ? "" : " fresh")
        }

        var option: CompressionOption {
            get throws {
                guard self != Deflate() else { return .deflate }
                var text = "deflate;level=\(level)"
                if windowBits < 15 { text += ";max_window_bits=\(windowBits);request_max_window_bits=\(windowBits)" }
                if !hasTakeover { text += ";no_context_takeover;request_no_context_takeover" }
                return try CompressionOption(parsing: text)
            }
        }

        static var all: [Deflate] {
            levels.flatMap { level in
                windows.flatMap { bits in
                    [true, false].map { Deflate(level: level, windowBits: bits, hasTakeover: $0) }
                }
            }
        }
    }

    var documents: [DocumentSet]
    /// Those that all settings of compression are tried with.
    var crossed: [DocumentSet]
    /// Whether they are tried with every serializer, or with JSON alone.
    var crossesSerializers: Bool
    /// `nil`: as many as each document's ``DocumentLoad`` says.
    var clients: Int?
    var depth: Int
    var shards: Int

    /// What is asked of one document; the first of the formats is the baseline.
    struct Chapter {
        var document: DocumentSet
        var group: TrialGroup
        /// Whether it is about the settings of compression.
        var isCrossing: Bool
    }

    /// With fewer pairs there is nothing to choose between.
    private static let fewestClients = 4

    /// What every document is measured in; the first is the baseline.
    let formats =
        Serializer.allCases.map { Format(serializer: $0) }
        + Serializer.allCases.map { Format(serializer: $0, deflate: Deflate()) }

    func chapters() throws -> [Chapter] {
        let settings = Deflate.all.filter { $0 != Deflate() }
        let crossing = (crossesSerializers ? Serializer.allCases : [.json]).flatMap { serializer in
            ([Deflate()] + settings).map { Format(serializer: serializer, deflate: $0) }
        }
        let main = try documents.map {
            Chapter(document: $0, group: try group($0, formats, isCrossing: false), isCrossing: false)
        }
        let others = try crossed.map {
            Chapter(document: $0, group: try group($0, [formats[0]] + crossing, isCrossing: true), isCrossing: true)
        }
        return main + others
    }

    /// Settings of compression differ by more than their intervals need to be narrow for: they have half of the time.
    private static let crossingEmphasis = 0.5

    private func group(_ document: DocumentSet, _ formats: [Format], isCrossing: Bool) throws -> TrialGroup {
        let load = DocumentLoad(octets: document.meanOctets(.json))
        let clients = clients ?? load.clients
        let sides = try TrialGroup.sides(formats) { format, role in
            let name = role == .twin ? format.name + " (twin)" : format.name
            return TrialGroup.Side(
                name: name, role: role,
                task: CellTask(
                    name: name, server: .router(shards: shards), scenario: SerializersPlan.pairs(clients: clients),
                    depth: depth, payload: .documents(document), serializer: format.serializer,
                    compression: try format.compression))
        }
        var group = TrialGroup(
            work: document.name, clients: clients, fewestClients: SerializersPlan.fewestClients, sides: sides,
            scenario: SerializersPlan.pairs)
        if isCrossing { group.emphasis = SerializersPlan.crossingEmphasis } else { group.openLoopRate = load.rate }
        return group
    }

    /// One publisher and one subscriber to each topic: every message is read, routed and written once, so that what reading costs is
    /// not divided among many receivers.
    private static func pairs(clients: Int) -> Scenario {
        let pairs = max(1, clients / 2)
        return .pubsub(publishers: pairs, subscribers: pairs, topics: pairs)
    }
}
