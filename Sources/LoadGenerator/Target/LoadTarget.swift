import RennbahnReactor
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

    /// 0 for a UNIX socket.
    package var port: UInt16 {
        if case .tcp(_, let port) = location.place { port } else { 0 }
    }

    /// Of a UNIX socket.
    package var socketPath: String? {
        if case .unix(let path) = location.place { path } else { nil }
    }

    /// Where to connect. Blocks while a name is looked up.
    func address() throws(SocketAddress.Malformed) -> SocketAddress {
        switch location.place {
        case .tcp(let host, let port): try SocketAddress(host: host, port: port)
        case .unix(let path): try .unix(path: path)
        }
    }
}
