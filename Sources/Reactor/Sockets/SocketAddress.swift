import CRennbahnLinux

/// Where a stream socket listens or connects to: an IPv4 or IPv6 address and a port, or the path of a UNIX socket.
package enum SocketAddress: Sendable, Hashable {
    /// The address as an integer in host order: 127.0.0.1 is 0x7f00_0001.
    case v4(UInt32, port: UInt16)
    /// The sixteen octets as two integers in host order, and the interface of a link-local address (else 0).
    case v6(high: UInt64, low: UInt64, scope: UInt32, port: UInt16)
    /// The file of a UNIX socket; see ``unix(path:)``. Empty for a client's end, which has none.
    case unix(String)

    /// Octets that the kernel takes for the path of a UNIX socket.
    package static let longestPath = 107

    /// Why a text names no address.
    package enum Malformed: Error, Sendable, Equatable, CustomStringConvertible {
        /// Not `host:port` or `[v6]:port`.
        case syntax(String)
        /// The port is no number from 0 to 65535.
        case port(String)
        /// The name has no address; with the resolver's reason.
        case unresolved(String, reason: String)
        /// Not the path of a UNIX socket: it is empty, too long, or holds a NUL.
        case path(String)

        package var description: String {
            switch self {
            case .syntax(let text): "\"\(text)\" is no address: expected host:port or [IPv6]:port"
            case .port(let text): "\"\(text)\" is no port number (0 to 65535)"
            case .unresolved(let host, let reason): "cannot resolve \"\(host)\": \(reason)"
            case .path(let path):
                "\"\(path)\" is no path of a UNIX socket: 1 to \(SocketAddress.longestPath) octets are, without NUL"
            }
        }
    }

    package static func loopback(port: UInt16) -> SocketAddress { .v4(0x7f00_0001, port: port) }

    /// Parses `127.0.0.1:8080`, `[::1]:8080` or `localhost:8080`. Blocks while a name is looked up.
    package init(parsing text: String) throws(Malformed) {
        let host: Substring
        let port: Substring
        if text.hasPrefix("[") {
            guard let end = text.lastIndex(of: "]") else { throw .syntax(text) }
            host = text[text.index(after: text.startIndex)..<end]
            let rest = text[text.index(after: end)...]
            guard rest.first == ":" else { throw .syntax(text) }
            port = rest.dropFirst()
        } else {
            guard let colon = text.lastIndex(of: ":") else { throw .syntax(text) }
            host = text[..<colon]
            port = text[text.index(after: colon)...]
            guard !host.contains(":") else { throw .syntax(text) }
        }
        guard !host.isEmpty else { throw .syntax(text) }
        guard port.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let number = UInt16(port) else {
            throw .port(String(port))
        }
        try self.init(host: String(host), port: number)
    }

    /// The address of `host` to listen at or to connect from, a number or a name. Of a name with several addresses the first IPv4
    /// one is taken, so that it is the same whatever their order. Blocks while a name is looked up.
    package init(host: String, port: UInt16) throws(Malformed) {
        let found = try SocketAddress.resolve(host: host, port: port)
        self = found.first(where: \.isIPv4) ?? found[0]
    }

    /// The IPv4 or IPv6 address that a text is, as a number and without brackets; `nil`: it is something else. No name is looked
    /// up.
    package init?(numeric text: String) {
        guard !text.utf8.contains(0) else { return nil }
        var v4 = in_addr()
        var v6 = in6_addr()
        if unsafe inet_pton(AF_INET, text, &v4) == 1 {
            self = .v4(UInt32(bigEndian: v4.s_addr), port: 0)
        } else if unsafe inet_pton(AF_INET6, text, &v6) == 1 {
            let octets = unsafe withUnsafeBytes(of: v6) { bytes in
                unsafe (bytes.loadUnaligned(as: UInt64.self), bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            }
            self = .v6(high: UInt64(bigEndian: octets.0), low: UInt64(bigEndian: octets.1), scope: 0, port: 0)
        } else {
            return nil
        }
    }

    /// The UNIX socket at `path`.
    package static func unix(path: String) throws(Malformed) -> SocketAddress {
        guard (1...longestPath).contains(path.utf8.count), !path.utf8.contains(0) else { throw .path(path) }
        return .unix(path)
    }

    /// All addresses of `host` to connect to, at least one, in the resolver's order (RFC 6724). Blocks while a name is looked up.
    ///
    /// - Parameter isIPv4: `nil`: of either version of IP.
    package static func resolve(
        host: String, port: UInt16, isIPv4: Bool? = nil
    ) throws(Malformed) -> [SocketAddress] {
        var hints = unsafe addrinfo()
        unsafe hints.ai_family = AF_UNSPEC
        unsafe hints.ai_socktype = clinux_sock_stream_type
        var list: UnsafeMutablePointer<addrinfo>? = nil
        let code = unsafe getaddrinfo(host, nil, &hints, &list)
        guard code == 0 else {
            let reason = unsafe gai_strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
            throw .unresolved(host, reason: reason)
        }
        defer { unsafe freeaddrinfo(list) }
        var addresses: [SocketAddress] = []
        var next = unsafe list
        while let entry = unsafe next {
            if let address = unsafe SocketAddress(entry.pointee.ai_addr)?.with(port: port), !addresses.contains(address)
            {
                addresses.append(address)
            }
            unsafe next = entry.pointee.ai_next
        }
        guard !addresses.isEmpty else { throw .unresolved(host, reason: "no IPv4 or IPv6 address") }
        guard let isIPv4 else { return addresses }
        let fitting = addresses.filter { $0.isIPv4 == isIPv4 }
        guard !fitting.isEmpty else {
            throw .unresolved(host, reason: "it has no address of IP version \(isIPv4 ? 4 : 6)")
        }
        return fitting
    }

    /// 0 for a UNIX socket.
    package var port: UInt16 {
        switch self {
        case .v4(_, let port): port
        case .v6(_, _, _, let port): port
        case .unix: 0
        }
    }

    package func with(port: UInt16) -> SocketAddress {
        switch self {
        case .v4(let address, _): .v4(address, port: port)
        case .v6(let high, let low, let scope, _): .v6(high: high, low: low, scope: scope, port: port)
        case .unix: self
        }
    }

    package var isIPv4: Bool {
        if case .v4 = self { true } else { false }
    }

    package var isUNIX: Bool {
        if case .unix = self { true } else { false }
    }

    /// Whether the address is of this machine alone: 127.0.0.0/8, ::1, the former mapped into IPv6, or a UNIX socket.
    package var isLoopback: Bool {
        switch self {
        case .v4(let address, _): address >> 24 == 127
        case .v6(let high, let low, _, _): high == 0 && (low == 1 || low >> 24 == 0xffff_7f)
        case .unix: true
        }
    }
}

extension SocketAddress: CustomStringConvertible {
    /// The address without its port, IPv6 without brackets and with its scope; the path of a UNIX socket.
    package var host: String {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { text in
            guard let start = text.baseAddress else { return "" }
            switch self {
            case .unix(let path): return path
            case .v4(let address, _):
                var octets = in_addr(s_addr: address.bigEndian)
                _ = unsafe inet_ntop(AF_INET, &octets, start, 64)
            case .v6(let high, let low, let scope, _):
                var octets = (high.bigEndian, low.bigEndian)
                _ = unsafe inet_ntop(AF_INET6, &octets, start, 64)
                if scope != 0 { return unsafe String(cString: start) + "%\(scope)" }
            }
            return unsafe String(cString: start)
        }
    }

    package var description: String {
        switch self {
        case .v4: "\(host):\(port)"
        case .v6: "[\(host)]:\(port)"
        case .unix(let path): "unix:\(path)"
        }
    }
}

// MARK: The kernel's form

extension SocketAddress {
    /// Reads a `sockaddr` of one of these families, in storage of at least a `sockaddr_un` where it is of that one; `nil`
    /// for any other.
    init?(_ raw: UnsafeMutablePointer<sockaddr>?) {
        guard let raw = unsafe raw else { return nil }
        let start = UnsafeRawPointer(raw)
        switch unsafe Int32(raw.pointee.sa_family) {
        case AF_INET:
            let address = unsafe start.loadUnaligned(as: sockaddr_in.self)
            self = .v4(UInt32(bigEndian: address.sin_addr.s_addr), port: UInt16(bigEndian: address.sin_port))
        case AF_INET6:
            let address = unsafe start.loadUnaligned(as: sockaddr_in6.self)
            let octets = unsafe withUnsafeBytes(of: address.sin6_addr) { bytes in
                unsafe (bytes.loadUnaligned(as: UInt64.self), bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            }
            self = .v6(
                high: UInt64(bigEndian: octets.0), low: UInt64(bigEndian: octets.1), scope: address.sin6_scope_id,
                port: UInt16(bigEndian: address.sin6_port))
        case AF_UNIX:
            let path = unsafe UnsafeRawBufferPointer(
                start: start + SocketAddress.pathOffset, count: SocketAddress.longestPath)
            self = unsafe .unix(String(decoding: path.prefix { $0 != 0 }, as: UTF8.self))
        default:
            return nil
        }
    }

    /// Where `sun_path` is in a `sockaddr_un`.
    private static let pathOffset = MemoryLayout<sa_family_t>.size

    var family: Int32 {
        switch self {
        case .v4: AF_INET
        case .v6: AF_INET6
        case .unix: AF_UNIX
        }
    }

    /// Calls `body` with the address as the kernel takes it.
    func withSockaddr<R>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> R) -> R {
        switch self {
        case .v4(let address, let port):
            var raw = sockaddr_in()
            raw.sin_family = sa_family_t(AF_INET)
            raw.sin_port = port.bigEndian
            raw.sin_addr.s_addr = address.bigEndian
            return unsafe withUnsafeBytes(of: &raw) { bytes in
                unsafe SocketAddress.call(body, bytes)
            }
        case .v6(let high, let low, let scope, let port):
            var raw = sockaddr_in6()
            raw.sin6_family = sa_family_t(AF_INET6)
            raw.sin6_port = port.bigEndian
            raw.sin6_scope_id = scope
            unsafe withUnsafeMutableBytes(of: &raw.sin6_addr) { bytes in
                unsafe bytes.storeBytes(of: high.bigEndian, as: UInt64.self)
                unsafe bytes.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
            }
            return unsafe withUnsafeBytes(of: &raw) { bytes in
                unsafe SocketAddress.call(body, bytes)
            }
        case .unix(let path):
            var raw = sockaddr_un()
            raw.sun_family = sa_family_t(AF_UNIX)
            return unsafe withUnsafeMutableBytes(of: &raw) { bytes in
                let octets = path.utf8.prefix(SocketAddress.longestPath)
                unsafe bytes[SocketAddress.pathOffset...].copyBytes(from: octets)
                return unsafe SocketAddress.call(body, UnsafeRawBufferPointer(bytes))
            }
        }
    }

    private static func call<R>(
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> R, _ bytes: UnsafeRawBufferPointer
    ) -> R {
        guard let start = bytes.baseAddress else { preconditionFailure("a sockaddr is never empty") }
        return unsafe body(start.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
    }
}
