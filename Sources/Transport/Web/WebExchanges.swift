import RennbahnReactor

/// The requests for web services that are being answered, by the slot of their connection. Connections that open as WebSocket
/// leave it.
struct WebExchanges {
    /// A connection that asks for web services: the answer under way, if there is one.
    struct Exchange {
        /// What is being sent of a file, and what of it is left to be read.
        var file: ServedFile?
        var rest = 0..<0
        /// Whether a further request may follow.
        var keepsAlive = true
    }

    private var bySlot: [Int: Exchange] = [:]

    var count: Int { bySlot.count }

    /// The connection's exchange; it begins with the first answer.
    subscript(slot: Int) -> Exchange? {
        get { bySlot.isEmpty ? nil : bySlot[slot] }
        set { bySlot[slot] = newValue }
    }

    /// No further request is answered on this connection.
    mutating func endAfterAnswer(_ slot: Int) {
        bySlot[slot]?.keepsAlive = false
    }

    mutating func forget(_ slot: Int) {
        if !bySlot.isEmpty { bySlot[slot] = nil }
    }
}
