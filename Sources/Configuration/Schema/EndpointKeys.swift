/// Keys of endpoints: where a transport listens or connects to.
extension Keys {
    package enum Endpoint {
        package static let kind = Key<EndpointKind>(kind: "Kind of the endpoint.")
        package static let version = Key<Int>("version", .integers([4, 6]), initial: 4, "Version of IP.")
        package static let path = Key<Tree>(
            required: "path", .text(.any),
            "Path of the socket, from the folder of the file; `$NAME` and `${NAME}` are expanded.")
    }

    package enum Listening {
        package static let port = Key<Tree?>(
            "port", .either(.port, .text(.environmentVariable)), "Port, or the environment variable that holds it.")
        package static let portRange = Key<[Int]?>(
            "portrange", .portRange, "`[low, high]`: the first free port is taken.")
        package static let interface = Key<String?>(
            "interface", .text(.any), without: "all", "Address to listen on, such as `127.0.0.1` or `::1`.")
        package static let backlog = Key<Int>(
            "backlog", .integer(1...65535), initial: 50, "Connections that may wait to be accepted.")
        package static let isShared = Key<Bool>(
            "shared", initial: false, "Several processes share the port (SO_REUSEPORT).")
        package static let userTimeout = Key<Int?>(
            "user_timeout", .integer(0...65535),
            "Milliseconds until unacknowledged data end a connection (TCP_USER_TIMEOUT).")
        package static let tls = Key<Tree?>("tls", .section("listenTLS"), without: "none", "TLS 1.2 and 1.3.")
        package static let permissions = Key<String?>(
            "permissions", .text(.permissions), without: "as the umask says",
            "Permissions of the socket's file. Crossbar.io has no such key.")
    }

    /// TLS of a listening endpoint.
    package enum ServerTLS {
        package static let key = Key<String>(required: "key", .text(.any), "PEM file of the key.")
        package static let certificate = Key<String>(
            required: "certificate", .text(.any), "PEM file of the certificate.")
        package static let chain = Key<[String]>(
            "chain_certificates", .list(of: .text(.any)), initial: [], "PEM files of intermediate certificates.")
        package static let authorities = Key<[String]>(
            "ca_certificates", .list(of: .text(.any)), initial: [],
            "PEM files; a client must then have a certificate signed by one of them.")
        package static let dhParameters = Key<String?>("dhparam", .text(.any), "PEM file of Diffie-Hellman parameters.")
        package static let ciphers = Key<String?>("ciphers", .text(.any), "Cipher list.")
    }

    package enum Connecting {
        package static let host = Key<String>(required: "host", .text(.any), "Host to connect to.")
        package static let port = Key<Int>(required: "port", .port, "Its port.")
        package static let timeout = Key<Seconds>(
            "timeout", .integer(0...600), initial: 10,
            "Seconds that connecting may take; 0: as long as the system tries.")
        package static let tls = Key<Tree?>("tls", .section("connectTLS"), without: "none", "TLS 1.2 and 1.3.")
    }

    /// TLS of a connecting endpoint.
    package enum ClientTLS {
        package static let hostName = Key<String>(
            required: "hostname", .text(.any), "Name to ask for (SNI), which the certificate must have.")
        package static let authorities = Key<[String]?>(
            "ca_certificates", .list(of: .text(.any)), without: "those of the system",
            "PEM files of trusted authorities.")
        package static let certificate = Key<String?>(
            "certificate", .text(.any), "PEM file of the client's certificate.")
        package static let key = Key<String?>("key", .text(.any), "PEM file of its key.")
    }
}

extension Schema {
    static let listening = Shape.variants([
        (EndpointKind.tcp.rawValue, "listenTCP", .full), (EndpointKind.unix.rawValue, "listenUNIX", .full),
        ("twisted", "", .none("a matter of Python's Twisted")), ("onion", "", .none("Tor is not supported")),
    ])

    static let connecting = Shape.variants([
        (EndpointKind.tcp.rawValue, "connectTCP", .full), (EndpointKind.unix.rawValue, "connectUNIX", .full),
        ("twisted", "", .none("a matter of Python's Twisted")), ("tor", "", .none("Tor is not supported")),
    ])

    static let endpointSections: [Section] = [
        Section(
            "listenTCP", "Listening endpoint: TCP", "",
            [
                Keys.Endpoint.kind.row(.tcp), Keys.Listening.port, Keys.Listening.portRange, Keys.Endpoint.version,
                Keys.Listening.interface, Keys.Listening.backlog, Keys.Listening.isShared, Keys.Listening.userTimeout,
                Keys.Listening.tls,
            ], rules: [.portOrRange]),
        Section(
            "listenUNIX", "Listening endpoint: UNIX socket", "",
            [
                Keys.Endpoint.kind.row(.unix), Keys.Endpoint.path, Keys.Listening.backlog, Keys.Listening.permissions,
            ]),
        Section(
            "listenTLS", "TLS of a listening endpoint", "",
            [
                Keys.ServerTLS.key, Keys.ServerTLS.certificate, Keys.ServerTLS.chain, Keys.ServerTLS.authorities,
                Keys.ServerTLS.dhParameters, Keys.ServerTLS.ciphers,
            ]),
    ]

    static let connectEndpointSections: [Section] = [
        Section(
            "connectTCP", "Connecting endpoint: TCP", "",
            [
                Keys.Endpoint.kind.row(.tcp), Keys.Connecting.host, Keys.Connecting.port, Keys.Endpoint.version,
                Keys.Connecting.timeout, Keys.Connecting.tls,
            ]),
        Section(
            "connectUNIX", "Connecting endpoint: UNIX socket", "",
            [Keys.Endpoint.kind.row(.unix), Keys.Endpoint.path, Keys.Connecting.timeout]),
        Section(
            "connectTLS", "TLS of a connecting endpoint", "The router's certificate is verified, always.",
            [
                Keys.ClientTLS.hostName, Keys.ClientTLS.authorities, Keys.ClientTLS.certificate, Keys.ClientTLS.key,
            ]),
    ]
}
