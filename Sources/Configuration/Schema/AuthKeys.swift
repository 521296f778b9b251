/// Keys of authentication: of a listening transport, and of a component.
extension Keys {
    package enum Auth {
        package static let anonymous = method("anonymous", "authAnonymous", "Without proof.")
        package static let ticket = method("ticket", "authTicket", "By a shared secret, which is sent.")
        package static let wampcra = method("wampcra", "authWAMPCRA", "By a shared secret, which is not sent.")
        package static let scram = method(
            "scram", "authScram", "By a password that this file does not have, for both sides.")
        package static let cryptosign = method("cryptosign", "authCryptosign", "By an Ed25519 key.")
        package static let tls = method(
            "tls", "authTLS", "By the certificate of a TLS client. Needs `ca_certificates` of the endpoint.")
        package static let cookie = Key<Tree?>(
            "cookie", .anything,
            "By the cookie of somebody who was authenticated before; the value is not looked at. Needs `cookie` beside `auth`, and another method."
        )

        /// A method whose principals may come from several places.
        private static func method(_ name: String, _ section: String, _ about: String) -> Key<Tree?> {
            Key(
                name,
                .variants([
                    ("static", section, .full), ("dynamic", "", .notYet), ("function", "", .none("Python only")),
                ]), about)
        }
    }

    package enum Anonymous {
        package static let role = Key<String>(
            "role", .text(.role), initial: "anonymous", "Role that sessions get.")
        package static let authID = Key<String?>(
            "authid", .text(.any), without: "random", "Id that sessions get.")
    }

    /// Who may join, by a method that is not ``Anonymous``.
    package enum Principal {
        package static let role = Key<String>(
            required: "role", .text(.role), "Role of its sessions; the realm that they join must have it.")
        package static let ticket = Key<Tree>(
            required: "ticket", .text(.secret), "The secret. \(fromEnvironment)")
        package static let fingerprint = Key<String>(
            required: "certificate-sha1", .text(.fingerprint),
            "SHA-1 of the client's certificate, as `openssl x509 -fingerprint` writes it.")
        package static let publicKeys = Key<[String]>(
            required: "authorized_keys", .list(of: .text(.key), atLeast: 1), "Public keys, in hexadecimal digits.")
        package static let realm = Key<String?>(
            "realm", .text(.realm), without: "what the client asks for", "Realm that its sessions join.")
    }

    /// Steps of PBKDF2 that clients do at most, iterations times blocks of 32 octets, and iterations of a SCRAM router that they
    /// do at least: the same as `AuthLimits` of Authentication, which a test compares.
    package enum Derivation {
        package static let mostSteps = 2_000_000
        static let block = 32
        package static let fewestScramIterations = 4096
    }

    package enum WAMPCRAUser {
        package static let secret = Key<Tree>(
            required: "secret", .text(.secret),
            "The secret; with `salt` the key that was derived from it with PBKDF2, in Base64. \(fromEnvironment)")
        package static let salt = Key<String?>("salt", .text(.any), "Salt that clients derive the key with.")
        package static let iterations = Key<Int>(
            "iterations", .integer(1...Derivation.mostSteps), initial: 1000, note: "with `salt`",
            "Iterations of PBKDF2, with `keylen` beyond 32 fewer. More cost an attacker, and each login, more.")
        package static let keyLength = Key<Int>(
            "keylen", .integer(1...1024), initial: 32, note: "with `salt`", "Octets of the derived key.")
    }

    package enum ScramPrincipal {
        package static let keyDerivation = Key<KeyDerivationChoice>(
            required: "kdf", KeyDerivationChoice.shape, "How clients derive a key from their password.")
        package static let iterations = Key<Int>(
            required: "iterations", .integer(1...10_000_000),
            "Its iterations; of `pbkdf2` \(Derivation.fewestScramIterations) to \(Derivation.mostSteps).")
        package static let memory = Key<Int?>(
            "memory", .integer(0...4_194_304), "Its memory in KiB; `argon2id-13` needs it.")
        package static let salt = Key<String>(
            required: "salt", .text(.hexadecimal), "Its salt, in hexadecimal digits.")
        package static let storedKey = Key<String>(
            required: "stored-key", .text(.key), "StoredKey of RFC 5802, in hexadecimal digits.")
        package static let serverKey = Key<String>(
            required: "server-key", .text(.key), "ServerKey of RFC 5802, in hexadecimal digits.")
    }

    /// The principals of each method.
    package enum Principals {
        package static let ticket = principals("ticketPrincipal")
        package static let wampcra = principals("wampcraUser", "users")
        package static let scram = principals("scramPrincipal")
        package static let cryptosign = principals("cryptosignPrincipal")
        package static let tls = principals("tlsPrincipal")

        private static func principals(_ section: String, _ name: String = "principals") -> Key<Tree> {
            Key(required: name, .map(.any, .section(section)), "Who there is, by `authid`.")
        }
    }

    /// What a component proves who it is with.
    package enum Credential {
        package static let authID = Key<String>(required: "authid", .text(.any), "Who the component is.")
        package static let wantedAuthID = Key<String?>(
            "authid", .text(.any), without: "the router's choice", "Id to ask for.")
        package static let keyOwner = Key<String?>(
            "authid", .text(.any), without: "whose the key is", "Who the component is.")
        package static let ticket = Key<Tree>(
            required: "ticket", .text(.secret), "The ticket. \(fromEnvironment)")
        package static let secret = Key<Tree>(
            required: "secret", .text(.secret), "The secret, or password where it is salted. \(fromEnvironment)")
        package static let password = Key<Tree>(
            required: "password", .text(.secret), "The password. \(fromEnvironment)")
        package static let privateKey = Key<Tree>(
            required: "privkey", .either(.text(.key), .text(.bracedVariable)),
            "The private key, in hexadecimal digits. \(fromEnvironment)")
    }

    private static let fromEnvironment = "`\"${NAME}\"` is the value of an environment variable."
}

extension Schema {
    private static let isStatic = Row("type", .choices("static"), required: true, "The principals are in the file.")

    static let authSections: [Section] = [
        Section(
            "auth", "Authentication", "The client's order of methods decides; see [authentication](#authentication).",
            [
                Keys.Auth.anonymous, Keys.Auth.ticket, Keys.Auth.wampcra, Keys.Auth.scram, Keys.Auth.cryptosign,
                Keys.Auth.tls, Keys.Auth.cookie,
            ]
                + ["cryptosign-proxy", "anonymous-proxy"].map {
                    Row($0, .anything, .none("for Crossbar.io's proxy workers"), "Method `\($0)`.")
                }),
        Section(
            "authAnonymous", "Anonymous authentication", "",
            [
                isStatic, Row("realm", .text(.realm), .hint("Crossbar.io does not look at it either"), "Realm."),
                Keys.Anonymous.role, Keys.Anonymous.authID,
            ]),
        Section("authTicket", "Ticket authentication", "", [isStatic, Keys.Principals.ticket]),
        Section(
            "ticketPrincipal", "Principal of ticket authentication", "", [Keys.Principal.ticket, Keys.Principal.role]),
        Section("authWAMPCRA", "WAMP-CRA authentication", "", [isStatic, Keys.Principals.wampcra]),
        Section(
            "wampcraUser", "User of WAMP-CRA authentication", "",
            [
                Keys.WAMPCRAUser.secret, Keys.Principal.role, Keys.WAMPCRAUser.salt, Keys.WAMPCRAUser.iterations,
                Keys.WAMPCRAUser.keyLength,
            ], rules: [.saltedSecret, .derivation]),
        Section("authScram", "SCRAM authentication", "", [isStatic, Keys.Principals.scram]),
        Section(
            "scramPrincipal", "Principal of SCRAM authentication", "",
            [
                Keys.ScramPrincipal.keyDerivation, Keys.ScramPrincipal.iterations, Keys.ScramPrincipal.memory,
                Keys.ScramPrincipal.salt, Keys.ScramPrincipal.storedKey, Keys.ScramPrincipal.serverKey,
                Keys.Principal.role,
            ], rules: [.argonMemory, .derivation]),
        Section(
            "authCryptosign", "Cryptosign authentication", "",
            [
                isStatic, Keys.Principals.cryptosign,
                Row(
                    "trustroots", .anything, .none("certificates of Ethereum are not supported"),
                    "Trust roots by realm."),
            ]),
        Section(
            "cryptosignPrincipal", "Principal of cryptosign authentication", "",
            [Keys.Principal.publicKeys, Keys.Principal.role, Keys.Principal.realm]),
        Section("authTLS", "TLS authentication", "", [isStatic, Keys.Principals.tls]),
        Section(
            "tlsPrincipal", "Principal of TLS authentication", "", [Keys.Principal.fingerprint, Keys.Principal.role]),
    ]

    static let componentAuthSections: [Section] = [
        Section(
            "componentAuth", "Credentials of a component",
            "One method or several, which are offered in this order; one `authid` for all of them.",
            [
                Row("anonymous", .section("componentAnonymous"), "Without proof."),
                Row("ticket", .section("componentTicket"), "By a ticket."),
                Row("wampcra", .section("componentWAMPCRA"), "By a secret, salted or not."),
                Row("scram", .section("componentScram"), "By a password; the router must use `pbkdf2`."),
                Row("cryptosign", .section("componentCryptosign"), "By an Ed25519 key."),
                Row(
                    "tls", .section("componentTLS"),
                    "By the certificate of the connection: `endpoint.tls.certificate`. Crossbar.io has no such key."),
            ], rules: [.oneAuthID]),
        Section("componentAnonymous", "Anonymous component", "", [Keys.Credential.wantedAuthID]),
        Section(
            "componentTicket", "Ticket of a component", "", [Keys.Credential.authID, Keys.Credential.ticket]),
        Section(
            "componentWAMPCRA", "WAMP-CRA secret of a component", "",
            [Keys.Credential.authID, Keys.Credential.secret]),
        Section(
            "componentScram", "SCRAM password of a component", "", [Keys.Credential.authID, Keys.Credential.password]),
        Section(
            "componentCryptosign", "Cryptosign key of a component", "",
            [Keys.Credential.keyOwner, Keys.Credential.privateKey]),
        Section("componentTLS", "TLS certificate of a component", "", []),
    ]
}
