import CRennbahnLinux

/// What came of an `accept`.
package enum AcceptResult: Sendable, Equatable {
    /// A connection: nonblocking, closed on exec.
    case accepted(Descriptor)
    /// Nobody waits.
    case wouldBlock
    /// The connection that waited is gone again, or a signal came: ask once more.
    case retry
    /// The process or the machine is out of descriptors or memory: stop accepting for a while, since the connection
    /// still waits and a level-triggered listener would report it again at once.
    case exhausted(SystemError)
    /// The listener is of no use any more.
    case failed(SystemError)
}

/// Opening, accepting, connecting and closing stream sockets. All are nonblocking and closed on exec.
package enum Sockets {
    /// A listener bound to `address`; port 0 picks a free one (see ``boundAddress(of:)``).
    ///
    /// - Parameters:
    ///   - reusePort: whether several listeners share the port (SO_REUSEPORT); the kernel spreads connections.
    ///   - userTimeout: milliseconds that sent bytes of its connections may stay unacknowledged (TCP_USER_TIMEOUT); 0 is
    ///     the kernel's own bound. Accepted connections inherit it.
    ///   - keepAlive: seconds without a word of the other side, from 1 to 32,767, after which the kernel asks it for a sign of
    ///     life (SO_KEEPALIVE); it asks four times in as long again. Accepted connections inherit it.
    ///   - permissions: of the file of a UNIX socket, such as 0o660; `nil` leaves them to the umask. Nobody can connect
    ///     before they are set.
    package static func listen(
        _ address: SocketAddress, backlog: Int32 = 4096, reusePort: Bool = false, userTimeout: Int32? = nil,
        keepAlive: Int32? = nil, permissions: UInt16? = nil
    ) throws(SystemError) -> Descriptor {
        let descriptor = try open(address.family)
        do throws(SystemError) {
            if !address.isUNIX { try set(descriptor, SOL_SOCKET, SO_REUSEADDR, 1, "setsockopt SO_REUSEADDR") }
            if reusePort { try set(descriptor, SOL_SOCKET, SO_REUSEPORT, 1, "setsockopt SO_REUSEPORT") }
            if let userTimeout {
                try set(descriptor, clinux_ipproto_tcp, TCP_USER_TIMEOUT, userTimeout, "setsockopt TCP_USER_TIMEOUT")
            }
            if let keepAlive { try setKeepAlive(descriptor, keepAlive) }
            try bind(descriptor, to: address)
            if let permissions, case .unix(let path) = address {
                guard unsafe chmod(path, mode_t(permissions)) == 0 else { throw .last("chmod") }
            }
            guard CRennbahnLinux.listen(descriptor.rawValue, backlog) == 0 else { throw .last("listen") }
        } catch {
            close(descriptor)
            throw error
        }
        return descriptor
    }

    /// The address a socket is bound to: where a listener on port 0 is reached.
    package static func boundAddress(of descriptor: Descriptor) throws(SystemError) -> SocketAddress {
        try unsafe address("getsockname") { unsafe getsockname(descriptor.rawValue, $0, $1) }
    }

    /// The address of the other side.
    package static func peerAddress(of descriptor: Descriptor) throws(SystemError) -> SocketAddress {
        try unsafe address("getpeername") { unsafe getpeername(descriptor.rawValue, $0, $1) }
    }

    package static func accept(_ listener: Descriptor) -> AcceptResult {
        let accepted = clinux_accept4(listener.rawValue, clinux_accept_flags)
        if accepted >= 0 { return .accepted(Descriptor(accepted)) }
        let error = SystemError.last("accept4")
        switch error.code {
        case EAGAIN:
            return .wouldBlock
        // The errors of the dead connection itself are reported here too (accept(2), "Error handling").
        case ECONNABORTED, EINTR, ENETDOWN, EPROTO, ENOPROTOOPT, EHOSTDOWN, ENONET, EHOSTUNREACH, ENETUNREACH:
            return .retry
        case EMFILE, ENFILE, ENOBUFS, ENOMEM:
            return .exhausted(error)
        default:
            return .failed(error)
        }
    }

    /// Starts to connect. While `inProgress`, wait until the socket is writable and then ask ``connectError(_:)``.
    ///
    /// - Parameter source: the local address. With port 0 the port is chosen at connect time
    ///   (IP_BIND_ADDRESS_NO_PORT), so that each source address has the whole ephemeral range per destination.
    package static func connect(
        to address: SocketAddress, from source: SocketAddress? = nil
    ) throws(SystemError) -> (descriptor: Descriptor, inProgress: Bool) {
        let descriptor = try open(address.family)
        do throws(SystemError) {
            if let source {
                if source.port == 0 {
                    try set(
                        descriptor, clinux_ipproto_ip, clinux_ip_bind_address_no_port, 1,
                        "setsockopt IP_BIND_ADDRESS_NO_PORT")
                }
                try bind(descriptor, to: source)
            }
            let code = unsafe address.withSockaddr { unsafe CRennbahnLinux.connect(descriptor.rawValue, $0, $1) }
            if code == 0 { return (descriptor, false) }
            let error = SystemError.last("connect")
            // An interrupted connect goes on by itself (connect(2), EINTR).
            guard error.code == EINPROGRESS || error.code == EINTR else { throw error }
            return (descriptor, true)
        } catch {
            close(descriptor)
            throw error
        }
    }

    /// How a connect that was in progress failed; `nil` when it succeeded. Also clears the socket's pending error.
    package static func connectError(_ descriptor: Descriptor) -> SystemError? {
        var code: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        guard unsafe getsockopt(descriptor.rawValue, SOL_SOCKET, SO_ERROR, &code, &length) == 0 else {
            return .last("getsockopt SO_ERROR")
        }
        return code == 0 ? nil : SystemError(code: code, operation: "connect")
    }

    /// Switches Nagle's algorithm off: what is sent leaves at once. On a listening socket, for what it accepts.
    package static func setNoDelay(_ descriptor: Descriptor) throws(SystemError) {
        try set(descriptor, clinux_ipproto_tcp, TCP_NODELAY, 1, "setsockopt TCP_NODELAY")
    }

    /// Whether Nagle's algorithm is off.
    package static func hasNoDelay(_ descriptor: Descriptor) -> Bool {
        option(descriptor, clinux_ipproto_tcp, TCP_NODELAY) ?? 0 != 0
    }

    /// Milliseconds that sent bytes may stay unacknowledged; 0: the kernel's own bound.
    package static func userTimeout(_ descriptor: Descriptor) -> Int32? {
        option(descriptor, clinux_ipproto_tcp, TCP_USER_TIMEOUT)
    }

    private static func setKeepAlive(_ descriptor: Descriptor, _ seconds: Int32) throws(SystemError) {
        try set(descriptor, SOL_SOCKET, SO_KEEPALIVE, 1, "setsockopt SO_KEEPALIVE")
        try set(descriptor, clinux_ipproto_tcp, TCP_KEEPIDLE, seconds, "setsockopt TCP_KEEPIDLE")
        try set(descriptor, clinux_ipproto_tcp, TCP_KEEPINTVL, max(1, seconds / 4), "setsockopt TCP_KEEPINTVL")
        try set(descriptor, clinux_ipproto_tcp, TCP_KEEPCNT, 4, "setsockopt TCP_KEEPCNT")
    }

    /// Seconds of silence after which the kernel asks for a sign of life; `nil`: it does not.
    package static func keepAlive(_ descriptor: Descriptor) -> Int32? {
        guard option(descriptor, SOL_SOCKET, SO_KEEPALIVE) ?? 0 != 0 else { return nil }
        return option(descriptor, clinux_ipproto_tcp, TCP_KEEPIDLE)
    }

    /// A second descriptor of the same socket, closed by itself.
    package static func duplicate(_ descriptor: Descriptor) throws(SystemError) -> Descriptor {
        let copy = clinux_duplicate(descriptor.rawValue)
        guard copy >= 0 else { throw .last("fcntl F_DUPFD_CLOEXEC") }
        return Descriptor(copy)
    }

    /// Nanoseconds since the kernel received data on a TCP connection, to its tick of some milliseconds; `nil` for other
    /// sockets.
    package static func sinceReceived(_ descriptor: Descriptor) -> UInt64? {
        let age = clinux_since_received(descriptor.rawValue)
        return age < 0 ? nil : UInt64(age) * 1_000_000
    }

    /// What the kernel holds of what was sent, since the peer has not taken it (SIOCOUTQ): octets over TCP, the memory that they take
    /// over a UNIX socket. 0 where it cannot be asked.
    package static func unsentBytes(_ descriptor: Descriptor) -> Int {
        Int(clinux_unsent_bytes(descriptor.rawValue))
    }

    /// Asks for socket buffers of these sizes in bytes; the kernel doubles and bounds them. For tests and tuning.
    package static func setBufferSizes(
        _ descriptor: Descriptor, send: Int32? = nil, receive: Int32? = nil
    ) throws(SystemError) {
        if let send { try set(descriptor, SOL_SOCKET, SO_SNDBUF, send, "setsockopt SO_SNDBUF") }
        if let receive { try set(descriptor, SOL_SOCKET, SO_RCVBUF, receive, "setsockopt SO_RCVBUF") }
    }

    /// Tells the other side that no more bytes will come; reading goes on.
    package static func shutdownWrite(_ descriptor: Descriptor) {
        _ = shutdown(descriptor.rawValue, clinux_shut_wr)
    }

    /// Ends reading: behind what the kernel has already comes the end of the stream.
    package static func shutdownRead(_ descriptor: Descriptor) {
        _ = shutdown(descriptor.rawValue, clinux_shut_rd)
    }

    /// Makes ``close(_:)`` reset the connection and drop what was not sent (SO_LINGER with time 0).
    package static func resetOnClose(_ descriptor: Descriptor) {
        var option = linger(l_onoff: 1, l_linger: 0)
        _ = unsafe setsockopt(
            descriptor.rawValue, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }

    /// Closes any descriptor. Not repeated after EINTR, since Linux has freed the number by then.
    package static func close(_ descriptor: Descriptor) {
        _ = CRennbahnLinux.close(descriptor.rawValue)
    }

    // MARK: Steps

    private static func open(_ family: Int32) throws(SystemError) -> Descriptor {
        let descriptor = socket(family, clinux_sock_stream, 0)
        guard descriptor >= 0 else { throw .last("socket") }
        return Descriptor(descriptor)
    }

    private static func bind(_ descriptor: Descriptor, to address: SocketAddress) throws(SystemError) {
        let code = unsafe address.withSockaddr { unsafe CRennbahnLinux.bind(descriptor.rawValue, $0, $1) }
        guard code == 0 else { throw .last("bind") }
    }

    private static func set(
        _ descriptor: Descriptor, _ level: Int32, _ option: Int32, _ value: Int32, _ operation: StaticString
    ) throws(SystemError) {
        var value = value
        let size = socklen_t(MemoryLayout<Int32>.size)
        guard unsafe setsockopt(descriptor.rawValue, level, option, &value, size) == 0 else { throw .last(operation) }
    }

    private static func option(_ descriptor: Descriptor, _ level: Int32, _ option: Int32) -> Int32? {
        var value: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        guard unsafe getsockopt(descriptor.rawValue, level, option, &value, &length) == 0 else { return nil }
        return value
    }

    private static func address(
        _ operation: StaticString, _ call: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32
    ) throws(SystemError) -> SocketAddress {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let found: SocketAddress? = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            let raw = unsafe UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: sockaddr.self)
            return unsafe call(raw, &length) == 0 ? SocketAddress(raw) : nil
        }
        guard let found else { throw .last(operation) }
        return found
    }
}
