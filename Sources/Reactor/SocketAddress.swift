import CLinux

/// Where a TCP socket listens or connects to: an IPv4 or IPv6 address and a port.
package enum SocketAddress: Sendable, Hashable {
    /// The address as an integer in host order: 127.0.0.1 is 0x7f00_0001.
    case v4(UInt32, port: UInt16)
    /// The sixteen octets as two integers in host order, and the interface of a link-local address (else 0).
    case v6(high: UInt64, low: UInt64, scope: UInt32, port: UInt16)

    /// Why a text names no address.
    package enum Malformed: Error, Sendable, Equatable, CustomStringConvertible {
        /// Not `host:port` or `[v6]:port`.
        case syntax(String)
        /// The port is no number from 0 to 65535.
        case port(String)
        /// The name has no address; with the resolver's reason.
        case unresolved(String, reason: String)

        package var description: String {
            switch self {
            case .syntax(let text): "\"\(text)\" is no address: expected host:port or [IPv6]:port"
            case .port(let text): "\"\(text)\" is no port number (0 to 65535)"
            case .unresolved(let host, let reason): "cannot resolve \"\(host)\": \(reason)"
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

    /// The address of `host`, a number or a name. Of a name with several addresses the first IPv4 one is taken, so that
    /// `localhost` means the same on both sides whatever the order in the hosts file. Blocks while a name is looked up.
    package init(host: String, port: UInt16) throws(Malformed) {
        let found = try SocketAddress.resolve(host: host, port: port)
        self = found.first(where: \.isIPv4) ?? found[0]
    }

    /// All addresses of `host`, at least one, in the resolver's order.
    package static func resolve(host: String, port: UInt16) throws(Malformed) -> [SocketAddress] {
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
            if let address = unsafe SocketAddress(entry.pointee.ai_addr) { addresses.append(address.with(port: port)) }
            unsafe next = entry.pointee.ai_next
        }
        guard !addresses.isEmpty else { throw .unresolved(host, reason: "no IPv4 or IPv6 address") }
        return addresses
    }

    package var port: UInt16 {
        switch self {
        case .v4(_, let port): port
        case .v6(_, _, _, let port): port
        }
    }

    package func with(port: UInt16) -> SocketAddress {
        switch self {
        case .v4(let address, _): .v4(address, port: port)
        case .v6(let high, let low, let scope, _): .v6(high: high, low: low, scope: scope, port: port)
        }
    }

    package var isIPv4: Bool {
        if case .v4 = self { true } else { false }
    }

    /// Whether the address is 127.0.0.0/8, ::1, or the former mapped into IPv6.
    package var isLoopback: Bool {
        switch self {
        case .v4(let address, _): address >> 24 == 127
        case .v6(let high, let low, _, _): high == 0 && (low == 1 || low >> 24 == 0xffff_7f)
        }
    }
}

extension SocketAddress: CustomStringConvertible {
    /// The address without its port, IPv6 without brackets.
    package var host: String {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { text in
            guard let start = text.baseAddress else { return "" }
            switch self {
            case .v4(let address, _):
                var octets = in_addr(s_addr: address.bigEndian)
                _ = unsafe inet_ntop(AF_INET, &octets, start, 64)
            case .v6(let high, let low, _, _):
                var octets = (high.bigEndian, low.bigEndian)
                _ = unsafe inet_ntop(AF_INET6, &octets, start, 64)
            }
            return unsafe String(cString: start)
        }
    }

    package var description: String { isIPv4 ? "\(host):\(port)" : "[\(host)]:\(port)" }
}

// MARK: The kernel's form

extension SocketAddress {
    /// Reads a `sockaddr` of either family; `nil` for any other.
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
        default:
            return nil
        }
    }

    var family: Int32 { isIPv4 ? AF_INET : AF_INET6 }

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
        }
    }

    private static func call<R>(
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> R, _ bytes: UnsafeRawBufferPointer
    ) -> R {
        guard let start = bytes.baseAddress else { preconditionFailure("a sockaddr is never empty") }
        return unsafe body(start.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
    }
}
