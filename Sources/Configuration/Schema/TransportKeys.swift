/// Keys of listening transports, and of services in them.
extension Keys {
    package enum Transport {
        package static let kind = Key<TransportKind>(kind: "Kind of the transport.")
        package static let id = Key<String?>(
            "id", .text(.id), without: "generated", support: .hint("names the item in messages"), "Name of the item.")
        package static let endpoint = Key<Tree>(required: "endpoint", Schema.listening, "Where the transport listens.")
        package static let url = Key<String?>(
            "url", .text(.webSocketURL),
            "URL under which clients reach the transport: the status page tells it. Its path is not enforced.")
        package static let serializers = Key<[SerializerChoice]>(
            "serializers",
            .list(
                of: SerializerChoice.shape(
                    refused: SerializerChoice.others + [Choice("flatbuffers", .none("not supported"))]), atLeast: 1),
            initial: SerializerChoice.allCases, "Serializers that are spoken; the client's order decides.")
        package static let options = Key<Tree?>("options", .section("options"), "Options of the WebSocket protocol.")
        package static let auth = Key<Tree?>(
            "auth", .section("auth"), without: "anonymous", "Methods of authentication.")
        package static let cookie = Key<Tree?>("cookie", .section("cookie"), "Cookies that tell clients apart.")
        package static let isTraced = Key<Bool>(
            "debug", initial: false, "Traces handshakes, frames and messages to standard error, without secrets.")
        package static let maxConnections = Key<Int>(
            "max_connections", .integer(1...10_000_000), initial: 50_000,
            "Connections of the transport at a time, over all `--shards`; a further one is reset.")
        package static let connectionsPerAddress = perAddress(
            "max_connections_per_address", 10_000,
            "Connections of the transport at a time from one IPv4 address or IPv6 network of 64 bits; a further one is reset."
        )
        package static let handshakesPerAddress = perAddress(
            "max_handshakes_per_address", 5000, "Those of them whose opening handshakes, TLS included, are under way.")
        package static let failedLoginsPerAddress = perAddress(
            "max_failed_logins_per_address", 5,
            "Logins in a row that may fail from one address; the next are judged a second apart, twice as long each time, up to a minute."
        )
        package static let trustedProxies = Key<[String]>(
            "trusted_proxies", .list(of: .text(.network)), initial: [],
            "Front ends, by address or network: they are not counted, but their clients, by what `X-Forwarded-For` says; over RawSocket nobody."
        )
        package static let slowReceivers = Key<SlowReceiversChoice?>(
            "slow_receivers", SlowReceiversChoice.shape, without: "`--slow-receivers`",
            "Of clients that take less than they are sent: whether others wait for them (`hold`), or they are ended.")
        package static let messageRate = Key<Int?>(
            "message_rate", .integer(1...1_000_000_000, orZero: true), without: "`--message-rate`",
            "Messages a second of a connection, pings and fragments included; one that sends more is read later. 0: any number."
        )
        package static let octetRate = Key<Int?>(
            "octet_rate", .integer(1...1_000_000_000, orZero: true), without: "`--octet-rate`",
            "Octets a second of a connection's messages, as they come; one that sends more is read later. 0: any number."
        )

        private static func perAddress(_ name: String, _ initial: Int, _ about: String) -> Key<Int> {
            Key(name, .integer(1...10_000_000, orZero: true), initial: initial, "\(about) 0 = no limit.")
        }
    }

    /// A RawSocket transport, or the RawSocket part of a universal one. What is not here is ``Transport``'s.
    package enum RawSocket {
        package static let options = Key<Tree?>(
            "options", .section("rawsocketOptions"), "Options of the RawSocket protocol.")
        package static let maxMessageSize = Key<Int>(
            "max_message_size", .integer(512...16_777_216), initial: 16_777_216,
            "Octets of a message; announced, and held, is the largest power of two that is not above it.")
        package static let isTraced = Key<Bool>(
            Transport.isTraced.name, initial: false, "Traces messages to standard error, without secrets.")
    }

    package enum Universal {
        package static let rawSocket = Key<Tree?>("rawsocket", .section("rawsocketService"), "The RawSocket part.")
        package static let webSocket = Key<Tree>(
            map: "websocket", .pathName, .section("service"),
            "WebSocket services by the first component of the path, `/` for none; others are answered with 404.")
        package static let web = Key<Tree?>(
            "web", .section("webPart"), "The web part: what stands at paths that are none of `websocket`.")
    }
}

extension Schema {
    static let transportSections: [Section] = [
        Section(
            "websocket", "Listening WebSocket transport", "",
            [
                Keys.Transport.kind.row(.webSocket), Keys.Transport.id, Keys.Transport.endpoint, Keys.Transport.url,
                Keys.Transport.serializers, Keys.Transport.options, Keys.Transport.auth, Keys.Transport.cookie,
                Keys.Transport.isTraced, Keys.Transport.maxConnections,
                Keys.Transport.slowReceivers, Keys.Transport.messageRate, Keys.Transport.octetRate,
                Keys.Transport.connectionsPerAddress, Keys.Transport.handshakesPerAddress,
                Keys.Transport.failedLoginsPerAddress, Keys.Transport.trustedProxies,
            ], rules: [.cookieLogin]),
        Section(
            "rawsocket", "RawSocket transport",
            "WAMP without HTTP: four octets of handshake, four in front of each message.",
            [
                Keys.Transport.kind.row(.rawSocket), Keys.Transport.id, Keys.Transport.endpoint,
                Keys.Transport.serializers,
                Keys.RawSocket.options, Keys.Transport.auth, Keys.RawSocket.isTraced, Keys.Transport.maxConnections,
                Keys.Transport.slowReceivers, Keys.Transport.messageRate, Keys.Transport.octetRate,
                Keys.Transport.connectionsPerAddress, Keys.Transport.handshakesPerAddress,
                Keys.Transport.failedLoginsPerAddress, Keys.Transport.trustedProxies,
            ], rules: [.cookieLogin]),
        Section(
            "rawsocketOptions", "RawSocket options", "",
            [Keys.RawSocket.maxMessageSize]),
        Section(
            "universal", "Universal transport",
            "RawSocket, WebSocket and pages on one port: the first octet tells RawSocket, the path the rest. It has at least one of them.",
            [
                Keys.Transport.kind.row(.universal), Keys.Transport.id, Keys.Transport.endpoint,
                Keys.Transport.maxConnections, Keys.Universal.rawSocket, Keys.Universal.webSocket,
                Row("mqtt", .anything, .none("MQTT is not spoken here"), "The MQTT part."),
                Keys.Universal.web, Keys.Transport.connectionsPerAddress,
                Keys.Transport.handshakesPerAddress, Keys.Transport.failedLoginsPerAddress,
                Keys.Transport.trustedProxies,
            ], rules: [.someService]),
        Section(
            "rawsocketService", "RawSocket part of a universal transport", "",
            [
                Row("type", .choices("rawsocket"), "Kind of the part."), Keys.Transport.id, Keys.Transport.serializers,
                Keys.RawSocket.options, Keys.Transport.auth, Keys.RawSocket.isTraced,
                Keys.Transport.slowReceivers, Keys.Transport.messageRate, Keys.Transport.octetRate,
            ], rules: [.cookieLogin]),
        webSocketService("service", "WebSocket service of a universal transport", isTyped: false),
    ]

    /// What a WebSocket service is in a transport that has other services, too.
    ///
    /// - Parameter isTyped: whether the key `type` is what tells it from them.
    static func webSocketService(_ name: String, _ title: String, isTyped: Bool) -> Section {
        let kind = Row("type", .choices("websocket"), required: isTyped, "Kind of the service.")
        return Section(
            name, title, "",
            [
                kind, Keys.Transport.id, Keys.Transport.url, Keys.Transport.serializers, Keys.Transport.options,
                Keys.Transport.auth, Keys.Transport.cookie, Keys.Transport.isTraced,
                Keys.Transport.slowReceivers, Keys.Transport.messageRate, Keys.Transport.octetRate,
            ], rules: [.cookieLogin])
    }

    /// What every listening transport has.
    static func listeningKeys(_ kind: TransportKind) -> [any TableEntry] {
        [
            Keys.Transport.kind.row(kind), Keys.Transport.id, Keys.Transport.endpoint, Keys.Transport.maxConnections,
            Keys.Transport.connectionsPerAddress, Keys.Transport.handshakesPerAddress,
            Keys.Transport.failedLoginsPerAddress, Keys.Transport.trustedProxies,
        ]
    }
}
