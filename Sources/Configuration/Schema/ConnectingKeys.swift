/// Keys of connecting transports.
extension Keys {
    package enum ConnectingTransport {
        package static let kind = Key<ConnectingKind>(kind: "Kind of the transport.")
        package static let endpoint = Key<Tree>(required: "endpoint", Schema.connecting, "Where to connect to.")
        package static let url = Key<String>(
            required: "url", .text(.webSocketURL),
            "URL of the router: its path is asked for, its host and port are the `Host` header; `wss` needs `endpoint.tls`."
        )
        package static let serializers = Key<[SerializerChoice]>(
            "serializers",
            .list(
                of: SerializerChoice.shape(
                    refused: SerializerChoice.others + [Choice("flatbuffers", .none("not supported"))]), atLeast: 1),
            initial: [.msgpack, .json], "Serializers that are offered, best first: exactly these, in this order.")
        /// Over RawSocket.
        package static let serializer = Key<SerializerChoice>(
            required: "serializer", SerializerChoice.shape(refused: SerializerChoice.others),
            "The serializer; RawSocket has no choice among several.")
        package static let options = Key<Tree?>(
            "options", .section("connectOptions"), "Options of the WebSocket protocol.")
        package static let reconnect = Key<Tree?>(
            "reconnect", .section("reconnect"), without: "none",
            "A connection that is lost, or not to be had, is tried again; `{}` enables it. Crossbar.io has no such key."
        )
    }

    package enum Reconnect {
        package static let maxRetries = Key<Int?>(
            "max_retries", .integer(0...1_000_000), without: "no limit", "Retries in a row before it gives up.")
        package static let initialDelay = Key<Milliseconds>(
            "initial_delay", .integer(1...3_600_000), initial: 500, "Milliseconds before the first retry.")
        package static let maxDelay = Key<Milliseconds>(
            "max_delay", .integer(1...3_600_000), initial: 30_000, "Milliseconds that a delay never exceeds.")
        package static let growth = Key<Int>(
            "growth", .integer(100...1000), initial: 150, "Percent of one delay that the next has.")
        package static let jitter = Key<Int>(
            "jitter", .integer(0...100), initial: 20,
            "Percent that a delay is made shorter or longer at random, so that a fleet does not come back as one.")
    }
}

extension Schema {
    private static let forServers = Support.hint("a matter of listening transports")

    static let connectingSections: [Section] = [
        Section(
            "connecting", "Connecting WebSocket transport", "",
            [
                Keys.ConnectingTransport.kind.row(.webSocket), Keys.Transport.id, Keys.ConnectingTransport.endpoint,
                Keys.ConnectingTransport.url, Keys.ConnectingTransport.serializers, Keys.ConnectingTransport.options,
                Keys.ConnectingTransport.reconnect, Keys.Transport.isTraced,
            ], rules: [.secureURL]),
        Section(
            "connectingRawSocket", "Connecting RawSocket transport", "",
            [
                Keys.ConnectingTransport.kind.row(.rawSocket), Keys.Transport.id, Keys.ConnectingTransport.endpoint,
                Keys.ConnectingTransport.serializer,
                Row(
                    "url", .text(.rawSocketURL),
                    .hint("the endpoint says where to connect to, and whether TLS is spoken"),
                    "URL of the router."),
                Keys.RawSocket.options, Keys.ConnectingTransport.reconnect, Keys.RawSocket.isTraced,
            ]),
        Section(
            "connectOptions", "WebSocket options of a connecting transport",
            "Those of a listening transport; what only a server does is taken without effect, as in Crossbar.io.",
            section("options", of: optionSections).keys.map(connectOption)),
        Section(
            "reconnect", "Reconnecting",
            "The first retry comes after `initial_delay`, each further one after `growth` percent of the delay before, `max_delay` at most. Once a session was joined it starts over.",
            [
                Keys.Reconnect.maxRetries, Keys.Reconnect.initialDelay, Keys.Reconnect.maxDelay, Keys.Reconnect.growth,
                Keys.Reconnect.jitter,
            ]),
    ]

    private static let serverOptions: [any TableEntry] = [
        Keys.Options.speaksHybi10, Keys.Options.speaksRFC6455, Keys.Options.allowedOrigins,
        Keys.Options.allowsNullOrigin, Keys.Options.externalPort, Keys.Options.showsStatusPage,
        Keys.Options.masksServerFrames, Keys.Options.requiresMaskedClientFrames, Keys.Options.requiresSubprotocol,
        Keys.Options.showsVersion,
    ]

    /// A client's view of an option.
    private static func connectOption(_ row: Row) -> Row {
        var row = row
        if serverOptions.contains(where: { $0.row.name == row.name }) { row.support = forServers }
        switch row.name {
        case Keys.Options.openHandshakeTimeout.name:
            row.about = "Milliseconds from the TCP connection to the server's answer, TLS included; 0: no limit."
        case Keys.Options.compression.name: row.shape = .section("connectCompression")
        case _: break
        }
        return row
    }
}
