/// The cookie of each connection that has one, by slot: what it came with at its opening handshake, or was given there.
struct ConnectionCookies {
    private var values: [Int: String] = [:]

    subscript(slot: Int) -> String? { values.isEmpty ? nil : values[slot] }

    /// - Parameter value: `nil`: it has none.
    mutating func note(_ value: String?, of slot: Int) {
        values[slot] = value
    }

    mutating func forget(_ slot: Int) {
        if !values.isEmpty { values[slot] = nil }
    }
}
