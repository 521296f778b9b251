import RennbahnAuthentication
import RennbahnCrypto
import RennbahnReactor
import RennbahnTLS
import RennbahnTransport
import RennbahnWAMP
import RennbahnWebSocket

/// A configuration that was checked, in the terms of the parts below.
struct SessionSetup: Sendable {
    let place: ConnectingTransport.Place
    let serializers: [Serializer]
    /// How the connection is opened.
    private(set) var profile: ConnectProfile
    private(set) var machine: ClientSession.Settings
    let limits: Limits

    /// - Throws: ``WAMPError/Code/usage``, ``WAMPError/Code/invalidURI``
    init(_ configuration: WAMPClientConfiguration) throws(WAMPError) {
        let url = try TransportURL(webSocket: configuration.url)
        try SessionSetup.check(realm: configuration.realm)
        guard !configuration.serializers.isEmpty else {
            throw WAMPError(.usage, message: "no serializer is to be offered")
        }
        guard configuration.maxConcurrentInvocations >= 0 else {
            throw WAMPError(.usage, message: "maxConcurrentInvocations is negative")
        }
        place = ConnectingTransport.Place(url)
        serializers = configuration.serializers.map(Serializer.init)
        let openTimeout = try nanoseconds(configuration.openTimeout, of: "openTimeout")
        let closeTimeout = try nanoseconds(configuration.closeTimeout, of: "closeTimeout")
        // The scanner checks every text it reads, so the frames below need not.
        var profile = ConnectProfile(
            host: url.hostField, path: url.target, subprotocols: serializers.map(\.subprotocol),
            deflate: configuration.compression == .permessageDeflate ? DeflatePolicy() : nil, validatesText: false)
        if url.isSecure, case .tcp(let host, _) = url.place {
            var settings = TLSClientSettings(hostName: host)
            settings.authorities = configuration.certificateAuthorities
            profile.tls = try ConnectingTransport.context(settings)
        }
        self.profile = profile
        machine = ClientSession.Settings(
            realm: configuration.realm, agent: configuration.agent,
            authentication: try SessionSetup.authentication(configuration.credentials.map(\.credential)),
            openTimeout: openTimeout, closeTimeout: closeTimeout, maxInvocations: configuration.maxConcurrentInvocations
        )
        var limits = SessionSetup.oneConnection
        limits.openHandshakeTimeout = openTimeout
        limits.closeHandshakeTimeout = closeTimeout
        self.limits = limits
    }

    /// - Throws: ``WAMPError/Code/invalidURI``
    init(
        _ transport: ConnectingTransport, realm: String, agent: String?, credentials: [ClientCredential]
    ) throws(WAMPError) {
        try SessionSetup.check(realm: realm)
        place = transport.place
        serializers = transport.serializers
        profile = transport.profile
        machine = ClientSession.Settings(
            realm: realm, agent: agent, authentication: try SessionSetup.authentication(credentials),
            openTimeout: transport.sessionTimeout, closeTimeout: transport.goodbyeTimeout, maxInvocations: 4096,
            validatesUTF8: profile.options.validatesUTF8)
        limits = SessionSetup.oneConnection
    }

    /// With time for each of so many addresses that are tried in turn, one of which may not answer at all.
    func trying(_ addresses: Int) -> SessionSetup {
        guard addresses > 1 else { return self }
        var setup = self
        if let timeout = profile.connectTimeout {
            setup.machine.openTimeout &+= timeout * UInt64(addresses - 1)
        } else {
            setup.profile.connectTimeout = machine.openTimeout / UInt64(addresses)
        }
        return setup
    }

    private static var oneConnection: Limits {
        var limits = Limits()
        limits.maxConnections = 1
        limits.receiveBufferSize = 64 * 1024
        // Answers of several calls at once are the application's own.
        limits.maxQueuedOutput = 3 * limits.maxMessageSize
        return limits
    }

    /// - Throws: ``WAMPError/Code/usage``
    private static func authentication(_ credentials: [ClientCredential]) throws(WAMPError) -> ClientAuthentication {
        var nonce = [UInt8](repeating: 0, count: ClientAuthentication.nonceCount)
        SecureRandom.fillBytes(&nonce)
        do throws(ClientAuthFailure) {
            return try ClientAuthentication(credentials, nonce: nonce)
        } catch {
            throw WAMPError(.usage, message: error.message)
        }
    }

    private static func check(realm: String) throws(WAMPError) {
        guard URIRules.isValid(realm.utf8.span) else {
            throw WAMPError(.invalidURI, uri: realm, message: "the realm is not a URI")
        }
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
            case .handshake(let status, reason: _, retryAfter: _):
                WAMPError.isPassing(status: status) ? .unavailable : .handshakeFailed
            case .tls: .handshakeFailed
            case .openHandshakeTimeout: .timedOut
            case .violation: .protocolViolation
            case .closed, .answered, .lost, .failed, .closeHandshakeTimeout, .stalled, .pingTimeout, .outputOverflow,
                .outputOutdated,
                .dropped:
                .connectionLost
            }
        let seconds = code == .unavailable ? end.retryAfter : nil
        self.init(code, message: end.description, retryAfter: seconds.map { Duration.seconds($0) })
    }

    /// Whether another attempt may have another outcome: what a front end answers while the router is away, and who is too busy.
    private static func isPassing(status: Int) -> Bool {
        switch status {
        case 429, 500, 502, 503, 504, Int(RawSocketError.tooManyConnections.rawValue): true
        case _: false
        }
    }
}
