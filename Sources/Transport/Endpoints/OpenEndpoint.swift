package import RennbahnReactor
package import RennbahnTLS

/// The listening sockets of an endpoint: one for each loop that accepts there.
///
/// The descriptors belong to whoever takes them over; the file of a UNIX socket to the one that calls ``removeFile()``.
package struct OpenEndpoint: Sendable {
    /// One for each loop.
    package let listeners: [Descriptor]
    /// Where each of them is reached.
    package let addresses: [SocketAddress]
    /// What its connections have in common, where they speak TLS.
    package let tls: TLSContext?
    private let file: SocketFile?

    /// Opens `count` sockets. On a TCP port the kernel spreads the connections over them; at a UNIX path the loops take
    /// connections from one queue.
    ///
    /// - Parameter hasPortEach: every socket after the first has a port of its own, of the kernel's choice.
    package init(
        _ endpoint: ListeningEndpoint, count: Int, hasPortEach: Bool = false
    ) throws(EndpointFailure) {
        precondition(count >= 1)
        do throws(TLSFailure) {
            tls = try endpoint.tls.map { settings throws(TLSFailure) in
                try TLSContext(settings, offload: settings.usesKernel ? OfferedKernelCiphers.all : KernelCiphers())
            }
        } catch {
            throw .tls(error)
        }
        switch endpoint.place {
        case .unix(let unix):
            let opened = try OpenEndpoint.open(unix, backlog: endpoint.backlog, count: count)
            listeners = opened.listeners
            file = opened.file
            addresses = [SocketAddress](repeating: .unix(unix.path), count: count)
        case .tcp(let tcp):
            file = nil
            (listeners, addresses) = try OpenEndpoint.open(
                tcp, backlog: endpoint.backlog, count: count, hasPortEach: hasPortEach)
        }
    }

    /// Removes the file of a UNIX socket, if it is still ours.
    package func removeFile() {
        file?.remove()
    }

    // MARK: UNIX

    private static func open(
        _ unix: ListeningEndpoint.UNIX, backlog: Int32, count: Int
    ) throws(EndpointFailure) -> (listeners: [Descriptor], file: SocketFile) {
        let address: SocketAddress
        do throws(SocketAddress.Malformed) {
            address = try .unix(path: unix.path)
        } catch {
            throw .address(error)
        }
        do throws(SocketFile.Occupied) {
            try SocketFile.clear(unix.path)
        } catch {
            throw .file(error)
        }
        var listeners: [Descriptor] = []
        do throws(SystemError) {
            listeners.append(try Sockets.listen(address, backlog: backlog, permissions: unix.permissions))
            while listeners.count < count { listeners.append(try Sockets.duplicate(listeners[0])) }
            return (listeners, try SocketFile(at: unix.path))
        } catch {
            for listener in listeners { Sockets.close(listener) }
            throw .system(error)
        }
    }

    // MARK: TCP

    private static func open(
        _ tcp: ListeningEndpoint.TCP, backlog: Int32, count: Int, hasPortEach: Bool
    ) throws(EndpointFailure) -> ([Descriptor], [SocketAddress]) {
        let address = try address(of: tcp)
        for port in tcp.ports {
            do throws(SystemError) {
                return try open(
                    tcp, at: address.with(port: port), backlog: backlog, count: count, hasPortEach: hasPortEach)
            } catch {
                guard error.isAddressInUse, tcp.ports.count > 1 else { throw .system(error) }
            }
        }
        throw .noFreePort(tcp.ports)
    }

    private static func open(
        _ tcp: ListeningEndpoint.TCP, at address: SocketAddress, backlog: Int32, count: Int, hasPortEach: Bool
    ) throws(SystemError) -> ([Descriptor], [SocketAddress]) {
        let isSpread = count > 1 && !hasPortEach
        // Sockets that share a port do not mind those of another process that do; so it is tried without sharing first.
        if isSpread, !tcp.isShared, address.port != 0 { Sockets.close(try Sockets.listen(address)) }
        var listeners: [Descriptor] = []
        var addresses: [SocketAddress] = []
        do throws(SystemError) {
            for index in 0..<count {
                let wanted = index == 0 ? address : hasPortEach ? address.with(port: 0) : addresses[0]
                listeners.append(
                    try Sockets.listen(
                        wanted, backlog: backlog, reusePort: isSpread || tcp.isShared,
                        userTimeout: tcp.userTimeout.map { Int32($0) }, keepAlive: tcp.keepAlive.map { Int32($0) }))
                addresses.append(try Sockets.boundAddress(of: listeners[index]))
            }
        } catch {
            for listener in listeners { Sockets.close(listener) }
            throw error
        }
        return (listeners, addresses)
    }

    private static func address(of tcp: ListeningEndpoint.TCP) throws(EndpointFailure) -> SocketAddress {
        guard !tcp.interface.isEmpty else {
            return tcp.version == .v4 ? .v4(0, port: 0) : .v6(high: 0, low: 0, scope: 0, port: 0)
        }
        return try EndpointFailure.address(of: tcp.interface, version: tcp.version, port: 0)
    }
}

extension EndpointFailure {
    /// The first address of that version that the host has. Blocks while a name is looked up.
    static func address(
        of host: String, version: IPVersion, port: UInt16
    ) throws(EndpointFailure) -> SocketAddress {
        let found: [SocketAddress]
        do throws(SocketAddress.Malformed) {
            found = try SocketAddress.resolve(host: host, port: port)
        } catch {
            throw .address(error)
        }
        guard let address = found.first(where: { $0.isIPv4 == (version == .v4) }) else {
            throw .noAddress(host, version)
        }
        return address
    }
}
