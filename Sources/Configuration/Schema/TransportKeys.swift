extension Schema {
    private static let id = Key(
        "id", .text(.id), initial: "generated", .hint("names the item in messages"), "Name of the item.")

    private static let serializers = Key(
        "serializers",
        .list(
            of: .choice([
                Choice("json"), Choice("msgpack"), Choice("cbor", .notYet), Choice("ubjson", .notYet),
                Choice("flatbuffers", .none("not supported")),
            ]), atLeast: 1), initial: "json, msgpack", "Serializers that are spoken; the client's order decides.")

    private static func type(_ name: String) -> Key {
        Key("type", .choices(name), required: true, "Kind of the transport.")
    }

    private static let auth = Key(
        "auth", .section("auth"), initial: "anonymous", "Methods of authentication.")
    private static let cookie = Key("cookie", .section("cookie"), "Cookies that tell clients apart.")
    private static let url = Key(
        "url", .text(.webSocketURL),
        "URL under which clients reach the transport: the status page tells it. Its path is not enforced.")
    private static let rawSocketOptions = Key(
        "options", .section("rawsocketOptions"), "Options of the RawSocket protocol.")
    private static let options = Key("options", .section("options"), "Options of the WebSocket protocol.")
    private static let debug = Key(
        "debug", .boolean, initial: "false",
        "Traces handshakes, frames and messages to standard error, without secrets.")
    private static let debugMessages = Key(
        "debug", .boolean, initial: "false", "Traces messages to standard error, without secrets.")
    private static let endpoint = Key("endpoint", listening, required: true, "Where the transport listens.")
    private static let maxConnections = Key(
        "max_connections", .integer(1...10_000_000), initial: "50000",
        "Connections of the transport at a time, over all `--shards`; a further one is reset."
    )

    static let transportSections: [Section] = [
        Section(
            "websocket", "Listening WebSocket transport", "",
            [
                type("websocket"), id, endpoint, url, serializers, options, auth, cookie, debug, maxConnections,
            ], rules: [.cookieLogin]),
        Section(
            "rawsocket", "RawSocket transport",
            "WAMP without HTTP: four octets of handshake, four in front of each message.",
            [
                type("rawsocket"), id, endpoint, serializers, rawSocketOptions, auth, debugMessages, maxConnections,
            ], rules: [.cookieLogin]),
        Section(
            "rawsocketOptions", "RawSocket options", "",
            [
                Key(
                    "max_message_size", .integer(512...16_777_216), initial: "16777216",
                    "Octets of a message; announced, and held, is the largest power of two that is not above it.")
            ]),
        Section(
            "universal", "Universal transport",
            "RawSocket, WebSocket and pages on one port: the first octet tells RawSocket, the path the rest. It has at least one of them.",
            [
                type("universal"), id, endpoint, maxConnections,
                Key("rawsocket", .section("rawsocketService"), "The RawSocket part."),
                Key(
                    "websocket", .map(.pathName, .section("service")),
                    "WebSocket services by the first component of the path, `/` for none; others are answered with 404."
                ),
                Key("mqtt", .anything, .none("MQTT is not spoken here"), "The MQTT part."),
                Key(
                    "web", .section("webPart"),
                    "The web part: what stands at paths that are none of `websocket`."),
            ], rules: [.someService]),
        Section(
            "rawsocketService", "RawSocket part of a universal transport", "",
            [
                Key("type", .choices("rawsocket"), "Kind of the part."), id, serializers, rawSocketOptions, auth,
                debugMessages,
            ], rules: [.cookieLogin]),
        webSocketService("service", "WebSocket service of a universal transport", isTyped: false),
    ]

    /// What a WebSocket service is in a transport that has other services, too.
    ///
    /// - Parameter isTyped: whether the key `type` is what tells it from them.
    static func webSocketService(_ name: String, _ title: String, isTyped: Bool) -> Section {
        let kind = Key("type", .choices("websocket"), required: isTyped, "Kind of the service.")
        return Section(
            name, title, "", [kind, id, url, serializers, options, auth, cookie, debug], rules: [.cookieLogin])
    }

    /// What every listening transport has.
    static func listeningKeys(_ kind: String) -> [Key] { [type(kind), id, endpoint, maxConnections] }

    static let listening = Shape.variants([
        ("tcp", "listenTCP", .full), ("unix", "listenUNIX", .full),
        ("twisted", "", .none("a matter of Python's Twisted")), ("onion", "", .none("Tor is not supported")),
    ])

    private static let paths = Shape.list(of: .text(.any))
    private static func type(_ name: String, endpoint: Void) -> Key {
        Key("type", .choices(name), required: true, "Kind of the endpoint.")
    }
    private static let backlog = Key(
        "backlog", .integer(1...65535), initial: "50",
        "Connections that may wait to be accepted.")
    private static let version = Key("version", .integers([4, 6]), initial: "4", "Version of IP.")

    static let endpointSections: [Section] = [
        Section(
            "listenTCP", "Listening endpoint: TCP", "",
            [
                type("tcp", endpoint: ()),
                Key(
                    "port", .either(.port, .text(.environmentVariable)),
                    "Port, or the environment variable that holds it."),
                Key("portrange", .portRange, "`[low, high]`: the first free port is taken."),
                version,
                Key("interface", .text(.any), initial: "all", "Address to listen on, such as `127.0.0.1` or `::1`."),
                backlog,
                Key("shared", .boolean, initial: "false", "Several processes share the port (SO_REUSEPORT)."),
                Key(
                    "user_timeout", .integer(0...65535),
                    "Milliseconds until unacknowledged data end a connection (TCP_USER_TIMEOUT)."),
                Key("tls", .section("listenTLS"), initial: "none", "TLS 1.2 and 1.3."),
            ], rules: [.portOrRange]),
        Section(
            "listenUNIX", "Listening endpoint: UNIX socket", "",
            [
                type("unix", endpoint: ()),
                Key(
                    "path", .text(.any), required: true,
                    "Path of the socket, from the folder of the file; `$NAME` and `${NAME}` are expanded."), backlog,
                Key(
                    "permissions", .text(.permissions), initial: "as the umask says",
                    "Permissions of the socket's file. Crossbar.io has no such key."),
            ]),
        Section(
            "listenTLS", "TLS of a listening endpoint", "",
            [
                Key("key", .text(.any), required: true, "PEM file of the key."),
                Key("certificate", .text(.any), required: true, "PEM file of the certificate."),
                Key("chain_certificates", paths, "PEM files of intermediate certificates."),
                Key(
                    "ca_certificates", paths, "PEM files; a client must then have a certificate signed by one of them."),
                Key("dhparam", .text(.any), "PEM file of Diffie-Hellman parameters."),
                Key("ciphers", .text(.any), "Cipher list."),
            ]),
    ]
}
