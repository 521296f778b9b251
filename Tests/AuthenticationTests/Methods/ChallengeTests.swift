import RennbahnBytes
import RennbahnCrypto
import RennbahnWAMP
import Testing

@testable import RennbahnAuthentication

/// The methods with a challenge: right and wrong answers, and what an unknown name gets.
struct ChallengeTests {
    static let privateKey = [UInt8](repeating: 7, count: 32)
    static let publicKey = Ed25519.publicKey(of: privateKey) ?? []
    static let salted = AuthPolicy.Salting(salt: "salt123", iterations: 1000, keyLength: 32)

    static let every = policy {
        $0.ticket = ["joe": AuthPolicy.Ticket(role: "user", ticket: Secret("open sesame"))]
        $0.wampcra = [
            "joe": AuthPolicy.WAMPCRA(role: "user", secret: Secret("secret")),
            "ann": AuthPolicy.WAMPCRA(
                role: "guest",
                secret: Secret(
                    ChallengeResponse.key(
                        from: Array("password".utf8), salt: "salt123", iterations: 1000, count: 32) ?? []),
                salting: salted),
        ]
        $0.scram = ["joe": .pbkdf2("pencil")]
        $0.cryptosign = ["joe": AuthPolicy.Cryptosign(role: "user", keys: [publicKey])]
    }

    static let right: [ClientCredential] = [
        .ticket(authID: "joe", ticket: Secret("open sesame")), .wampcra(authID: "joe", secret: Secret("secret")),
        .scram(authID: "joe", password: Secret("pencil")),
        .cryptosign(authID: "joe", privateKey: Secret(privateKey)),
        .cryptosign(authID: nil, privateKey: Secret(privateKey)),
    ]
    /// A wrong secret, and the right one of nobody.
    static let wrong: [ClientCredential] = [
        .ticket(authID: "joe", ticket: Secret("open sesam")), .ticket(authID: "jo", ticket: Secret("open sesame")),
        .ticket(authID: "joe", ticket: Secret("")),
        .wampcra(authID: "joe", secret: Secret("secre")), .wampcra(authID: "jo", secret: Secret("secret")),
        .wampcra(authID: "ann", secret: Secret("secret")),
        .scram(authID: "joe", password: Secret("pencils")), .scram(authID: "jo", password: Secret("pencil")),
        .cryptosign(authID: "joe", privateKey: Secret([UInt8](repeating: 8, count: 32))),
        .cryptosign(authID: "jo", privateKey: Secret(privateKey)),
        .cryptosign(authID: nil, privateKey: Secret([UInt8](repeating: 8, count: 32))),
    ]

    @Test(arguments: right)
    func `The right answer makes the principal`(credential: ClientCredential) throws {
        let principal = try ChallengeTests.every.meet([credential])
        #expect(principal.authID == "joe" && principal.role == "user" && principal.realm == "realm1")
        #expect(principal.method == credential.method.rawValue && principal.provider == "static")
    }

    @Test(arguments: wrong)
    func `A wrong answer is refused, and so is the right one under a wrong name, in the same words`(
        credential: ClientCredential
    ) throws {
        let error = #expect(throws: AuthRefusal.self) { try ChallengeTests.every.meet([credential]) }
        let text =
            switch credential.method {
            case .ticket: "ticket in static WAMP-Ticket authentication is invalid"
            case .wampcra: "WAMP-CRA client signature is invalid"
            case .scram: "SCRAM authentication failed"
            case .cryptosign: "cryptosign authentication failed"
            case .anonymous, .cookie, .tls: ""
            }
        #expect(error?.reason == .notAuthorized && error?.message.description == text)
    }

    @Test func `A salted secret is the derived key`() throws {
        let ann = ClientCredential.wampcra(authID: "ann", secret: Secret("password"))
        #expect(try ChallengeTests.every.meet([ann]).role == "guest")
    }

    @Test func `A WAMP-CRA challenge is JSON with the keys in their order and the session's number`() throws {
        let (_, extra, _) = try #require(try ChallengeTests.every.challenge(hello(["wampcra"], authID: "joe")))
        let text = try #require(extra["challenge"]?.stringValue)
        #expect(
            text.hasPrefix(
                #"{"authid":"joe","authrole":"user","authmethod":"wampcra","authprovider":"static","session":4711,"nonce":""#
            ))
        #expect(text.hasSuffix(#"","timestamp":"2026-11-28T10:57:19.123Z"}"#))
        #expect(text.firstMatch(of: /"nonce":"([A-Za-z0-9+\/]{64})"/) != nil)
        #expect(extra.count == 1)
    }

    @Test func `A name that does not exist gets a challenge like one that does, always the same`() throws {
        for method in ["ticket", "wampcra", "scram", "cryptosign"] {
            let pubkey = WAMPValue.string(Hexadecimal.encode(ChallengeTests.publicKey))
            let given: WAMPDictionary = ["nonce": "AQgPFh0kKzI5QEdOVVxjag==", "pubkey": pubkey]
            func keys(_ authID: String) throws -> WAMPDictionary {
                try #require(try ChallengeTests.every.challenge(hello([method], authID: authID, extra: given))).extra
            }
            let known = try ["joe", "ann"].map { try keys($0).pairs.map(\.key) }
            for number in 0..<40 {
                let extra = try keys("nobody\(number)")
                #expect(known.contains(extra.pairs.map(\.key)), "\(method)")
                let again = try keys("nobody\(number)")
                #expect(extra["salt"] == again["salt"])
                let other = try keys("nobody else\(number)")
                if extra["salt"] != nil { #expect(extra["salt"] != other["salt"]) }
                let salted = try keys(method == "wampcra" ? "ann" : "joe")["salt"]?.stringValue
                let decoy = extra["salt"]?.stringValue
                #expect(decoy == nil || decoy?.count == salted?.count)
            }
        }
    }

    /// The salts that two names get which do not exist, beside those that do.
    private func decoys(beside names: [String], secret: UInt8) throws -> [WAMPValue?] {
        var policy = AuthPolicy()
        var (users, principals): ([String: AuthPolicy.WAMPCRA], [String: AuthPolicy.Scram]) = ([:], [:])
        for name in names {
            users[name] = AuthPolicy.WAMPCRA(
                role: "user", secret: Secret("of \(name)"), salting: ChallengeTests.salted)
            principals[name] = .pbkdf2("pencil of \(name)")
        }
        policy.wampcra = users
        policy.scram = principals
        let authenticator = Authenticator(policy, decoySecret: [UInt8](repeating: secret, count: 32))
        var salts: [WAMPValue?] = []
        for method in ["wampcra", "scram"] {
            for name in ["nobody", "no one"] {
                let request = hello([method], authID: name, extra: ["nonce": "AQgPFh0kKzI5QEdOVVxjag=="])
                salts.append(try authenticator.challenge(request)?.extra["salt"])
            }
        }
        return salts
    }

    @Test func `The salt of a name that does not exist is not changed by who else does, but by the secret`() throws {
        let salts = try decoys(beside: ["joe"], secret: 1)
        #expect(salts.allSatisfy { $0 != nil } && Set(salts.map { "\(String(describing: $0))" }).count == 4)
        #expect(try decoys(beside: ["joe", "ann"], secret: 1) == salts)
        #expect(try decoys(beside: ["ann", "eve", "bob"], secret: 1) == salts)
        let others = try decoys(beside: ["joe"], secret: 2)
        #expect(zip(salts, others).allSatisfy { $0 != $1 })
    }

    @Test func `A signature is good for its challenge alone`() throws {
        for credential in ChallengeTests.right.prefix(4) where credential.method != .ticket {
            var client = try ClientAuthentication([credential], nonce: Dice().octets(16))
            var details: WAMPDictionary = ["roles": ["caller": [:]]]
            client.offer(in: &details)
            var request = hello()
            request.details = try HelloDetails(.dictionary(details))
            let first = try #require(try ChallengeTests.every.challenge(request))
            let second = try #require(try ChallengeTests.every.challenge(request))
            let signature = try client.answer(method: first.method.rawValue, extra: first.extra)
            #expect(throws: AuthRefusal.self) {
                try second.proof.accept(signature: signature, extra: [:], realms)
            }
            #expect(try first.proof.accept(signature: signature, extra: [:], realms).authID == "joe")
        }
    }

    @Test func `Who proves a password may repeat the nonce of the challenge, and tell no other`() throws {
        var client = try ClientAuthentication(
            [.scram(authID: "joe", password: Secret("pencil"))], nonce: Dice().octets(16))
        var details: WAMPDictionary = ["roles": ["caller": [:]]]
        client.offer(in: &details)
        var request = hello()
        request.details = try HelloDetails(.dictionary(details))
        let (method, extra, proof) = try #require(try ChallengeTests.every.challenge(request))
        let signature = try client.answer(method: method.rawValue, extra: extra)
        let nonce = try #require(extra["nonce"])
        for (told, isTaken) in [([:], true), (["nonce": .null], true), (["nonce": nonce], true)]
            + [(["nonce": "AQgP"], false), (["nonce": 5], false)] as [(WAMPDictionary, Bool)]
        {
            let principal = try? proof.accept(signature: signature, extra: told, realms)
            #expect((principal?.authID == "joe") == isTaken, "\(told)")
        }
    }

    @Test(arguments: ["", "x", "====", String(repeating: "0", count: 192), String(repeating: "A", count: 44), "ä\u{0}"])
    func `Nonsense for a signature is refused`(signature: String) throws {
        let pubkey = WAMPValue.string(Hexadecimal.encode(ChallengeTests.publicKey))
        for method in ["ticket", "wampcra", "scram", "cryptosign"] {
            let request = hello(
                [method], authID: "joe", extra: ["nonce": "AQgPFh0kKzI5QEdOVVxjag==", "pubkey": pubkey])
            let challenge = try #require(try ChallengeTests.every.challenge(request))
            #expect(throws: AuthRefusal.self) {
                try challenge.proof.accept(signature: signature, extra: ["nonce": 5], realms)
            }
        }
    }

    @Test func `A signature comes with the message that it is of, and with no other`() throws {
        let pubkey = WAMPValue.string(Hexadecimal.encode(ChallengeTests.publicKey))
        let request = hello(["cryptosign"], authID: "joe", extra: ["pubkey": pubkey])
        let (_, extra, proof) = try #require(try ChallengeTests.every.challenge(request))
        let challenge = try #require(Hexadecimal.decode(extra["challenge"]?.stringValue ?? ""))
        let other = Array(challenge.reversed())
        for (signed, told, isTaken) in [
            (challenge, challenge, true), (challenge, other, false), (other, other, false), (other, challenge, false),
        ] {
            let signature = try #require(Ed25519.sign(signed, privateKey: ChallengeTests.privateKey))
            let text = Hexadecimal.encode(signature + told)
            let principal = try? proof.accept(signature: text, extra: [:], realms)
            #expect((principal != nil) == isTaken)
        }
    }

    @Test func `A signature beyond the limit is not looked at`() throws {
        let ticket = String(repeating: "t", count: AuthLimits.longestSignature)
        for (secret, isTaken) in [(ticket, true), (ticket + "t", false)] {
            let authenticator = policy {
                $0.ticket = ["joe": AuthPolicy.Ticket(role: "user", ticket: Secret(secret))]
            }
            let challenge = try #require(try authenticator.challenge(hello(["ticket"], authID: "joe")))
            let principal = try? challenge.proof.accept(signature: secret, extra: [:], realms)
            #expect((principal != nil) == isTaken)
        }
    }

    @Test(
        arguments: [
            (["scram"], [:], "client must send a nonce"), (["scram"], ["nonce": 5], "client must send a nonce"),
            (["scram"], ["nonce": "%"], "client nonce must be base64"),
            (["scram"], ["nonce": ""], "client nonce must be base64"),
            (
                ["scram"], ["nonce": "AQgP", "channel_binding": "tls-unique"],
                "channel binding type \"tls-unique\" is not supported by this router"
            ),
            (["cryptosign"], [:], "cannot identify client: no pubkey, which is 64 hexadecimal digits"),
            (["cryptosign"], ["pubkey": "00"], "cannot identify client: no pubkey, which is 64 hexadecimal digits"),
            (
                ["cryptosign"], ["channel_binding": "tls-unique"],
                "channel binding type \"tls-unique\" is not supported by this router"
            ),
            (["cryptosign"], ["channel_binding": "tls-exporter"], "invalid channel binding type requested"),
            (["cryptosign"], ["channel_binding": 5], "invalid channel binding type requested"),
        ] as [([String], WAMPDictionary, String)])
    func `HELLO without what its method needs is told so`(methods: [String], extra: WAMPDictionary, message: String) {
        let error = #expect(throws: AuthRefusal.self) {
            try ChallengeTests.every.hello(hello(methods, authID: "joe", extra: extra), realms)
        }
        #expect(error?.reason == .notAuthorized && error?.message.description == message)
    }

    @Test func `A realm that is not there is told before a challenge, a missing role only to who has proved to be it`()
        throws
    {
        for credential in ChallengeTests.right {
            let missing = #expect(throws: AuthRefusal.self) {
                try ChallengeTests.every.meet([credential], realm: "realm3")
            }
            #expect(missing?.reason == .noSuchRealm)
        }
        let guests = policy { $0.ticket = ["ann": AuthPolicy.Ticket(role: "guest", ticket: Secret("a"))] }
        for (ticket, reason) in [("a", PredefinedURI.noSuchRole), ("b", .notAuthorized)] {
            let error = #expect(throws: AuthRefusal.self) {
                try guests.meet([.ticket(authID: "ann", ticket: Secret(ticket))], realm: "realm2")
            }
            #expect(error?.reason == reason)
        }
    }

    @Test func `A principal with a realm joins that, and a key of two needs an authid`() throws {
        let authenticator = policy {
            $0.cryptosign = [
                "joe": AuthPolicy.Cryptosign(role: "backend", realm: "realm2", keys: [ChallengeTests.publicKey]),
                "ann": AuthPolicy.Cryptosign(
                    role: "user", keys: [[UInt8](repeating: 1, count: 32), ChallengeTests.publicKey]),
            ]
        }
        let key = Secret(ChallengeTests.privateKey)
        let joe = try authenticator.meet([.cryptosign(authID: "joe", privateKey: key)], realm: "wherever")
        #expect(joe.realm == "realm2" && joe.role == "backend")
        #expect(try authenticator.meet([.cryptosign(authID: "ann", privateKey: key)]).authID == "ann")
        #expect(throws: AuthRefusal(.notAuthorized, "cryptosign authentication failed")) {
            try authenticator.meet([.cryptosign(authID: nil, privateKey: key)])
        }
    }

    @Test func `SCRAM tells the parameters of Argon2 as they are configured`() throws {
        let argon = policy {
            $0.scram = [
                "joe": AuthPolicy.Scram(
                    role: "user", kdf: "argon2id-13", salt: [1, 2, 3], iterations: 3, memory: 512,
                    storedKey: Secret([UInt8](repeating: 0, count: 32)),
                    serverKey: Secret([UInt8](repeating: 1, count: 32)))
            ]
        }
        let extra = try #require(
            try argon.challenge(hello(["scram"], authID: "joe", extra: ["nonce": "AQgPFh0kKzI5QEdOVVxjag=="]))
        ).extra
        #expect(extra["kdf"] == "argon2id-13" && extra["iterations"] == 3 && extra["memory"] == 512)
        #expect(extra["salt"] == "AQID" && extra["nonce"]?.stringValue?.count == 44)
        #expect(Base64.decode(extra["nonce"]?.stringValue ?? "")?.starts(with: [1, 8, 15, 22]) == true)
    }
}
