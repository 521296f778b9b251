package import RennbahnAuthentication
package import RennbahnTLS
package import RennbahnWeb
package import RennbahnWebSocket

/// What the connections of a transport have in common, whoever opens them; a loop may have several.
package struct LinkProfile: Sendable {
    /// Most profiles of a loop: a connection notes its own in 16 bits.
    package static let mostInLoop = 65_536

    /// A server's are those that it speaks, and the client's order decides; a client offers its own in this order, and none
    /// without.
    package var subprotocols: [String]
    /// `nil`: permessage-deflate is neither offered nor agreed to.
    package var deflate: DeflatePolicy?
    /// Whether text messages are checked to be UTF-8 here; false when who reads them does so anyway.
    package var validatesText: Bool
    package var options = WebSocketOptions()
    // Where they differ from ``Limits``.

    /// Nanoseconds; 0: a peer that says nothing may stay.
    package var openHandshakeTimeout: UInt64?
    /// Nanoseconds; 0: a peer that does not answer our close frame may stay.
    package var closeHandshakeTimeout: UInt64?
    package var maxMessageSize: Int?
    package var slowReceivers: SlowReceivers?
    package var messageRate: Int?
    package var octetRate: Int?

    /// By subprotocol, `""` for none: what a connection is told before it is ended for what it does not take.
    package var farewells: [String: Farewell] = [:]
    /// `nil`: nothing is traced.
    package var tracer: (any LinkTracer)?

    package init(subprotocols: [String], deflate: DeflatePolicy? = nil, validatesText: Bool = false) {
        self.subprotocols = subprotocols
        self.deflate = deflate
        self.validatesText = validatesText
    }
}

/// What a listening WebSocket transport is to its connections.
@dynamicMemberLookup
package struct AcceptProfile: Sendable {
    package var link: LinkProfile
    /// Refuses a client that offers none of the subprotocols; otherwise such a connection has no subprotocol.
    package var requiresSubprotocol: Bool
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
    /// `nil`: as many as the loop has room for.
    package var quota: ConnectionQuota?
    /// `nil`: nothing is counted by address.
    package var addresses: AddressGuard?

    package init(
        subprotocols: [String], requiresSubprotocol: Bool = true, deflate: DeflatePolicy? = nil,
        validatesText: Bool = false
    ) {
        link = LinkProfile(subprotocols: subprotocols, deflate: deflate, validatesText: validatesText)
        self.requiresSubprotocol = requiresSubprotocol
    }

    /// What it has in common with other connections, for whoever sets a profile up.
    package subscript<Value>(dynamicMember member: WritableKeyPath<LinkProfile, Value>) -> Value {
        get { link[keyPath: member] }
        set { link[keyPath: member] = newValue }
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
@dynamicMemberLookup
package struct ConnectProfile: Sendable {
    package var link: LinkProfile
    /// The `Host` header.
    package var host: String
    /// The request target.
    package var path: String
    /// What the request has beside the fields of the handshake.
    package var fields = [RequestField.userAgent]
    /// What to ask for over RawSocket, which is spoken then; `nil`: WebSocket is.
    package var rawSocket: RawSocketPolicy?
    /// `nil`: bytes go as they are.
    package var tls: TLSContext?
    /// Nanoseconds for the TCP connection; 0: as long as the kernel tries. `nil`: ``LinkProfile/openHandshakeTimeout`` is for
    /// that, too.
    package var connectTimeout: UInt64?

    package init(
        host: String, path: String, subprotocols: [String], deflate: DeflatePolicy? = nil, validatesText: Bool = false
    ) {
        self.host = host
        self.path = path
        link = LinkProfile(subprotocols: subprotocols, deflate: deflate, validatesText: validatesText)
    }

    /// What it has in common with other connections, for whoever sets a profile up.
    package subscript<Value>(dynamicMember member: WritableKeyPath<LinkProfile, Value>) -> Value {
        get { link[keyPath: member] }
        set { link[keyPath: member] = newValue }
    }
}

/// What the opening of one connection has in the place of what the connect profile says for all of its loop.
package struct OwnOpening: Sendable {
    /// In the place of those of the profile that have the same names, or behind them.
    package var fields: [RequestField]
    /// `nil`: the profile's. A session that is begun with one of its own is not resumed.
    package var tls: TLSContext?

    package init(fields: [RequestField] = [], tls: TLSContext? = nil) {
        self.fields = fields
        self.tls = tls
    }
}
