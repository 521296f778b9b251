/// The server of a run, as its `ws:` URL names it.
package struct LoadTarget: Sendable, Equatable {
    /// As it was given, for messages.
    package let url: String
    package let host: String
    package let port: UInt16
    /// Path and query: what the upgrade request asks for.
    package let path: String

    /// Why a text is not the URL of a server that can be measured.
    package struct Malformed: Error, Sendable, Equatable, CustomStringConvertible {
        package let description: String
    }

    /// Parses `ws://host[:port][/path][?query]` (RFC 6455, section 3).
    package init(parsing url: String) throws(Malformed) {
        if url.lowercased().hasPrefix("wss:") { throw Malformed(description: "TLS (wss) is not supported, use ws://") }
        guard url.lowercased().hasPrefix("ws://") else {
            throw Malformed(description: "not a WebSocket URL, expected ws://host:port/path")
        }
        guard !url.contains("#") else { throw Malformed(description: "a WebSocket URL has no fragment") }
        guard url.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
            throw Malformed(description: "a URL holds printable ASCII only")
        }
        let rest = url.dropFirst(5)
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        let authority = rest[..<end]
        guard !authority.contains("@") else { throw Malformed(description: "a user name in the URL is not supported") }
        (host, port) = try LoadTarget.split(authority)
        let target = rest[end...]
        path = target.hasPrefix("/") ? String(target) : "/" + target
        self.url = url
    }

    private static func split(_ authority: Substring) throws(Malformed) -> (String, UInt16) {
        var host = authority
        var port: Substring?
        if authority.hasPrefix("["), let end = authority.lastIndex(of: "]") {
            host = authority[authority.index(after: authority.startIndex)..<end]
            let behind = authority[authority.index(after: end)...]
            guard behind.isEmpty || behind.hasPrefix(":") else { throw Malformed(description: "malformed host") }
            port = behind.isEmpty ? nil : behind.dropFirst()
        } else if let colon = authority.lastIndex(of: ":") {
            host = authority[..<colon]
            port = authority[authority.index(after: colon)...]
            guard !host.contains(":") else { throw Malformed(description: "an IPv6 address needs brackets") }
        }
        guard !host.isEmpty else { throw Malformed(description: "the host is missing") }
        guard let port else { return (String(host), 80) }
        guard port.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = UInt16(port), number > 0 else {
            throw Malformed(description: "\(port) is not a port number (1 to 65535)")
        }
        return (String(host), number)
    }

    /// The `Host` header field.
    package var hostField: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == 80 ? name : "\(name):\(port)"
    }
}
