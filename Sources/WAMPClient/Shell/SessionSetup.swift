import Reactor
import Transport
import WAMP
import WebSocket

/// A configuration that was checked, in the terms of the parts below.
struct SessionSetup: Sendable {
    let endpoint: Endpoint
    let serializers: [Serializer]
    let deflate: DeflatePolicy?
    let machine: ClientSession.Settings
    let limits: Limits

    /// - Throws: ``WAMPError/Code/usage``, ``WAMPError/Code/invalidURI``
    init(_ configuration: WAMPClientConfiguration) throws(WAMPError) {
        endpoint = try Endpoint(configuration.url)
        guard URIRules.isValid(configuration.realm.utf8.span) else {
            throw WAMPError(.invalidURI, uri: configuration.realm, message: "the realm is not a URI")
        }
        guard !configuration.serializers.isEmpty else {
            throw WAMPError(.usage, message: "no serializer is to be offered")
        }
        guard configuration.maxConcurrentInvocations >= 0 else {
            throw WAMPError(.usage, message: "maxConcurrentInvocations is negative")
        }
        serializers = configuration.serializers.map(Serializer.init)
        switch configuration.compression {
        case .none: deflate = nil
        case .permessageDeflate: deflate = DeflatePolicy()
        }
        let openTimeout = try nanoseconds(configuration.openTimeout, of: "openTimeout")
        let closeTimeout = try nanoseconds(configuration.closeTimeout, of: "closeTimeout")
        machine = ClientSession.Settings(
            realm: configuration.realm, agent: configuration.agent, openTimeout: openTimeout,
            closeTimeout: closeTimeout, maxInvocations: configuration.maxConcurrentInvocations)
        var limits = Limits()
        limits.maxConnections = 1
        limits.openHandshakeTimeout = openTimeout
        limits.closeHandshakeTimeout = closeTimeout
        limits.receiveBufferSize = 64 * 1024
        self.limits = limits
    }

    /// How the connection is opened.
    var profile: ConnectProfile {
        // The scanner checks every text it reads, so the frames below need not.
        ConnectProfile(
            host: endpoint.authority, path: endpoint.path, subprotocols: serializers.map(\.subprotocol),
            deflate: deflate, validatesText: false)
    }
}

/// A time-out in nanoseconds, at most a year of them.
///
/// - Throws: ``WAMPError/Code/usage`` for one that is not positive.
func nanoseconds(_ duration: Duration, of name: StaticString) throws(WAMPError) -> UInt64 {
    guard duration > .zero else { throw WAMPError(.usage, message: "\(name) is not positive") }
    let (seconds, attoseconds) = min(duration, .seconds(365 * 86_400)).components
    return UInt64(seconds) * 1_000_000_000 + UInt64(attoseconds) / 1_000_000_000
}

extension Serializer {
    init(_ serializer: WAMPClientConfiguration.Serializer) {
        switch serializer {
        case .json: self = .json
        case .msgpack: self = .msgpack
        }
    }
}

extension WAMPClientConfiguration.Serializer {
    init(_ serializer: Serializer) {
        switch serializer {
        case .json: self = .json
        case .msgpack: self = .msgpack
        }
    }
}

extension WAMPError {
    /// What the end of a connection means for its session.
    init(_ end: LinkEnd) {
        let code: Code =
            switch end {
            case .refused: .connectionRefused
            case .handshake, .tls: .handshakeFailed
            case .openHandshakeTimeout: .timedOut
            case .violation: .protocolViolation
            case .closed, .lost, .failed, .closeHandshakeTimeout, .stalled, .pingTimeout, .outputOverflow, .dropped:
                .connectionLost
            }
        self.init(code, message: end.description)
    }
}
