package import RennbahnTLS
package import RennbahnTransport
package import RennbahnWAMP
import RennbahnWebSocket

/// A connecting transport of a configuration file: where to, and how.
package struct ConnectingTransport: Sendable {
    package enum Place: Sendable, Equatable {
        /// `nil`: an address of either version.
        case tcp(host: String, port: UInt16, version: Version?)
        case unix(path: String)

        /// Where a URL says.
        init(_ url: TransportURL) {
            switch url.place {
            case .tcp(let host, let port): self = .tcp(host: host, port: port, version: nil)
            case .unix(let path): self = .unix(path: path)
            }
        }
    }

    /// Of IP.
    package enum Version: Sendable {
        case v4
        case v6
    }

    package var place: Place
    /// Offered in this order; over RawSocket it is one.
    package var serializers: [Serializer]
    package var profile: ConnectProfile

    /// - Parameter url: its path is asked for, its host and port are the `Host` header; where to connect to says `place`.
    /// - Throws: ``WAMPError/Code/usage``
    package init(_ place: Place, url: String, serializers: [Serializer]) throws(WAMPError) {
        let url = try TransportURL(webSocket: url)
        guard !serializers.isEmpty else { throw WAMPError(.usage, message: "no serializer is to be offered") }
        self.place = place
        self.serializers = serializers
        // Whoever reads a message checks its texts, so the frames below need not.
        profile = ConnectProfile(
            host: url.hostField, path: url.target, subprotocols: serializers.map(\.subprotocol))
        profile.connectTimeout = 10_000_000_000
    }

    /// A transport over RawSocket.
    ///
    /// - Parameter maxMessageSize: octets of a message that the router may send, from 512 on.
    package init(rawSocket place: Place, serializer: Serializer, maxMessageSize: Int = RawSocketHeader.longestPayload) {
        self.place = place
        serializers = [serializer]
        profile = ConnectProfile(host: "", path: "/", subprotocols: [serializer.subprotocol])
        profile.rawSocket = RawSocketPolicy(asking: serializer, maxMessageSize: maxMessageSize)
        profile.connectTimeout = 10_000_000_000
    }

    /// Has TLS spoken.
    ///
    /// - Throws: ``WAMPError/Code/usage`` for files that cannot be read.
    package mutating func secure(_ settings: TLSClientSettings) throws(WAMPError) {
        profile.tls = try ConnectingTransport.context(settings)
    }

    static func context(_ settings: TLSClientSettings) throws(WAMPError) -> TLSContext {
        do throws(TLSFailure) {
            return try TLSContext(settings)
        } catch {
            throw WAMPError(.usage, message: error.description)
        }
    }

    /// Nanoseconds that a router may take for its WELCOME, or for its GOODBYE where nothing else bounds that.
    private static let patience: UInt64 = 10_000_000_000
    private static let year: UInt64 = 365 * 86_400 * 1_000_000_000

    /// From the begun connection to WELCOME: the bounds of the steps, and patience with the last.
    var sessionTimeout: UInt64 {
        let connect = profile.connectTimeout ?? 0
        let upgrade = profile.openHandshakeTimeout ?? Limits().openHandshakeTimeout
        guard connect > 0, upgrade > 0 else { return ConnectingTransport.year }
        return connect + upgrade + ConnectingTransport.patience
    }

    /// From our GOODBYE to the router's.
    var goodbyeTimeout: UInt64 {
        let close = profile.closeHandshakeTimeout ?? Limits().closeHandshakeTimeout
        return close > 0 ? close : ConnectingTransport.patience
    }
}

extension RawSocketPolicy {
    /// What a client asks for that speaks `serializer`, the only subprotocol of its profile.
    package init(asking serializer: RennbahnWAMP.Serializer, maxMessageSize: Int = RawSocketHeader.longestPayload) {
        let asked = Serializer(
            id: serializer.rawSocketID, kind: serializer.isBinary ? .binary : .text, subprotocol: 0)
        self.init(serializers: [asked], maxMessageSize: maxMessageSize)
    }
}
