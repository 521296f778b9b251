import RennbahnAuthentication
import RennbahnCrypto
import RennbahnMeasurement
import RennbahnWAMP
import RennbahnWorkload
import Testing

@testable import RennbahnLoadGenerator

/// Clients that log in, against a router whose policy is that of our own.
struct LoginTests {
    private static let keys = [[UInt8](repeating: 7, count: 32), [UInt8](repeating: 8, count: 32)]

    /// Of the password `pencil`, with 4096 iterations and the salt 0xAABB.
    private static let scram: AuthPolicy.Scram = {
        let salted = SHA256.derive(from: Array("pencil".utf8), salt: [0xaa, 0xbb], iterations: 4096, count: 32) ?? []
        let clientKey = SHA256.hmac(key: salted, Array("Client Key".utf8))
        return AuthPolicy.Scram(
            role: "user", kdf: "pbkdf2", salt: [0xaa, 0xbb], iterations: 4096, memory: nil,
            storedKey: Secret(SHA256.digest(clientKey)),
            serverKey: Secret(SHA256.hmac(key: salted, Array("Server Key".utf8))))
    }()

    private static var policy: AuthPolicy {
        var policy = AuthPolicy()
        policy.ticket = [
            "joe": AuthPolicy.Ticket(role: "user", ticket: Secret("open sesame")),
            "ann": AuthPolicy.Ticket(role: "user", ticket: Secret("abracadabra")),
        ]
        // A password of its own for ann: the key is what PBKDF2 makes of L3L1YUE8Txlw.
        policy.wampcra = [
            "joe": AuthPolicy.WAMPCRA(role: "user", secret: Secret("geheim")),
            "ann": AuthPolicy.WAMPCRA(
                role: "user", secret: Secret("qzcdsr9uu/L5hnss3kjNTRe490ETgA70ZBaB5rvnJ5Y="),
                salting: AuthPolicy.Salting(salt: "salt123", iterations: 1000, keyLength: 32)),
        ]
        policy.scram = ["joe": scram, "ann": scram]
        policy.cryptosign = [
            "joe": AuthPolicy.Cryptosign(role: "user", keys: [Ed25519.publicKey(of: keys[0]) ?? []]),
            "ann": AuthPolicy.Cryptosign(role: "user", keys: [Ed25519.publicKey(of: keys[1]) ?? []]),
        ]
        policy.anonymous = AuthPolicy.Anonymous(role: "user", authID: "somebody")
        return policy
    }

    /// Two principals of a method, and somebody with a wrong secret, and somebody who does not exist.
    struct Method: Sendable, CustomTestStringConvertible {
        let joe: ClientCredential
        let ann: ClientCredential
        let wrong: ClientCredential
        let unknown: ClientCredential

        var testDescription: String { joe.method.rawValue }

        static let all = [
            Method(
                joe: .ticket(authID: "joe", ticket: Secret("open sesame")),
                ann: .ticket(authID: "ann", ticket: Secret("abracadabra")),
                wrong: .ticket(authID: "joe", ticket: Secret("abracadabra")),
                unknown: .ticket(authID: "eve", ticket: Secret("open sesame"))),
            Method(
                joe: .wampcra(authID: "joe", secret: Secret("geheim")),
                ann: .wampcra(authID: "ann", secret: Secret("L3L1YUE8Txlw")),
                wrong: .wampcra(authID: "ann", secret: Secret("geheim")),
                unknown: .wampcra(authID: "eve", secret: Secret("geheim"))),
            Method(
                joe: .scram(authID: "joe", password: Secret("pencil")),
                ann: .scram(authID: "ann", password: Secret("pencil")),
                wrong: .scram(authID: "joe", password: Secret("geheim")),
                unknown: .scram(authID: "eve", password: Secret("pencil"))),
            Method(
                joe: .cryptosign(authID: nil, privateKey: Secret(LoginTests.keys[0])),
                ann: .cryptosign(authID: "ann", privateKey: Secret(LoginTests.keys[1])),
                wrong: .cryptosign(authID: "joe", privateKey: Secret(LoginTests.keys[1])),
                unknown: .cryptosign(authID: "eve", privateKey: Secret(LoginTests.keys[0]))),
        ]
    }

    private func stage(
        _ router: GuardedRouter, _ credentials: [[ClientCredential]], clients: Int = 4
    ) throws -> Stage {
        try Stage(
            WorkloadParameters(scenario: .connect, clients: clients),
            principals: try credentials.map { try LoadPrincipal($0) }, answers: router.answers)
    }

    /// What the first client that fails is told.
    private func failure(_ router: GuardedRouter, _ credentials: [ClientCredential]) throws -> ConnectionFailure? {
        let stage = try stage(router, [credentials], clients: 1)
        stage.advance(ms(50))
        let tally = stage.control.tally
        // What is counted names nobody.
        #expect(!tally.counts.isEmpty && tally.counts.keys.allSatisfy { !$0.contains("login as ") })
        _ = try stage.finish(within: ms(100))
        return tally.first
    }

    @Test(arguments: Method.all) func `Clients have two principals in turn`(method: Method) throws {
        let router = GuardedRouter(Self.policy)
        let stage = try stage(router, [[method.joe], [method.ann]])
        try stage.connect()
        #expect(router.authIDs.sorted() == ["ann", "ann", "joe", "joe"])
        #expect(stage.control.tally.counts.isEmpty)
        let figures = try stage.finish()
        #expect(figures.verification.isClean && router.aborts.isEmpty)
    }

    @Test(arguments: Method.all) func `A wrong secret, and a name that nobody has, are told without the secret`(
        method: Method
    ) throws {
        for credential in [method.wrong, method.unknown] {
            let name = credential.authID
            let failure = try failure(GuardedRouter(Self.policy), [credential])
            guard case .loginRefused(let login, let reason, let message)? = failure else {
                Issue.record("\(String(describing: failure))")
                continue
            }
            #expect(login == LoginName(authID: name, methods: method.joe.method.rawValue))
            #expect(reason == "wamp.error.not_authorized" && !message.isEmpty)
            let text = "\(ConnectionFailure.loginRefused(login, reason: reason, message: message))"
            let who = "the login as \(name ?? "") by \(method.joe.method.rawValue)"
            #expect(text == "\(who) was refused: ABORT \(reason): \(message)")
            for secret in ["open sesame", "abracadabra", "geheim", "pencil"] { #expect(!text.contains(secret)) }
        }
    }

    @Test func `Without principals HELLO says nothing of it, and with an anonymous one it says that`() throws {
        let router = GuardedRouter(Self.policy)
        try stage(router, []).connect()
        #expect(router.hellos[0][2]?.dictionaryValue?.pairs.map(\.key) == ["agent", "roles"])
        try stage(router, [[.anonymous(authID: nil)]]).connect()
        #expect(router.hellos[4][2]?["authmethods"] == ["anonymous"])
        #expect(Set(router.authIDs) == ["somebody"])
    }

    @Test func `A router chooses among the methods of a principal`() throws {
        var policy = Self.policy
        (policy.cryptosign, policy.anonymous) = (nil, nil)
        let router = GuardedRouter(policy)
        try stage(router, [[Method.all[3].ann, .ticket(authID: "ann", ticket: Secret("abracadabra"))]]).connect()
        #expect(router.authIDs == ["ann", "ann", "ann", "ann"] && router.signatures.allSatisfy { $0 == "abracadabra" })
    }

    @Test func `Who has nothing to answer a challenge with says so`() throws {
        let router = GuardedRouter(Self.policy)
        let challenge: WAMPValue = [4, "ticket", [:]]
        router.change = { _ in [challenge] }
        #expect(try failure(router, []) == .challenged)
        #expect(
            try failure(router, [.anonymous(authID: nil)])
                == .loginFailed(
                    LoginName(authID: nil, methods: "anonymous"),
                    why: "the router asks for authentication by a method that was not offered: ticket"))
        #expect(router.aborts == ["wamp.error.authentication_failed"])
    }

    @Test func `A router that has not proved itself is not believed, and hears that`() throws {
        let router = GuardedRouter(Self.policy)
        let unproved: WAMPValue = [2, 1, ["roles": ["broker": [:], "dealer": [:]]]]
        router.change = { $0[0] == 2 ? [unproved] : [$0] }
        let failure = try failure(router, [Method.all[2].joe])
        guard case .loginFailed(let login, let why)? = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(login == LoginName(authID: "joe", methods: "scram") && why.contains("does not know the password"))
        #expect(router.aborts == ["wamp.error.authentication_failed"])
    }

    @Test func `One challenge is answered, however many come`() throws {
        let router = GuardedRouter(Self.policy)
        router.change = { $0[0] == 4 ? [$0, $0] : [$0] }
        let failure = try failure(router, [Method.all[0].joe])
        #expect(
            failure == .loginFailed(LoginName(authID: "joe", methods: "ticket"), why: "a second CHALLENGE"))
        #expect(router.signatures.count <= 1)
    }

    @Test(arguments: Method.all) func `Who comes again logs in again`(method: Method) throws {
        let router = GuardedRouter(Self.policy)
        let stage = try stage(router, [[method.joe], [method.ann]], clients: 2)
        let figures = try stage.run(warmUp: ms(10), window: ms(100))
        #expect(figures.messages > 4 && figures.verification.isClean && figures.failedVisits == 0)
        #expect(router.authIDs.count > 6)
        // No login is a copy of another one, where the method has it so.
        if method.joe.method != .ticket { #expect(Set(router.signatures).count == router.signatures.count) }
    }
}
