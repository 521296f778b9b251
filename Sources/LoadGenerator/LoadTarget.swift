import RennbahnReactor

/// The server of a run, as its URL names it: `ws:`, `wss:`, `ws+unix:`, or `rs:`, `rss:`, `rs+unix:` for RawSocket.
package struct LoadTarget: Sendable, Equatable {
    /// As it was given, for messages.
    package let url: String
    /// Empty for a UNIX socket.
    package let host: String
    /// 0 for a UNIX socket.
    package let port: UInt16
    /// Of a UNIX socket.
    package let socketPath: String?
    /// Whether TLS is spoken (`wss:`, `rss:`).
    package let isSecure: Bool
    /// Whether RawSocket is spoken.
    package let speaksRawSocket: Bool
    /// Path and query: what the upgrade request asks for; `/` over RawSocket.
    package let path: String

    /// Why a text is not the URL of a server that can be measured.
    package struct Malformed: Error, Sendable, Equatable, CustomStringConvertible {
        package let description: String
    }

    /// Parses `ws://host[:port][/path][?query]` or `wss://…` (RFC 6455, section 3), or `ws+unix:socket[:/path[?query]]`, where the
    /// first colon ends the path of the socket. `rs`, `rss` and `rs+unix` in their places are RawSocket, which has no paths.
    package init(parsing url: String) throws(Malformed) {
        let lower = url.lowercased()
        if lower.hasPrefix("ws+unix:") || lower.hasPrefix("rs+unix:") {
            self = try LoadTarget(unix: url)
            return
        }
        isSecure = lower.hasPrefix("wss://") || lower.hasPrefix("rss://")
        guard isSecure || lower.hasPrefix("ws://") || lower.hasPrefix("rs://") else {
            throw Malformed(
                description:
                    "not a WebSocket URL, expected ws://host:port/path, wss://… or ws+unix:socket, or rs… for RawSocket"
            )
        }
        speaksRawSocket = lower.hasPrefix("rs")
        guard !url.contains("#") else { throw Malformed(description: "a WebSocket URL has no fragment") }
        guard url.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
            throw Malformed(description: "a URL holds printable ASCII only")
        }
        let rest = url.dropFirst(isSecure ? 6 : 5)
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        let authority = rest[..<end]
        guard !authority.contains("@") else { throw Malformed(description: "a user name in the URL is not supported") }
        (host, port) = try LoadTarget.split(authority, defaultPort: isSecure ? 443 : 80)
        let target = rest[end...]
        path = target.hasPrefix("/") ? String(target) : "/" + target
        if speaksRawSocket, path != "/" { throw Malformed(description: "RawSocket has no paths") }
        socketPath = nil
        self.url = url
    }

    private init(unix url: String) throws(Malformed) {
        let rest = url.dropFirst("ws+unix:".count)
        let end = rest.firstIndex(of: ":") ?? rest.endIndex
        let socket = rest.hasPrefix("//") ? rest[..<end].dropFirst(2) : rest[..<end]
        let target = rest[end...].dropFirst()
        guard target.isEmpty || target.hasPrefix("/"), target.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
            throw Malformed(description: "expected ws+unix:socket:/path")
        }
        speaksRawSocket = url.lowercased().hasPrefix("rs")
        if speaksRawSocket, !target.isEmpty { throw Malformed(description: "RawSocket has no paths") }
        do {
            _ = try SocketAddress.unix(path: String(socket))
        } catch {
            throw Malformed(description: error.description)
        }
        (host, port, socketPath, isSecure) = ("", 0, String(socket), false)
        path = target.isEmpty ? "/" : String(target)
        self.url = url
    }

    /// Where to connect. Blocks while a name is looked up.
    func address() throws(SocketAddress.Malformed) -> SocketAddress {
        if let socketPath { return try .unix(path: socketPath) }
        return try SocketAddress(host: host, port: port)
    }

    private static func split(
        _ authority: Substring, defaultPort: UInt16
    ) throws(Malformed) -> (String, UInt16) {
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
        guard let port else { return (String(host), defaultPort) }
        guard port.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = UInt16(port), number > 0 else {
            throw Malformed(description: "\(port) is not a port number (1 to 65535)")
        }
        return (String(host), number)
    }

    /// The `Host` header field.
    package var hostField: String {
        guard socketPath == nil else { return "localhost" }
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
    }
}
