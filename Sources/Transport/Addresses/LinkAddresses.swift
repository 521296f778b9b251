/// The address of each accepted connection that has one, by slot, and what is counted for it.
struct LinkAddresses {
    struct Entry: Equatable {
        /// As ``IPAddress/counted``: the peer's, or that of the client that a front end speaks for.
        var address: IPAddress
        /// Whether the transport counts the connection for it; it does not for a front end's own.
        var isCounted: Bool
        /// Whether the opening handshake is under way.
        var isOpening = true
        /// Whether the peer is a front end.
        var isProxy = false
    }

    private var entries: [Entry?] = []
    /// Connections that have an address; slow, for a simulation.
    var count: Int { entries.count { $0 != nil } }

    subscript(slot: Int) -> Entry? {
        get { slot < entries.count ? entries[slot] : nil }
        set {
            if newValue == nil, slot >= entries.count { return }
            while entries.count <= slot { entries.append(nil) }
            entries[slot] = newValue
        }
    }
}
