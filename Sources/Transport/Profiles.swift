package import RennbahnAuthentication
package import RennbahnTLS
package import RennbahnWeb
package import RennbahnWebSocket

/// What a listening WebSocket transport is to its connections; a loop may have several.
package struct AcceptProfile: Sendable {
    /// Most profiles of a loop: a connection notes its own in 16 bits.
    package static let mostInLoop = 65_536

    /// The subprotocols that are spoken here; the client's order decides.
    package var subprotocols: [String]
    /// Refuses a client that offers none of them; otherwise such a connection has no subprotocol.
    package var requiresSubprotocol: Bool
    /// `nil`: permessage-deflate is never agreed to.
    package var deflate: DeflatePolicy?
    /// Whether text messages are checked to be UTF-8 here; false when who reads them does so anyway.
    package var validatesText: Bool
    package var options = WebSocketOptions()
    /// Where WebSocket connections find what they are.
    package var webSocket = WebSocketPlace.here
    /// Of a web transport: what stands at other paths; `nil`: nothing.
    package var web: WebSite?
    /// Is told of each answer of ``web``; `nil`: nobody is.
    package var webLog: (any WebLog)?
    /// `nil`: RawSocket is not spoken here.
    package var rawSocket: RawSocketPolicy?
    /// `nil`: clients have no cookies.
    package var cookies: CookieUse?
    /// Who sessions are; `nil`: everybody is anonymous.
    package var authenticator: Authenticator?
    // Where they differ from ``Limits``.

    /// Nanoseconds; 0: whoever sends nothing may stay.
    package var openHandshakeTimeout: UInt64?
    /// Nanoseconds; 0: a peer that does not answer our close frame may stay.
    package var closeHandshakeTimeout: UInt64?
    package var maxMessageSize: Int?
    /// `nil`: nothing is traced.
    package var tracer: (any LinkTracer)?
    /// `nil`: as many as the loop has room for.
    package var quota: ConnectionQuota?

    package init(
        subprotocols: [String], requiresSubprotocol: Bool = true, deflate: DeflatePolicy? = nil,
        validatesText: Bool = false
    ) {
        self.subprotocols = subprotocols
        self.requiresSubprotocol = requiresSubprotocol
        self.deflate = deflate
        self.validatesText = validatesText
    }
}

/// What serves the WebSocket connections of a listening transport.
package enum WebSocketPlace: Sendable, Equatable {
    /// The transport's own profile, whatever the path.
    case here
    /// Profiles of the same loop, by the first component of the path, `/` for none; `rest` is for all other paths.
    case byPath([String: Int], rest: Int?)
    /// Nothing.
    case nowhere
}

/// How a loop's own connections are opened.
package struct ConnectProfile: Sendable {
    /// The `Host` header.
    package var host: String
    /// The request target.
    package var path: String
    /// Offered in this order; empty offers none.
    package var subprotocols: [String]
    /// What to ask for over RawSocket, which is spoken then; `nil`: WebSocket is.
    package var rawSocket: RawSocketPolicy?
    /// `nil`: permessage-deflate is not offered.
    package var deflate: DeflatePolicy?
    package var validatesText: Bool
    /// `nil`: bytes go as they are.
    package var tls: TLSContext?
    /// What of it concerns a client: the sizes and shape of frames, pings, and how connections end.
    package var options = WebSocketOptions()
    // Where they differ from ``Limits``.

    /// Nanoseconds for the TCP connection; 0: as long as the kernel tries. `nil`: ``openHandshakeTimeout`` is for that, too.
    package var connectTimeout: UInt64?
    /// Nanoseconds; 0: a server that does not answer is waited for.
    package var openHandshakeTimeout: UInt64?
    /// Nanoseconds; 0: a server that does not answer our close frame is waited for.
    package var closeHandshakeTimeout: UInt64?
    package var maxMessageSize: Int?
    /// `nil`: nothing is traced.
    package var tracer: (any LinkTracer)?

    package init(
        host: String, path: String, subprotocols: [String], deflate: DeflatePolicy? = nil, validatesText: Bool = false
    ) {
        self.host = host
        self.path = path
        self.subprotocols = subprotocols
        self.deflate = deflate
        self.validatesText = validatesText
    }
}

extension ConnectProfile {
    /// What both kinds of connections have, as the rest of the loop looks it up.
    var common: AcceptProfile {
        var profile = AcceptProfile(subprotocols: subprotocols, deflate: deflate, validatesText: validatesText)
        profile.options = options
        profile.openHandshakeTimeout = openHandshakeTimeout
        profile.closeHandshakeTimeout = closeHandshakeTimeout
        profile.maxMessageSize = maxMessageSize
        profile.tracer = tracer
        return profile
    }
}
