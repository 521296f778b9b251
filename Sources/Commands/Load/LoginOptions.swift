import ArgumentParser
import RennbahnAuthentication
import RennbahnLoadGenerator

/// Whom the clients of `rennbahn load` log in as.
struct LoginOptions: ParsableArguments {
    @Option(help: "Who to log in as.")
    var authid: String?

    @Option(
        help: ArgumentHelp(
            """
            How to log in: ticket, wampcra, scram, cryptosign, tls (by --tls-certificate), cookie (by --cookie) or anonymous. \
            Default: as the ticket, secret, password or key is for; without any, HELLO says nothing of it.
            """, valueName: "method"))
    var authmethod: String?

    @Option(
        help: ArgumentHelp(
            "Log in by this ticket: itself, or, since others can read command lines, @FILE or '${VARIABLE}'.",
            valueName: "ticket"))
    var ticket: String?

    @Option(
        help: ArgumentHelp(
            "Log in by WAMP-CRA: the secret, or the password where it is salted; given as a ticket is.",
            valueName: "secret"))
    var secret: String?

    @Option(help: ArgumentHelp("Log in by SCRAM: the password; given as a ticket is.", valueName: "password"))
    var password: String?

    @Option(
        help: ArgumentHelp(
            "Log in by cryptosign: the private key in hexadecimal digits, or @FILE with those, or with its 32 octets.",
            valueName: "key"))
    var privkey: String?

    @Option(
        help: ArgumentHelp(
            "Log in as the principals of a file, JSON or YAML, which clients have in turn; see docs/load.md.",
            valueName: "file"))
    var principals: String?

    /// Those that hold a secret.
    static let secrets = ["--ticket", "--secret", "--password", "--privkey"]
    static let names = single + ["--principals"]

    private static let single = ["--authid", "--authmethod"] + secrets
    private static let known = ["--authid"] + secrets

    static let rules: [OptionRule] = [
        .atMostOne(secrets, because: "--principals takes several methods"),
        .needs("--authid", ["--ticket", "--secret", "--password", "--privkey", "--authmethod"]),
        .needs("--ticket", ["--authid"]), .needs("--secret", ["--authid"]), .needs("--password", ["--authid"]),
        .excludes("--principals", single, because: "the file says it"),
        .excludes("--scenario echo", names, because: "an echo has no sessions"),
        .excludes("--authmethod ticket", ["--secret", "--password", "--privkey"]),
        .excludes("--authmethod wampcra", ["--ticket", "--password", "--privkey"]),
        .excludes("--authmethod scram", ["--ticket", "--secret", "--privkey"]),
        .excludes("--authmethod cryptosign", ["--ticket", "--secret", "--password"]),
        .excludes("--authmethod anonymous", secrets),
        .excludes("--authmethod tls", known, because: "the certificate says who it is"),
        .excludes("--authmethod cookie", known, because: "the cookie says who it is"),
    ]

    /// What else a login depends on.
    struct Surroundings {
        let target: LoadTarget
        let tls: ClientTLSOptions
        /// Of all clients, each `name=value`.
        let cookies: [String]
    }

    /// Whom clients log in as, in turn; nobody: they do not.
    func loadPrincipals(_ surroundings: Surroundings, _ problems: inout [String]) -> [LoadPrincipal] {
        if let principals { return PrincipalReader(path: principals, surroundings: surroundings).read(&problems) }
        guard let method = self.method(&problems),
            let credential = self.credential(method, surroundings, &problems)
        else { return [] }
        let principal = problems.attempt("--authmethod \(method.rawValue)") { try LoadPrincipal([credential]) }
        return principal.map { [$0] } ?? []
    }

    private func method(_ problems: inout [String]) -> AuthMethod? {
        guard let authmethod else {
            if ticket != nil { return .ticket }
            if secret != nil { return .wampcra }
            if password != nil { return .scram }
            return privkey == nil ? nil : .cryptosign
        }
        let method = AuthMethod(rawValue: authmethod)
        if method == nil {
            let names = AuthMethod.allCases.map(\.rawValue).joined(separator: ", ")
            problems.append("--authmethod: \(authmethod) is not one of \(names)")
        }
        return method
    }

    /// `nil`: a problem is told.
    private func credential(
        _ method: AuthMethod, _ surroundings: Surroundings, _ problems: inout [String]
    ) -> ClientCredential? {
        // A rule has it beside whatever needs it.
        let name = authid ?? ""
        switch method {
        case .anonymous: return .anonymous(authID: authid)
        case .ticket: return read("--ticket", ticket, &problems).map { .ticket(authID: name, ticket: $0) }
        case .wampcra: return read("--secret", secret, &problems).map { .wampcra(authID: name, secret: $0) }
        case .scram: return read("--password", password, &problems).map { .scram(authID: name, password: $0) }
        case .cryptosign:
            guard let privkey = given(privkey, "--privkey", &problems) else { return nil }
            let key = problems.attempt("--privkey") { try SecretText.privateKey(privkey) }
            return key.map { .cryptosign(authID: authid, privateKey: Secret($0)) }
        case .tls:
            guard surroundings.target.isSecure, surroundings.tls.tlsCertificate != nil else {
                problems.append("--authmethod tls: needs a wss or rss URL and --tls-certificate")
                return nil
            }
            return .tls
        case .cookie: return given(surroundings.cookies.first, "--cookie", &problems).map { _ in .cookie }
        }
    }

    private func read(_ option: String, _ text: String?, _ problems: inout [String]) -> Secret? {
        guard let text = given(text, option, &problems) else { return nil }
        return problems.attempt(option) { try SecretText.read(text) }.map { Secret($0) }
    }

    private func given(_ text: String?, _ option: String, _ problems: inout [String]) -> String? {
        if text == nil { problems.append("--authmethod \(authmethod ?? ""): needs \(option)") }
        return text
    }
}
