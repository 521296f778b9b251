/// The cookie of each connection that has one, by slot: what it came with at its opening handshake, or was given there.
struct ConnectionCookies {
    struct Cookie {
        var value: String
        /// It was given in this connection's handshake, so that nobody else has seen it.
        var isFresh: Bool
    }

    private var cookies: [Int: Cookie] = [:]

    var count: Int { cookies.count }

    subscript(slot: Int) -> Cookie? { cookies.isEmpty ? nil : cookies[slot] }

    /// - Parameter cookie: `nil`: it has none.
    mutating func note(_ cookie: Cookie?, of slot: Int) {
        cookies[slot] = cookie
    }

    mutating func forget(_ slot: Int) {
        if !cookies.isEmpty { cookies[slot] = nil }
    }
}
