import ArgumentParser
import RennbahnTLS

/// What `rennbahn router` speaks TLS with.
struct ServerTLSOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "TLS on every TCP port: the server's certificate, a PEM file; its chain may follow in it.",
            valueName: "file"))
    var tlsCertificate: String?

    @Option(help: ArgumentHelp("The private key of the certificate, a PEM file.", valueName: "file"))
    var tlsKey: String?

    @Option(
        help: ArgumentHelp(
            "Certificates between the server's and the one that clients trust; may be given several times.",
            valueName: "file"))
    var tlsChain: [String] = []

    @Option(
        help: ArgumentHelp(
            "Clients must show a certificate that this one has signed; may be given several times.", valueName: "file"))
    var tlsCa: [String] = []

    @Option(help: "Ciphers of TLS 1.2, as OpenSSL names them.")
    var tlsCiphers: String?

    @Option(help: ArgumentHelp("Diffie-Hellman parameters for TLS 1.2, a PEM file.", valueName: "file"))
    var tlsDhparam: String?

    @Option(help: "1.2, 1.3 or 1.2,1.3.")
    var tlsVersions = TLSVersions.both

    @Flag(help: "Give clients no tickets to resume their session with.")
    var noTlsResumption = false

    static let names = [
        "--tls-certificate", "--tls-key", "--tls-chain", "--tls-ca", "--tls-ciphers", "--tls-dhparam",
        "--tls-versions", "--no-tls-resumption",
    ]

    static let rules: [OptionRule] =
        [.together(["--tls-certificate", "--tls-key"])]
        + names.dropFirst(2).map { .needs($0, ["--tls-certificate"]) }

    /// `nil`: no TLS.
    func settings() throws -> TLSServerSettings? {
        guard let tlsCertificate, let tlsKey else { return nil }
        var settings = TLSServerSettings(certificate: tlsCertificate, key: tlsKey)
        settings.chain = tlsChain
        settings.clientAuthorities = tlsCa
        settings.ciphers = tlsCiphers
        settings.dhParameters = tlsDhparam
        settings.versions = tlsVersions
        settings.resumption = !noTlsResumption
        return settings
    }
}

/// How `rennbahn load` speaks TLS to a `wss:` URL.
struct ClientTLSOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "wss: trust what this certificate has signed, instead of what the system trusts; may be given several times.",
            valueName: "file"))
    var tlsCa: [String] = []

    @Option(help: ArgumentHelp("wss: the certificate to show to the server, a PEM file.", valueName: "file"))
    var tlsCertificate: String?

    @Option(help: ArgumentHelp("wss: the private key of that certificate, a PEM file.", valueName: "file"))
    var tlsKey: String?

    @Option(help: "wss: 1.2, 1.3 or 1.2,1.3. Default: both.")
    var tlsVersions: TLSVersions?

    @Flag(help: "wss: make every handshake a whole one, instead of going on with the session before.")
    var noTlsResumption = false

    @Flag(help: "wss: take anybody for the server. Only for tests: nothing is secret then.")
    var tlsInsecure = false

    /// Whether any of them is given.
    var isGiven: Bool {
        !tlsCa.isEmpty || tlsCertificate != nil || tlsKey != nil || tlsVersions != nil || noTlsResumption
            || tlsInsecure
    }

    /// - Parameter identity: PEM files that are shown in the place of those that are given.
    func context(hostName: String, identity: (certificate: String, key: String)? = nil) throws -> TLSContext {
        var settings = TLSClientSettings(hostName: hostName)
        settings.authorities = tlsCa
        settings.certificate = identity?.certificate ?? tlsCertificate
        settings.key = identity?.key ?? tlsKey
        settings.versions = tlsVersions ?? .both
        settings.resumption = !noTlsResumption
        settings.verifiesServer = !tlsInsecure
        return try TLSContext(settings)
    }
}

extension TLSVersions: ExpressibleByArgument {}
