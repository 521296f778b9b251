/// The URL of a WebSocket or RawSocket transport, taken apart (RFC 6455, section 3; RFC 3986, section 3).
///
/// ```
/// ws://host[:port][/path][?query]      wss://… with TLS
/// rs://host[:port]                     rss://… with TLS: RawSocket, which has no paths
/// ws+unix:socket[:/path[?query]]       a UNIX socket, whose path is the text up to the first colon, as it stands
/// rs+unix:socket
/// ```
package struct TransportURL: Sendable, Equatable {
    /// What a connection begins with.
    package enum Opening: Sendable {
        /// An HTTP request that asks for WebSocket.
        case webSocket
        /// RawSocket's four octets.
        case rawSocket
    }

    /// Where to connect to.
    package enum Place: Sendable, Equatable {
        /// An IPv6 address is without its brackets here.
        case tcp(host: String, port: UInt16)
        /// The file of a socket; how long its path may be, the system says.
        case unix(path: String)
    }

    /// As it was given, for messages.
    package let text: String
    package let opening: Opening
    /// Whether TLS is spoken.
    package let isSecure: Bool
    package let place: Place
    /// Path and query: what the upgrade request asks for; `/` over RawSocket.
    package let target: String

    package init(parsing text: String) throws(Malformed) {
        guard let colon = text.firstIndex(of: ":"), let scheme = Scheme(rawValue: text[..<colon].lowercased()) else {
            throw .scheme
        }
        let rest = text[text.index(after: colon)...]
        let parts = try scheme.isUNIX ? TransportURL.unix(rest) : TransportURL.tcp(rest, scheme.defaultPort)
        if scheme.opening == .rawSocket, !(parts.target.isEmpty || parts.target == "/") { throw .rawSocketPath }
        (self.text, opening, isSecure, place) = (text, scheme.opening, scheme.isSecure, parts.place)
        target = parts.target.hasPrefix("/") ? parts.target : "/" + parts.target
    }

    /// The `Host` header of a request: without the port where that is the scheme's own (RFC 6455, section 4.1, item 4; RFC 7230,
    /// section 5.4), and `localhost` for a UNIX socket, which has no name.
    package var hostField: String {
        guard case .tcp(let host, let port) = place else { return "localhost" }
        let name = host.contains(":") ? "[\(host)]" : host
        return port == Scheme.defaultPort(isSecure: isSecure) ? name : "\(name):\(port)"
    }

    // MARK: Parts

    private enum Scheme: String {
        case ws, wss, rs, rss
        case wsUNIX = "ws+unix"
        case rsUNIX = "rs+unix"

        var opening: Opening {
            switch self {
            case .ws, .wss, .wsUNIX: .webSocket
            case .rs, .rss, .rsUNIX: .rawSocket
            }
        }

        var isSecure: Bool { self == .wss || self == .rss }
        var isUNIX: Bool { self == .wsUNIX || self == .rsUNIX }
        var defaultPort: UInt16 { Scheme.defaultPort(isSecure: isSecure) }

        static func defaultPort(isSecure: Bool) -> UInt16 { isSecure ? 443 : 80 }
    }

    /// - Parameter rest: what follows the colon of the scheme.
    private static func tcp(
        _ rest: Substring, _ defaultPort: UInt16
    ) throws(Malformed) -> (place: Place, target: String) {
        guard rest.hasPrefix("//") else { throw .scheme }
        // What is visible in ASCII: so nothing can end the request line or a header.
        guard rest.utf8.allSatisfy(isVisible) else { throw .characters }
        guard !rest.contains("#") else { throw .fragment }
        let rest = rest.dropFirst(2)
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        return (try authority(rest[..<end], defaultPort), String(rest[end...]))
    }

    private static func unix(_ rest: Substring) throws(Malformed) -> (place: Place, target: String) {
        let end = rest.firstIndex(of: ":") ?? rest.endIndex
        let socket = rest.hasPrefix("//") ? rest[..<end].dropFirst(2) : rest[..<end]
        guard !socket.isEmpty, !socket.utf8.contains(0) else { throw .socket }
        let target = rest[end...].dropFirst()
        guard target.isEmpty || target.hasPrefix("/") else { throw .target(String(target)) }
        guard target.utf8.allSatisfy(isVisible) else { throw .characters }
        guard !target.contains("#") else { throw .fragment }
        return (.unix(path: String(socket)), String(target))
    }

    /// `host`, `host:port`, `[v6]` or `[v6]:port`
    private static func authority(_ text: Substring, _ defaultPort: UInt16) throws(Malformed) -> Place {
        guard !text.contains("@") else { throw .user }
        let host: Substring
        let behind: Substring
        if text.hasPrefix("[") {
            guard let bracket = text.firstIndex(of: "]") else { throw .brackets }
            host = text[..<bracket].dropFirst()
            behind = text[text.index(after: bracket)...]
            guard host.contains(":"), behind.isEmpty || behind.hasPrefix(":") else { throw .brackets }
        } else {
            let colon = text.lastIndex(of: ":") ?? text.endIndex
            (host, behind) = (text[..<colon], text[colon...])
            guard !host.contains(":") else { throw .bareIPv6 }
        }
        guard !host.isEmpty else { throw .host }
        guard !behind.isEmpty else { return .tcp(host: String(host), port: defaultPort) }
        let digits = behind.dropFirst()
        guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = UInt16(digits), port > 0 else {
            throw .port(String(digits))
        }
        return .tcp(host: String(host), port: port)
    }

    private static func isVisible(_ octet: UInt8) -> Bool { octet > 0x20 && octet < 0x7f }
}

extension TransportURL {
    /// Why a text is not the URL of a transport.
    package enum Malformed: Error, Sendable, Equatable, CustomStringConvertible {
        case scheme
        /// Something that is not visible ASCII.
        case characters
        case fragment
        /// A name, or name and password, before the host.
        case user
        case host
        /// Brackets without an IPv6 address, or with something behind them that is no port.
        case brackets
        case bareIPv6
        case port(String)
        /// The path of a UNIX socket is missing or holds a NUL.
        case socket
        /// What is asked for at a UNIX socket is no path.
        case target(String)
        case rawSocketPath

        package var description: String {
            switch self {
            case .scheme:
                "not the URL of a transport: expected ws://host:port/path, wss://… or ws+unix:socket:/path, or rs… for RawSocket"
            case .characters: "a URL holds printable ASCII only, without spaces"
            case .fragment: "a fragment (#) is not allowed"
            case .user: "a user name (@) is not supported"
            case .host: "the host is missing"
            case .brackets: "malformed host: expected [IPv6] or [IPv6]:port"
            case .bareIPv6: "an IPv6 address needs brackets"
            case .port(let text): "\"\(text)\" is not a port number (1 to 65535)"
            case .socket: "the path of the UNIX socket is missing"
            case .target(let text): "\"\(text)\" is no path: expected ws+unix:socket:/path"
            case .rawSocketPath: "RawSocket has no paths"
            }
        }
    }
}
