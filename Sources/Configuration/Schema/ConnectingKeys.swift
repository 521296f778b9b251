extension Schema {
    private static let forServers = Support.hint("a matter of listening transports")

    static let connecting = Shape.variants([
        ("tcp", "connectTCP", .full), ("unix", "connectUNIX", .full),
        ("twisted", "", .none("a matter of Python's Twisted")), ("tor", "", .none("Tor is not supported")),
    ])

    private static func type(_ name: String) -> Key {
        Key("type", .choices(name), required: true, "Kind of the endpoint.")
    }
    private static let timeout = Key(
        "timeout", .integer(0...600), initial: "10",
        "Seconds that connecting may take; 0: as long as the system tries.")

    private static let id = Key(
        "id", .text(.id), initial: "generated", .hint("names the item in messages"), "Name of the item.")
    private static let endpoint = Key("endpoint", connecting, required: true, "Where to connect to.")
    private static let reconnect = Key(
        "reconnect", .section("reconnect"), initial: "none",
        "A connection that is lost, or not to be had, is tried again; `{}` enables it. Crossbar.io has no such key.")

    static let connectingSections: [Section] = [
        Section(
            "connecting", "Connecting WebSocket transport", "",
            [
                Key("type", .choices("websocket"), required: true, "Kind of the transport."), id, endpoint,
                Key(
                    "url", .text(.webSocketURL), required: true,
                    "URL of the router: its path is asked for, its host and port are the `Host` header; `wss` needs `endpoint.tls`."
                ),
                Key(
                    "serializers",
                    .list(
                        of: .choice([
                            Choice("json"), Choice("msgpack"), Choice("cbor", .notYet), Choice("ubjson", .notYet),
                            Choice("flatbuffers", .none("not supported")),
                        ]), atLeast: 1), initial: "msgpack, json",
                    "Serializers that are offered, best first: exactly these, in this order."),
                Key("options", .section("connectOptions"), "Options of the WebSocket protocol."),
                reconnect,
                Key(
                    "debug", .boolean, initial: "false",
                    "Traces handshakes, frames and messages to standard error, without secrets."),
            ], rules: [.secureURL]),
        Section(
            "connectingRawSocket", "Connecting RawSocket transport", "",
            [
                Key("type", .choices("rawsocket"), required: true, "Kind of the transport."), id, endpoint,
                Key(
                    "serializer",
                    .choice([
                        Choice("json"), Choice("msgpack"), Choice("cbor", .notYet), Choice("ubjson", .notYet),
                    ]), required: true, "The serializer; RawSocket has no choice among several."),
                Key(
                    "url", .text(.rawSocketURL),
                    .hint("the endpoint says where to connect to, and whether TLS is spoken"),
                    "URL of the router."),
                Key("options", .section("rawsocketOptions"), "Options of the RawSocket protocol."), reconnect,
                Key(
                    "debug", .boolean, initial: "false", "Traces messages to standard error, without secrets."),
            ]),
        Section(
            "connectOptions", "WebSocket options of a connecting transport",
            "Those of a listening transport; what only a server does is taken without effect, as in Crossbar.io.",
            Schema.section("options", of: optionSections).keys.map(connectOption)),
        Section(
            "reconnect", "Reconnecting",
            "The first retry comes after `initial_delay`, each further one after `growth` percent of the delay before, `max_delay` at most. Once a session was joined it starts over.",
            [
                Key(
                    "max_retries", .integer(0...1_000_000), initial: "no limit", "Retries in a row before it gives up."),
                Key("initial_delay", .integer(1...3_600_000), initial: "500", "Milliseconds before the first retry."),
                Key("max_delay", .integer(1...3_600_000), initial: "30000", "Milliseconds that a delay never exceeds."),
                Key("growth", .integer(100...1000), initial: "150", "Percent of one delay that the next has."),
                Key(
                    "jitter", .integer(0...100), initial: "20",
                    "Percent that a delay is made shorter or longer at random, so that a fleet does not come back as one."
                ),
            ]),
    ]

    private static let serverOptions: Set = [
        "enable_hybi10", "enable_rfc6455", "allowed_origins", "allow_null_origin", "external_port", "enable_webstatus",
        "mask_server_frames",
        "require_masked_client_frames", "require_websocket_subprotocol", "show_server_version",
    ]

    /// A client's view of an option.
    private static func connectOption(_ key: Key) -> Key {
        var key = key
        if serverOptions.contains(key.name) { key.support = forServers }
        switch key.name {
        case "open_handshake_timeout":
            key.about = "Milliseconds from the TCP connection to the server's answer, TLS included; 0: no limit."
        case "compression":
            key.shape = .section("connectCompression")
        case _: break
        }
        return key
    }

    static let connectCompressionSections: [Section] = [
        Section(
            "connectCompression", "Compression of a connecting transport", "",
            [
                Key(
                    "deflate", .section("connectDeflate"),
                    "permessage-deflate (RFC 7692) is offered; `{}` enables it. The router may decline.")
            ]),
        Section(
            "connectDeflate", "permessage-deflate of a connecting transport", "",
            [
                Key(
                    "request_no_context_takeover", .boolean, initial: "false",
                    "Demand that the router compresses each message for itself."),
                Key(
                    "request_max_window_bits", .integer(9...15, orZero: true), initial: "0 = do not ask",
                    "Demand that the router compresses with a window of at most so many bits."),
                Key(
                    "no_context_takeover", .boolean, initial: "what the router asks for",
                    "Compress each message for itself, and say so."),
                Key(
                    "max_window_bits", .integer(9...15), initial: "what the router asks for, else 15",
                    "Bits of the window for sending, and say so."),
                Key("memory_level", .integer(1...9), initial: "8", "zlib's memory level."),
                Key(
                    "threshold", .integer(0...67_108_864), initial: "0 = all are compressed",
                    "Octets below which a message is sent as it is. Crossbar.io has no such key."),
            ]),
    ]

    static let connectEndpointSections: [Section] = [
        Section(
            "connectTCP", "Connecting endpoint: TCP", "",
            [
                type("tcp"), Key("host", .text(.any), required: true, "Host to connect to."),
                Key("port", .port, required: true, "Its port."),
                Key("version", .integers([4, 6]), initial: "4", "Version of IP."), timeout,
                Key("tls", .section("connectTLS"), initial: "none", "TLS 1.2 and 1.3."),
            ]),
        Section(
            "connectUNIX", "Connecting endpoint: UNIX socket", "",
            [
                type("unix"),
                Key(
                    "path", .text(.any), required: true,
                    "Path of the socket, from the folder of the file; `$NAME` and `${NAME}` are expanded."), timeout,
            ]),
        Section(
            "connectTLS", "TLS of a connecting endpoint", "The router's certificate is verified, always.",
            [
                Key(
                    "hostname", .text(.any), required: true,
                    "Name to ask for (SNI), which the certificate must have."),
                Key(
                    "ca_certificates", .list(of: .text(.any)), initial: "those of the system",
                    "PEM files of trusted authorities."),
                Key("certificate", .text(.any), "PEM file of the client's certificate."),
                Key("key", .text(.any), "PEM file of its key."),
            ]),
    ]

    static func section(_ name: String, of sections: [Section]) -> Section {
        guard let section = sections.first(where: { $0.name == name }) else {
            preconditionFailure("no section \(name)")
        }
        return section
    }
}
