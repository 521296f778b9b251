import Foundation
import RennbahnAuthentication
import RennbahnBytes
import RennbahnConfiguration
import RennbahnRouterNode
import RennbahnTransport
import RennbahnWAMP
import Testing

/// What the keys of `auth` become, each of them.
struct AuthKeyTests {
    private func policy(
        _ auth: String, environment: [String: String] = [:], problems: [String] = []
    ) throws -> AuthPolicy {
        let tree = try TreeReader.read(auth)
        #expect(Checker.check(tree, try #require(Schema.section("websocket")["auth"]), path: "auth") == [])
        var reader = AuthReader(NodeConfiguration.Surroundings(folder: "", version: "1") { environment[$0] })
        let policy = reader.policy(tree, "auth")
        #expect(reader.problems.map { "\($0.path): \($0.message)" } == problems)
        return policy
    }

    private static let key = String(repeating: "0a", count: 32)
    private static let otherKey = String(repeating: "0B", count: 32)
    private static let print = String(repeating: "0a:", count: 19) + "FF"

    /// For each section the least that it may be, and for each of its keys another value.
    private static let samples: [String: (initial: [String: String], others: [String: String])] = [
        "authAnonymous": (["type": "static"], ["role": "user", "authid": "visitor"]),
        "ticketPrincipal": (["ticket": "a", "role": "user"], ["ticket": "b", "role": "guest"]),
        "wampcraUser": (
            ["secret": "AAAA", "role": "user", "salt": "s", "keylen": "3"],
            ["secret": "AAAB", "role": "guest", "salt": "t", "iterations": "7", "keylen": "3"]
        ),
        "scramPrincipal": (
            [
                "kdf": "pbkdf2", "iterations": "4096", "salt": "'00'", "stored-key": key, "server-key": key,
                "role": "user",
            ],
            [
                "kdf": "argon2id-13", "iterations": "5000", "memory": "512", "salt": "'01'", "stored-key": otherKey,
                "server-key": otherKey, "role": "guest",
            ]
        ),
        "cryptosignPrincipal": (
            ["authorized_keys": "[\(key)]", "role": "user"],
            ["authorized_keys": "[\(key), \(otherKey)]", "role": "guest", "realm": "realm2"]
        ),
        "tlsPrincipal": (
            ["certificate-sha1": print, "role": "user"],
            ["certificate-sha1": String(repeating: "0B:", count: 19) + "FF", "role": "guest"]
        ),
    ]

    private func auth(_ section: String, _ values: [String: String]) -> String {
        let item =
            "{" + values.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", ") + "}"
        return switch section {
        case "authAnonymous": "{anonymous: \(item)}"
        case "ticketPrincipal": "{ticket: {type: static, principals: {joe: \(item)}}}"
        case "wampcraUser": "{wampcra: {type: static, users: {joe: \(item)}}}"
        case "scramPrincipal": "{scram: {type: static, principals: {joe: \(item)}}}"
        case "cryptosignPrincipal": "{cryptosign: {type: static, principals: {joe: \(item)}}}"
        case _: "{tls: {type: static, principals: {joe: \(item)}}}"
        }
    }

    @Test("Every supported key of a principal changes the policy", arguments: samples.keys.sorted())
    func effect(section: String) throws {
        let (initial, others) = try #require(AuthKeyTests.samples[section])
        let before = try policy(auth(section, initial))
        for key in Schema.section(section).keys {
            guard case .full = key.support, key.name != "type" else { continue }
            var values = initial
            let other = try #require(others[key.name], "no sample of \(section).\(key.name)")
            values[key.name] = other
            // Some only go together.
            if key.name == "kdf" { values["memory"] = "512" }
            if key.name == "keylen" { (values["keylen"], values["secret"]) = ("2", "AAA=") }
            #expect(try policy(auth(section, values)) != before, "\(section).\(key.name)")
        }
    }

    @Test func `A key of a principal that says its default changes nothing`() throws {
        for (section, (initial, _)) in AuthKeyTests.samples {
            for key in Schema.section(section).keys where key.support == .full {
                guard case .value(let value, _) = key.initial else { continue }
                var (said, unsaid) = (initial, initial)
                (said[key.name], unsaid[key.name]) = (value.json.compact, nil)
                // A secret of the length that is the default.
                if key.name == "keylen" {
                    (said["secret"], unsaid["secret"]) = (AuthKeyTests.derived, AuthKeyTests.derived)
                }
                #expect(try policy(auth(section, said)) == policy(auth(section, unsaid)), "\(section).\(key.name)")
            }
        }
    }

    @Test func `What clients may be asked to derive is bounded as in the authentication itself`() {
        #expect(Keys.Derivation.mostSteps == AuthLimits.mostDerivationSteps)
        #expect(Keys.Derivation.fewestScramIterations == AuthLimits.fewestScramIterations)
        #expect(Keys.WAMPCRAUser.keyLength.range == 1...AuthLimits.longestKey)
    }

    private static let derived = String(repeating: "A", count: 43) + "="

    @Test("Every section of auth is sampled, or holds no more than a map of one that is")
    func sections() {
        let all = Schema.sections.map(\.name).filter {
            $0.hasPrefix("auth") || $0.hasSuffix("Principal") || $0.hasSuffix("User")
        }
        let maps: Set = ["auth", "authTicket", "authWAMPCRA", "authScram", "authCryptosign", "authTLS"]
        #expect(Set(all) == maps.union(AuthKeyTests.samples.keys))
    }

    @Test("The values are what they say")
    func values() throws {
        let scram = try policy(auth("scramPrincipal", AuthKeyTests.samples["scramPrincipal"]!.initial)).scram?["joe"]
        #expect(
            scram?.salt == [0] && scram?.storedKey.octets == [UInt8](repeating: 10, count: 32) && scram?.memory == nil)
        let tls = try policy(auth("tlsPrincipal", ["certificate-sha1": AuthKeyTests.print, "role": "user"])).tls?["joe"]
        #expect(tls?.sha1 == [UInt8](repeating: 10, count: 19) + [255])
        let salted = try policy(
            auth("wampcraUser", ["secret": String(repeating: "A", count: 43) + "=", "role": "u", "salt": "s"]))
        #expect(salted.wampcra?["joe"]?.salting == AuthPolicy.Salting(salt: "s", iterations: 1000, keyLength: 32))
        #expect(try policy("{}") == AuthPolicy() && policy("{cookie: {}}").takesCookies)
        #expect(try policy("{anonymous: {type: static}}").anonymous == AuthPolicy.Anonymous(role: "anonymous"))
    }

    @Test("A secret may be that of an environment variable, which must be there")
    func environment() throws {
        let tickets = auth("ticketPrincipal", ["ticket": "'${TICKET}'", "role": "user"])
        #expect(try policy(tickets, environment: ["TICKET": "t"]).ticket?["joe"]?.ticket == Secret("t"))
        let missing = try policy(
            tickets, problems: ["auth.ticket.principals.joe.ticket: the environment variable TICKET is not set"])
        #expect(missing.ticket == [:])
        let secrets = auth("wampcraUser", ["secret": "'${SECRET}'", "role": "user"])
        #expect(try policy(secrets, environment: ["SECRET": "s"]).wampcra?["joe"]?.secret == Secret("s"))
        let plain = auth("ticketPrincipal", ["ticket": "'$TICKET'", "role": "user"])
        #expect(try policy(plain).ticket?["joe"]?.ticket == Secret("$TICKET"))
    }

    @Test("A salted secret that is no derived key is told, without showing it")
    func saltedSecret() throws {
        _ = try policy(
            auth("wampcraUser", ["secret": "geheim", "role": "user", "salt": "s"]),
            problems: [
                "auth.wampcra.users.joe.secret: with salt the secret is the key that was derived with PBKDF2, 32 octets in Base64"
            ])
    }
}

/// The example of the documentation.
struct AuthExampleTests {
    private func example() throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let page = try String(contentsOf: root.appending(path: "docs/configuration.md"), encoding: .utf8)
        let section = try #require(page.firstRange(of: "### Authentication\n"))
        let block = try #require(page[section.upperBound...].firstMatch(of: #/```yaml\n((?s:.*?))```/#))
        return String(block.output.1)
    }

    @Test("The example of the documentation is taken as it is, and lets in whom it says")
    func documentation() throws {
        let tree = try TreeReader.read(try example())
        #expect(Checker.check(tree) == [])
        let environment = ["WORKER_TICKET": "t"]
        let configuration = try NodeConfiguration(
            tree, NodeConfiguration.Surroundings(folder: "", version: "1") { environment[$0] })
        #expect(configuration.roles == ["realm1": ["visitor", "backend"]])
        let authenticator = try #require(configuration.transports[0].profile.authenticator)
        let realms = RealmDirectory(configuration.roles)
        func role(_ credential: ClientCredential) throws -> String { try meet(authenticator, credential, realms).role }
        #expect(try role(.anonymous(authID: nil)) == "visitor")
        #expect(try role(.ticket(authID: "worker", ticket: Secret("t"))) == "backend")
        #expect(try role(.wampcra(authID: "joe", secret: Secret("open sesame"))) == "backend")
        #expect(try role(.wampcra(authID: "ann", secret: Secret("password"))) == "visitor")
        // The specification's key, of its test vectors.
        let key = "4d57d97a68f555696620a6d849c0ce582568518d729eb753dc7c732de2804510"
        let octets = try #require(Hexadecimal.decode(key))
        #expect(try role(.cryptosign(authID: nil, privateKey: Secret(octets))) == "backend")
    }

    /// `docs/Challenge-Response-Authentication.rst` and `docs/Ticket-Authentication.rst`: the salted secret is the key that
    /// was derived from `secret1`.
    @Test("Principals of Crossbar.io's documentation log in")
    func crossbarDocumentation() throws {
        let tree = try TreeReader.read(
            """
            {"wampcra": {"type": "static", "users": {
               "joe": {"secret": "secret2", "role": "frontend"},
               "peter": {"secret": "prq7+YkJ1/KlW1X0YczMHw==", "role": "frontend", "salt": "salt123",
                 "iterations": 100, "keylen": 16}}},
             "ticket": {"type": "static", "principals": {
               "joe": {"ticket": "secret!!!", "role": "frontend"}, "ann": {"ticket": "${MYTICKET}", "role": "frontend"}}}}
            """)
        #expect(Checker.check(tree, try #require(Schema.section("websocket")["auth"]), path: "auth") == [])
        let environment = ["MYTICKET": "t"]
        var reader = AuthReader(NodeConfiguration.Surroundings(folder: "", version: "1") { environment[$0] })
        let authenticator = Authenticator(reader.policy(tree, "auth"))
        #expect(reader.problems.isEmpty)
        let realms = RealmDirectory(["realm1": ["frontend"]])
        for credential: ClientCredential in [
            .wampcra(authID: "joe", secret: Secret("secret2")), .wampcra(authID: "peter", secret: Secret("secret1")),
            .ticket(authID: "joe", ticket: Secret("secret!!!")), .ticket(authID: "ann", ticket: Secret("t")),
        ] {
            #expect(try meet(authenticator, credential, realms).authID == credential.authID)
        }
        #expect(throws: AuthRefusal.self) {
            try meet(authenticator, .wampcra(authID: "peter", secret: Secret("secret2")), realms)
        }
    }

    /// Who a client of ours is to this authenticator.
    private func meet(
        _ authenticator: Authenticator, _ credential: ClientCredential, _ realms: RealmDirectory
    ) throws -> Principal {
        var client = try ClientAuthentication([credential], nonce: [UInt8](repeating: 1, count: 16))
        var details: WAMPDictionary = ["roles": ["caller": [:]]]
        client.offer(in: &details)
        let request = AuthRequest(
            realm: "realm1", details: try HelloDetails(.dictionary(details)), session: 1, time: 0
        ) { [UInt8](repeating: 2, count: $0) }
        switch try authenticator.hello(request, realms) {
        case .welcome(let principal): return principal
        case .challenge(let method, let extra, let proof):
            let signature = try client.answer(method: method.rawValue, extra: extra)
            return try proof.accept(signature: signature, extra: [:], realms)
        }
    }
}
