/// Keys of authentication: of a listening transport, and of a component.
extension Schema {
    /// A method whose principals may come from several places.
    private static func method(_ name: String, _ section: String, _ about: String) -> Key {
        Key(
            name,
            .variants([("static", section, .full), ("dynamic", "", .notYet), ("function", "", .none("Python only"))]),
            about)
    }

    private static let type = Key("type", .choices("static"), required: true, "The principals are in the file.")
    private static let role = Key(
        "role", .text(.role), required: true, "Role of its sessions; the realm that they join must have it.")
    private static func principals(_ section: String) -> Key {
        Key("principals", .map(.any, .section(section)), required: true, "Who there is, by `authid`.")
    }
    private static let fromEnvironment = "`\"${NAME}\"` is the value of an environment variable."

    static let authSections: [Section] = [
        Section(
            "auth", "Authentication", "The client's order of methods decides; see [authentication](#authentication).",
            [
                method("anonymous", "authAnonymous", "Without proof."),
                method("ticket", "authTicket", "By a shared secret, which is sent."),
                method("wampcra", "authWAMPCRA", "By a shared secret, which is not sent."),
                method("scram", "authScram", "By a password that this file does not have, for both sides."),
                method("cryptosign", "authCryptosign", "By an Ed25519 key."),
                method(
                    "tls", "authTLS", "By the certificate of a TLS client. Needs `ca_certificates` of the endpoint."),
                Key(
                    "cookie", .anything,
                    "By the cookie of somebody who was authenticated before; the value is not looked at. Needs `cookie` beside `auth`, and another method."
                ),
            ]
                + ["cryptosign-proxy", "anonymous-proxy"].map {
                    Key($0, .anything, .none("for Crossbar.io's proxy workers"), "Method `\($0)`.")
                }),
        Section(
            "authAnonymous", "Anonymous authentication", "",
            [
                type,
                Key("realm", .text(.realm), .hint("Crossbar.io does not look at it either"), "Realm."),
                Key("role", .text(.role), initial: "`anonymous`", "Role that sessions get."),
                Key("authid", .text(.any), initial: "random", "Id that sessions get."),
            ]),
        Section("authTicket", "Ticket authentication", "", [type, principals("ticketPrincipal")]),
        Section(
            "ticketPrincipal", "Principal of ticket authentication", "",
            [Key("ticket", .text(.secret), required: true, "The secret. \(fromEnvironment)"), role]),
        Section(
            "authWAMPCRA", "WAMP-CRA authentication", "",
            [
                type,
                Key("users", .map(.any, .section("wampcraUser")), required: true, "Who there is, by `authid`."),
            ]),
        Section(
            "wampcraUser", "User of WAMP-CRA authentication", "",
            [
                Key(
                    "secret", .text(.secret), required: true,
                    "The secret; with `salt` the key that was derived from it with PBKDF2, in Base64. \(fromEnvironment)"
                ),
                role, Key("salt", .text(.any), "Salt that clients derive the key with."),
                Key(
                    "iterations", .integer(1...10_000_000), initial: "1000 with `salt`",
                    "Iterations of PBKDF2. More cost an attacker, and each login, more."),
                Key("keylen", .integer(1...1024), initial: "32 with `salt`", "Octets of the derived key."),
            ], rules: [.saltedSecret]),
        Section("authScram", "SCRAM authentication", "", [type, principals("scramPrincipal")]),
        Section(
            "scramPrincipal", "Principal of SCRAM authentication", "",
            [
                Key(
                    "kdf", .choices("argon2id-13", "pbkdf2"), required: true,
                    "How clients derive a key from their password."),
                Key("iterations", .integer(1...10_000_000), required: true, "Its iterations."),
                Key("memory", .integer(0...4_194_304), "Its memory in KiB; `argon2id-13` needs it."),
                Key("salt", .text(.hexadecimal), required: true, "Its salt, in hexadecimal digits."),
                Key("stored-key", .text(.key), required: true, "StoredKey of RFC 5802, in hexadecimal digits."),
                Key("server-key", .text(.key), required: true, "ServerKey of RFC 5802, in hexadecimal digits."), role,
            ], rules: [.argonMemory]),
        Section(
            "authCryptosign", "Cryptosign authentication", "",
            [
                type, principals("cryptosignPrincipal"),
                Key(
                    "trustroots", .anything, .none("certificates of Ethereum are not supported"),
                    "Trust roots by realm."),
            ]),
        Section(
            "cryptosignPrincipal", "Principal of cryptosign authentication", "",
            [
                Key(
                    "authorized_keys", .list(of: .text(.key), atLeast: 1), required: true,
                    "Public keys, in hexadecimal digits."), role,
                Key("realm", .text(.realm), initial: "what the client asks for", "Realm that its sessions join."),
            ]),
        Section("authTLS", "TLS authentication", "", [type, principals("tlsPrincipal")]),
        Section(
            "tlsPrincipal", "Principal of TLS authentication", "",
            [
                Key(
                    "certificate-sha1", .text(.fingerprint), required: true,
                    "SHA-1 of the client's certificate, as `openssl x509 -fingerprint` writes it."), role,
            ]),
    ]

    private static let authID = Key("authid", .text(.any), required: true, "Who the component is.")

    static let componentAuthSections: [Section] = [
        Section(
            "componentAuth", "Credentials of a component",
            "One method or several, which are offered in this order; one `authid` for all of them.",
            [
                Key("anonymous", .section("componentAnonymous"), "Without proof."),
                Key("ticket", .section("componentTicket"), "By a ticket."),
                Key("wampcra", .section("componentWAMPCRA"), "By a secret, salted or not."),
                Key("scram", .section("componentScram"), "By a password; the router must use `pbkdf2`."),
                Key("cryptosign", .section("componentCryptosign"), "By an Ed25519 key."),
                Key(
                    "tls", .section("componentTLS"),
                    "By the certificate of the connection: `endpoint.tls.certificate`. Crossbar.io has no such key."),
            ], rules: [.oneAuthID]),
        Section(
            "componentAnonymous", "Anonymous component", "",
            [Key("authid", .text(.any), initial: "the router's choice", "Id to ask for.")]),
        Section(
            "componentTicket", "Ticket of a component", "",
            [authID, Key("ticket", .text(.secret), required: true, "The ticket. \(fromEnvironment)")]),
        Section(
            "componentWAMPCRA", "WAMP-CRA secret of a component", "",
            [
                authID,
                Key(
                    "secret", .text(.secret), required: true,
                    "The secret, or password where it is salted. \(fromEnvironment)"),
            ]),
        Section(
            "componentScram", "SCRAM password of a component", "",
            [authID, Key("password", .text(.secret), required: true, "The password. \(fromEnvironment)")]),
        Section(
            "componentCryptosign", "Cryptosign key of a component", "",
            [
                Key("authid", .text(.any), initial: "whose the key is", "Who the component is."),
                Key(
                    "privkey", .either(.text(.key), .text(.bracedVariable)), required: true,
                    "The private key, in hexadecimal digits. \(fromEnvironment)"),
            ]),
        Section("componentTLS", "TLS certificate of a component", "", []),
    ]
}
