/// The parts of a `ws` or `wss` URL (RFC 6455, section 3).
struct Endpoint: Equatable {
    /// Without the brackets of an IPv6 address.
    var host: String
    var port: UInt16
    /// Path and query; never empty.
    var path: String
    /// Whether TLS is spoken.
    var isSecure: Bool
    /// For the `Host` header.
    var authority: String

    /// - Throws: ``WAMPError/Code/usage``
    init(_ url: String) throws(WAMPError) {
        func refuse(_ why: String) -> WAMPError { WAMPError(.usage, message: "the URL \"\(url)\" \(why)") }
        // What is visible in ASCII: so nothing can end the request line or a header.
        guard url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else { throw refuse("holds characters that no URL has") }
        isSecure = url.lowercased().hasPrefix("wss://")
        guard isSecure || url.lowercased().hasPrefix("ws://") else { throw refuse("is neither ws://… nor wss://…") }
        let rest = url.dropFirst(isSecure ? 6 : 5)
        guard !rest.contains("#") else { throw refuse("has a fragment") }
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        let authority = rest[..<end]
        guard !authority.contains("@") else { throw refuse("names a user") }
        let tail = rest[end...]
        path = tail.first == "/" ? String(tail) : "/" + tail
        self.authority = String(authority)

        let (host, port) = Endpoint.split(authority)
        guard !host.isEmpty else { throw refuse("names no host") }
        self.host = String(host)
        guard let port else {
            self.port = isSecure ? 443 : 80
            return
        }
        guard port.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let number = UInt16(port), number > 0 else {
            throw refuse("has no port number from 1 to 65535")
        }
        self.port = number
    }

    /// `host`, `host:port`, `[v6]` or `[v6]:port`
    private static func split(_ authority: Substring) -> (host: Substring, port: Substring?) {
        if authority.first == "[", let bracket = authority.firstIndex(of: "]") {
            let host = authority[authority.index(after: authority.startIndex)..<bracket]
            let rest = authority[authority.index(after: bracket)...]
            return (host, rest.isEmpty ? nil : rest.first == ":" ? rest.dropFirst() : "?")
        }
        guard let colon = authority.firstIndex(of: ":") else { return (authority, nil) }
        return (authority[..<colon], authority[authority.index(after: colon)...])
    }
}
