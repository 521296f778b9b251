/// Where and how to connect.
public struct WAMPClientConfiguration: Sendable, Hashable {
    /// How messages are written as bytes (WAMP specification, "Serializers").
    public enum Serializer: Sendable, Hashable {
        /// Subprotocol `wamp.2.json`.
        case json
        /// Subprotocol `wamp.2.msgpack`.
        case msgpack
    }

    /// Whether messages are compressed on the wire.
    public enum Compression: Sendable, Hashable {
        /// Not offered to the router.
        case none
        /// RFC 7692; offered, and the router may decline: see ``WAMPSession/isCompressed``.
        case permessageDeflate
    }

    /// `ws://host[:port][/path]`, or `wss://…` for TLS; the port is 80 or 443 where none is given.
    public var url: String
    /// The realm to join.
    public var realm: String
    /// What to prove oneself with, best first: one for each method, all of one `authid`. The router chooses; without any
    /// the client is anonymous.
    public var credentials: [WAMPCredential] = []
    /// What to offer, best first; the router chooses. At least one.
    public var serializers: [Serializer]
    /// Whether to offer compression.
    public var compression: Compression
    /// `HELLO.Details.agent`, a name and version for the router's logs; `nil` sends none.
    public var agent: String?
    /// From the begun TCP connection to WELCOME. The name lookup before it is the system's and not bounded by this.
    public var openTimeout: Duration
    /// How long ``WAMPSession/close()`` waits for the router's GOODBYE, and then for its close frame.
    public var closeTimeout: Duration
    /// For `wss`: PEM files of those whose certificates are trusted; empty: whom the system trusts. The server's certificate
    /// must be theirs and name the URL's host.
    public var certificateAuthorities: [String] = []
    /// Invocations that are handled at the same time; a further one is answered with `wamp.error.unavailable`.
    public var maxConcurrentInvocations: Int

    /// A configuration with what most programs want.
    public init(
        url: String, realm: String, serializers: [Serializer] = [.msgpack, .json], compression: Compression = .none,
        agent: String? = nil, openTimeout: Duration = .seconds(5), closeTimeout: Duration = .seconds(2),
        maxConcurrentInvocations: Int = 4096
    ) {
        self.url = url
        self.realm = realm
        self.serializers = serializers
        self.compression = compression
        self.agent = agent
        self.openTimeout = openTimeout
        self.closeTimeout = closeTimeout
        self.maxConcurrentInvocations = maxConcurrentInvocations
    }
}
