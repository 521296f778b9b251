/// What a cell was asked to do.
package struct CellParameters: Codable, Equatable, Sendable {
    /// `pubsub`, `rpc`, `connect` or `echo`.
    package var scenario: String
    /// `json` or `msgpack`; `none` for `echo`.
    package var serializer: String
    /// `none`, or the negotiated extension as in `Sec-WebSocket-Extensions`.
    package var compression: String
    package var payloadBytes: Int
    package var clients: Int
    package var publishers: Int?
    package var subscribers: Int?
    package var topics: Int?
    package var callers: Int?
    package var callees: Int?
    /// Closed loop: operations in flight per publisher, caller or echo client.
    package var depth: Int?
    /// Open loop: operations a second of the whole fleet.
    package var rate: Double?
    /// Shards of the router; absent for a foreign router.
    package var routerShards: Int?
    package var generatorShards: Int

    package static let uncompressed = "none"

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
    package var workName: String { "\(scenario) \(payloadBytes) B" }

    /// `json`, `msgpack+deflate`.
    package var formatName: String { isCompressed ? serializer + "+deflate" : serializer }

    /// Whether both are the same work, written in formats that may differ.
    package func isSameWork(as other: CellParameters) -> Bool {
        var same = other
        same.serializer = serializer
        same.compression = compression
        return same == self
    }
}
