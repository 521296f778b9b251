/// What a cell was asked to do.
package struct CellParameters: Codable, Equatable, Sendable {
    /// Who did the work: `rennbahn`, or the name of a peer. Absent where the run was told nothing of the router, and in
    /// files that are older than the field.
    package var router: String?
    /// `pubsub`, `rpc`, `connect`, `echo` or `push`.
    package var scenario: String
    /// `json` or `msgpack`; `none` for `push`, and for `echo` with whole messages of the user's.
    package var serializer: String
    /// `none`, or the negotiated extension as in `Sec-WebSocket-Extensions`.
    package var compression: String
    /// Of documents the mean size of their JSON form, whatever the serializer, and of the stamp before it.
    package var payloadBytes: Int
    /// What the payload is: one of the documents in `docs/payloads.md`, or the name of a user's file or folder. Absent for filler,
    /// and in files that are older than the field.
    package var document: String?
    package var clients: Int
    package var publishers: Int?
    package var subscribers: Int?
    package var topics: Int?
    /// Of the subscribers: those that read slowly, and those that never read. Absent where there are none.
    package var slowSubscribers: Int?
    package var stuckSubscribers: Int?
    package var callers: Int?
    package var callees: Int?
    /// Closed loop: operations in flight per publisher, caller or echo client.
    package var depth: Int?
    /// Open loop: operations a second of the whole fleet.
    package var rate: Double?
    /// Where that moves: as the user said it, such as `100:5000`; then ``rate`` is its mean over the window. Absent where it does not
    /// move, and in files that are older than the field.
    package var rateProfile: String?
    /// Shards of the router; absent for a foreign router.
    package var routerShards: Int?
    package var generatorShards: Int

    package static let uncompressed = "none"
    package static let withoutSerializer = "none"
    /// The name of our own router.
    package static let ownRouter = "rennbahn"

    package init(
        scenario: String, serializer: String, compression: String, payloadBytes: Int, clients: Int,
        generatorShards: Int = 1
    ) {
        self.scenario = scenario
        self.serializer = serializer
        self.compression = compression
        self.payloadBytes = payloadBytes
        self.clients = clients
        self.generatorShards = generatorShards
    }

    package var isCompressed: Bool { compression != CellParameters.uncompressed }

    /// `pubsub 32 B`: what cells have in common that differ only in serializer and compression.
    package var workName: String { "\(scenario) \(payloadName)" }

    /// `32 B`, or the name of the documents.
    package var payloadName: String { document ?? "\(payloadBytes) B" }

    /// `json`, `msgpack+deflate`.
    package var formatName: String { isCompressed ? serializer + "+deflate" : serializer }

    /// `pubsub 1→100 32 B, 16 in flight`: the work in full, where cells differ in more than their size. The roles are
    /// those of one topic or of all of RPC; several topics stand before them: `pubsub 20 × 1→99`.
    package var workInFull: String {
        var name = scenario
        if let publishers, let subscribers, let topics, topics > 0 {
            name += topics > 1 ? " \(topics) ×" : ""
            name += " \(publishers / topics)→\(subscribers / topics)"
        } else if let callers, let callees {
            name += " \(callers)→\(callees)"
        } else {
            name += " \(clients.of("client"))"
        }
        name += " \(payloadName)"
        if let depth { name += ", \(depth) in flight" }
        return name
    }

    /// Whether our own router did the work.
    package var isOwn: Bool { router == nil || router == CellParameters.ownRouter }

    /// Whether both are the same work in the same format, done by routers that may differ.
    package func isSameCell(ofAnyRouter other: CellParameters) -> Bool {
        var same = other
        same.router = router
        same.routerShards = routerShards
        return same == self
    }

    /// Whether both are the same work of the same router, written in formats that may differ.
    package func isSameWork(as other: CellParameters) -> Bool {
        var same = other
        same.serializer = serializer
        same.compression = compression
        return same == self
    }
}
