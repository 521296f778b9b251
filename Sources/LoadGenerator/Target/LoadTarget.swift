package import RennbahnReactor
package import RennbahnWebSocket

/// The server of a run, as its URL names it.
package struct LoadTarget: Sendable, Equatable {
    package let location: TransportURL

    /// Why a text is not the URL of a server that can be measured.
    package struct Malformed: Error, Sendable, Equatable, CustomStringConvertible {
        package let description: String

        package init(description: String) {
            self.description = description
        }
    }

    package init(parsing url: String) throws(Malformed) {
        do throws(TransportURL.Malformed) {
            location = try TransportURL(parsing: url)
        } catch {
            throw Malformed(description: error.description)
        }
        guard let socketPath else { return }
        do throws(SocketAddress.Malformed) {
            _ = try SocketAddress.unix(path: socketPath)
        } catch {
            throw Malformed(description: error.description)
        }
    }

    /// As it was given, for messages.
    package var url: String { location.text }
    package var isSecure: Bool { location.isSecure }
    package var speaksRawSocket: Bool { location.opening == .rawSocket }
    package var hostField: String { location.hostField }
    /// Path and query; `/` over RawSocket.
    package var path: String { location.target }

    /// Empty for a UNIX socket.
    package var host: String {
        if case .tcp(let host, _) = location.place { host } else { "" }
    }

    /// Of a UNIX socket.
    package var socketPath: String? {
        if case .unix(let path) = location.place { path } else { nil }
    }

    /// Where to connect: of several addresses the first that somebody listens at. Blocks.
    ///
    /// - Parameters:
    ///   - patience: nanoseconds for all of them.
    ///   - resolve: where the target may be.
    package func address(
        patience: UInt64, resolve: (LoadTarget) throws(SocketAddress.Malformed) -> [SocketAddress] = LoadTarget.places
    ) throws(LoadFailure) -> SocketAddress {
        let addresses: [SocketAddress]
        do throws(SocketAddress.Malformed) {
            addresses = try resolve(self)
        } catch {
            throw .unresolved(url: url, reason: error.description)
        }
        // What is wrong with the only one, its first connection tells.
        if addresses.count == 1 { return addresses[0] }
        do throws(AddressProbe.Failure) {
            return try AddressProbe.firstAnswering(
                of: addresses, patience: min(patience / UInt64(addresses.count), LoadTarget.longestProbe))
        } catch {
            throw .unreachable(url: url, tried: error.description)
        }
    }

    /// Where a target may be, at least one place.
    package static func places(of target: LoadTarget) throws(SocketAddress.Malformed) -> [SocketAddress] {
        switch target.location.place {
        case .tcp(let host, let port): try SocketAddress.resolve(host: host, port: port)
        case .unix(let path): [try .unix(path: path)]
        }
    }

    /// Nanoseconds that one address may take to answer.
    private static let longestProbe: UInt64 = 3_000_000_000
}
