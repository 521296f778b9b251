package import RennbahnConfiguration
import RennbahnCookies
import RennbahnTransport
package import RennbahnWAMP
import RennbahnWebSocket

extension AcceptProfile {
    init(configured tree: Tree, _ version: String) {
        let options = tree[Keys.Transport.options]
        self.init(
            subprotocols: tree[Keys.Transport.serializers].map { Serializer($0).subprotocol },
            requiresSubprotocol: options[Keys.Options.requiresSubprotocol],
            deflate: options[Keys.Options.compression][Keys.Compression.deflate].map(DeflatePolicy.init(configured:)),
            validatesText: false)
        self.options = WebSocketOptions(configured: options, version)
        self.options.url = tree[Keys.Transport.url]
        link.openHandshakeTimeout = options[Keys.Options.openHandshakeTimeout].nanoseconds
        link.closeHandshakeTimeout = options[Keys.Options.closeHandshakeTimeout].nanoseconds
        link.maxMessageSize = options[Keys.Options.maxMessageSize].most
        link.readFlow(tree)
        quota = ConnectionQuota(tree[Keys.Transport.maxConnections])
    }

    /// A RawSocket transport, or the RawSocket part of a universal one.
    ///
    /// - Parameter part: what holds for RawSocket; `nil`: it is not spoken.
    init(configuredRawSocket part: Tree?, on transport: Tree) {
        let serializers = part.map { $0[Keys.Transport.serializers].map(Serializer.init) } ?? []
        self.init(subprotocols: serializers.map(\.subprotocol))
        webSocket = .nowhere
        quota = ConnectionQuota(transport[Keys.Transport.maxConnections])
        guard let part else { return }
        link.readFlow(part)
        rawSocket = RawSocketPolicy(
            serializers: serializers.enumerated().map { index, serializer in
                RawSocketPolicy.Serializer(
                    id: serializer.rawSocketID, kind: serializer.isBinary ? .binary : .text, subprotocol: index)
            }, maxMessageSize: part[Keys.RawSocket.options][Keys.RawSocket.maxMessageSize])
    }
}

extension AddressLimits {
    /// Of a listening transport.
    init(configured tree: Tree) {
        func most(_ key: Key<Int>) -> Int? { tree[key] > 0 ? tree[key] : nil }
        self.init()
        connections = most(Keys.Transport.connectionsPerAddress)
        handshakes = most(Keys.Transport.handshakesPerAddress)
        failedLogins = most(Keys.Transport.failedLoginsPerAddress)
    }
}

extension LinkProfile {
    /// What bounds the flow on its connections.
    fileprivate mutating func readFlow(_ tree: Tree) {
        slowReceivers = tree[Keys.Transport.slowReceivers].map(SlowReceivers.init)
        messageRate = tree[Keys.Transport.messageRate]
        octetRate = tree[Keys.Transport.octetRate]
    }
}

extension SlowReceivers {
    init(_ choice: SlowReceiversChoice) {
        switch choice {
        case .disconnect: self = .disconnect
        case .hold: self = .hold
        }
    }
}

extension Serializer {
    package init(_ choice: SerializerChoice) {
        switch choice {
        case .json: self = .json
        case .msgpack: self = .msgpack
        }
    }
}

extension CookiePolicy {
    init(configured tree: Tree) {
        self.init(
            name: tree[Keys.Cookie.name], length: tree[Keys.Cookie.length],
            maxAge: UInt64(clamping: tree[Keys.Cookie.maxAge].count), isForTLSOnly: tree[Keys.Cookie.isForTLSOnly],
            isHiddenFromScripts: tree[Keys.Cookie.isHiddenFromScripts],
            sameSite: SameSite(tree[Keys.Cookie.sameSite]))
    }
}

extension CookiePolicy.SameSite {
    fileprivate init(_ choice: SameSiteChoice) {
        switch choice {
        case .strict: self = .strict
        case .lax: self = .lax
        case .none: self = .none
        }
    }
}
