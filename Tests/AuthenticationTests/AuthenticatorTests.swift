import RennbahnWAMP
import Testing

@testable import RennbahnAuthentication

/// Which method decides, and what comes of it without a challenge.
struct AuthenticatorTests {
    private static let both = policy {
        $0.anonymous = AuthPolicy.Anonymous(role: "guest")
        $0.ticket = ["joe": AuthPolicy.Ticket(role: "user", ticket: Secret("open sesame"))]
    }

    @Test(
        arguments: [nil, [], ["anonymous"], ["anonymous", "ticket"], ["unheard-of", "scram", "anonymous"]]
            as [[String]?])
    func `The first method that is taken decides, and none means anonymous`(methods: [String]?) throws {
        let principal = try AuthenticatorTests.both.welcome(hello(methods, authID: "joe"))
        #expect(principal?.role == "guest" && principal?.method == "anonymous" && principal?.provider == "static")
        #expect(principal?.realm == "realm1" && principal?.authID != "joe")
    }

    @Test func `The client's order counts, and the failure of its choice is final`() throws {
        let challenge = try AuthenticatorTests.both.challenge(hello(["ticket", "anonymous"], authID: "joe"))
        #expect(challenge?.method == .ticket)
        #expect(throws: AuthRefusal(.noSuchPrincipal, "cannot identify client: no authid requested")) {
            try AuthenticatorTests.both.hello(hello(["ticket", "anonymous"]), realms)
        }
    }

    @Test(arguments: [["scram"], ["cookie"], ["tls"], ["unheard-of"], [""]])
    func `Without a method that is taken there is none`(methods: [String]) {
        let refusal = AuthRefusal(.noAuthMethod, "cannot authenticate using any of the offered authmethods")
        #expect(throws: refusal) { try AuthenticatorTests.both.hello(hello(methods, authID: "joe"), realms) }
        #expect(throws: refusal) { try Authenticator.open.hello(hello(["ticket"]), realms) }
    }

    @Test func `An anonymous session has the authid of the policy, of its connection, or one of its own`() throws {
        let random = try #require(try Authenticator.open.welcome(hello())?.authID)
        #expect(random.wholeMatch(of: /([345679ACEFGHJKLMNPQRSTUVWXY]{4}-){5}[345679ACEFGHJKLMNPQRSTUVWXY]{4}/) != nil)
        var request = hello()
        request.anonymousID = "cookie"
        #expect(try Authenticator.open.welcome(request)?.authID == "cookie")
        let named = policy { $0.anonymous = AuthPolicy.Anonymous(role: "guest", authID: "visitor") }
        #expect(try named.welcome(request)?.authID == "visitor")
        let dice = Dice()
        #expect(RandomAuthID.make(dice.octets) != RandomAuthID.make(dice.octets))
    }

    @Test func `authextra of an anonymous client comes back, unless it is too long`() throws {
        #expect(try Authenticator.open.welcome(hello(extra: ["a": [1, "b"]]))?.extra == ["a": [1, "b"]])
        let long = WAMPValue.string(String(repeating: "x", count: AuthLimits.longestExtra))
        #expect(try Authenticator.open.welcome(hello(extra: ["a": long]))?.extra == [:])
    }

    @Test(arguments: [
        ("realm3", PredefinedURI.noSuchRealm), ("", .invalidURI), ("realm 1", .invalidURI), ("realm2", .noSuchRole),
    ])
    func `The realm must be there, and have the role`(realm: String, reason: PredefinedURI) {
        let error = #expect(throws: AuthRefusal.self) { try Authenticator.open.hello(hello(realm: realm), realms) }
        #expect(error?.reason == reason)
    }

    @Test func `A certificate is somebody, or nobody`() throws {
        let sha1 = [UInt8](1...20)
        let authenticator = policy { $0.tls = ["joe": AuthPolicy.Certificate(role: "user", sha1: sha1)] }
        var request = hello(["tls"], authID: "somebody else")
        #expect(throws: AuthRefusal(.notAuthorized, "client did not send a TLS client certificate")) {
            try authenticator.hello(request, realms)
        }
        request.certificate = sha1
        #expect(
            try authenticator.welcome(request)
                == Principal(authID: "joe", role: "user", realm: "realm1", method: "tls"))
        request.certificate = sha1.reversed()
        #expect(throws: AuthRefusal(.notAuthorized, "the TLS client certificate is nobody's")) {
            try authenticator.hello(request, realms)
        }
    }

    @Test func `A cookie stands for somebody, in the realm and with the method of the first time`() throws {
        let known = Principal(authID: "joe", role: "backend", realm: "realm2", method: "wampcra")
        var request = hello(["cookie", "anonymous"])
        let taking = policy {
            $0.anonymous = AuthPolicy.Anonymous(role: "guest")
            $0.takesCookies = true
        }
        #expect(try taking.welcome(request)?.method == "anonymous", "a cookie that stands for nobody is passed over")
        request.remembered = known
        var expected = known
        expected.provider = "cookie"
        #expect(try taking.welcome(request) == expected)
        #expect(try AuthenticatorTests.both.welcome(request)?.role == "guest", "cookies are not taken")
        for (realm, role, reason) in [
            ("realm1", "backend", PredefinedURI.noSuchRole), ("realm3", "backend", .noSuchRealm),
        ] {
            request.remembered = Principal(authID: "joe", role: role, realm: realm, method: "ticket")
            let error = #expect(throws: AuthRefusal.self) { try taking.hello(request, realms) }
            #expect(error?.reason == reason)
        }
    }

    @Test func `An authid that nobody would have is refused`() {
        let long = String(repeating: "x", count: AuthLimits.longestText + 1)
        #expect(throws: AuthRefusal(.notAuthorized, "the authid is too long")) {
            try AuthenticatorTests.both.hello(hello(["ticket"], authID: long), realms)
        }
    }

    @Test func `A secret does not show in what is printed`() {
        var text = ""
        dump(AuthenticatorTests.both.policy, to: &text)
        text += "\(AuthenticatorTests.both.policy) \(Secret("open sesame"))"
        text += String(reflecting: ClientCredential.ticket(authID: "joe", ticket: Secret("open sesame")))
        #expect(text.contains("joe") && text.contains("***") && !text.contains("sesame"))
        #expect(!text.contains("\(Array("open".utf8).map(Int.init))".dropFirst().dropLast()))
    }
}

/// What a realm's roles may.
struct RealmDirectoryTests {
    @Test func `A role that waits for nobody is one of its realm`() {
        let directory = RealmDirectory(
            ["realm1": ["user", "guest"], "realm2": ["user"]], withoutHolds: ["realm1": ["user"]])
        func mayHold(_ role: String, _ realm: String) -> Bool {
            directory.mayHold(Principal(authID: "joe", role: role, realm: realm, method: "ticket"))
        }
        #expect(!mayHold("user", "realm1"))
        #expect(mayHold("guest", "realm1") && mayHold("user", "realm2") && mayHold("user", "realm3"))
    }
}
