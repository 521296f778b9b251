import RennbahnWAMP
import Testing

@testable import RennbahnAuthentication

/// What a client does about a router that it has no reason to trust.
struct ClientAuthenticationTests {
    private func client(_ credentials: [ClientCredential]) throws -> ClientAuthentication {
        try ClientAuthentication(credentials, nonce: [UInt8](0..<16))
    }

    private static let scram = ClientCredential.scram(authID: "joe", password: Secret("pencil"))
    private static let ticket = ClientCredential.ticket(authID: "joe", ticket: Secret("t"))
    private static let nonce = "AAECAwQFBgcICQoLDA0ODw=="
    private static let good: WAMPDictionary = [
        "nonce": "AAECAwQFBgcICQoLDA0OD/8=", "kdf": "pbkdf2", "salt": "AQID", "iterations": 4096,
    ]

    @Test func `HELLO offers the methods in their order, one authid, and what they need`() throws {
        var details: WAMPDictionary = [:]
        try client([]).offer(in: &details)
        #expect(details == [:])
        let key = Secret([UInt8](repeating: 7, count: 32))
        try client([
            .cryptosign(authID: nil, privateKey: key), ClientAuthenticationTests.scram,
            ClientAuthenticationTests.ticket,
            .tls, .cookie, .anonymous(authID: nil),
        ]).offer(in: &details)
        #expect(details["authmethods"] == ["cryptosign", "scram", "ticket", "tls", "cookie", "anonymous"])
        #expect(details["authid"] == "joe")
        let extra = details["authextra"]
        #expect(extra?["nonce"] == .string(ClientAuthenticationTests.nonce) && extra?["channel_binding"] == .null)
        #expect(extra?["pubkey"] == .string("ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c"))
    }

    @Test func `A login more has a nonce of its own, and may be challenged again`() throws {
        var first = try client([ClientAuthenticationTests.scram])
        _ = try first.answer(method: "scram", extra: ClientAuthenticationTests.good)
        var again = first.again(nonce: [UInt8](repeating: 9, count: 16))
        var details: WAMPDictionary = [:]
        again.offer(in: &details)
        #expect(details["authextra"]?["nonce"] == "CQkJCQkJCQkJCQkJCQkJCQ==")
        var extra = ClientAuthenticationTests.good
        #expect(throws: ClientAuthFailure.self, "the nonce of the login before") {
            try again.answer(method: "scram", extra: extra)
        }
        extra["nonce"] = "CQkJCQkJCQkJCQkJCQkJCf8="
        #expect(try !again.answer(method: "scram", extra: extra).isEmpty)
    }

    @Test func `Credentials that cannot go together are told`() {
        #expect(throws: ClientAuthFailure.self) {
            try client([ClientAuthenticationTests.ticket, ClientAuthenticationTests.ticket])
        }
        #expect(throws: ClientAuthFailure.self) {
            try client([ClientAuthenticationTests.ticket, .wampcra(authID: "ann", secret: Secret("s"))])
        }
        #expect(throws: ClientAuthFailure.self) { try client([.cryptosign(authID: nil, privateKey: Secret("short"))]) }
    }

    @Test func `A router whose SCRAM signature is wrong or missing is refused`() throws {
        for extra: WAMPValue in [
            ["authextra": ["scram_server_signature": "AAAA"]], ["authextra": [:]], [:],
            ["authextra": ["scram_server_signature": 5]],
            ["authextra": ["scram_server_signature": "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="]],
        ] {
            var client = try client([ClientAuthenticationTests.scram])
            _ = try client.answer(method: "scram", extra: ClientAuthenticationTests.good)
            #expect(throws: ClientAuthFailure.self) { try client.welcomed(extra) }
        }
    }

    @Test func `WELCOME without a challenge is believed unless SCRAM was the only way`() throws {
        var scram = try client([ClientAuthenticationTests.scram])
        #expect(throws: ClientAuthFailure.self) { try scram.welcomed([:]) }
        for credentials in [
            [], [ClientAuthenticationTests.ticket], [ClientAuthenticationTests.scram, .anonymous(authID: nil)],
        ] {
            var client = try client(credentials)
            try client.welcomed([:])
        }
    }

    @Test(
        arguments: [
            ("nonce", "AAECAwQFBgcICQoLDA0ODw=="), ("nonce", "AQECAwQFBgcICQoLDA0OD/8="), ("nonce", "%"), ("nonce", 5),
            ("kdf", "argon2id-13"), ("kdf", nil), ("iterations", 4095), ("iterations", 2_000_001),
            ("iterations", "4096"),
            ("salt", "%"), ("salt", nil), ("channel_binding", "tls-unique"),
        ] as [(String, WAMPValue?)])
    func `A SCRAM challenge that is wrong is not answered`(key: String, value: WAMPValue?) throws {
        var extra = ClientAuthenticationTests.good
        var client = try client([ClientAuthenticationTests.scram])
        var other = client
        #expect(try !other.answer(method: "scram", extra: extra).isEmpty)
        extra[key] = value
        #expect(throws: ClientAuthFailure.self) { try client.answer(method: "scram", extra: extra) }
    }

    @Test(
        arguments: [
            [:], ["challenge": 5], ["challenge": "c", "salt": 5], ["challenge": "c", "salt": "s", "iterations": 0],
            ["challenge": "c", "salt": "s", "iterations": 2_000_001],
            ["challenge": "c", "salt": "s", "iterations": "1"],
            ["challenge": "c", "salt": "s", "keylen": 0], ["challenge": "c", "salt": "s", "keylen": 1025],
        ] as [WAMPDictionary])
    func `A WAMP-CRA challenge that is wrong is not answered`(extra: WAMPDictionary) throws {
        var client = try client([.wampcra(authID: "joe", secret: Secret("s"))])
        #expect(throws: ClientAuthFailure.self) { try client.answer(method: "wampcra", extra: extra) }
    }

    /// Each of these would keep the client busy, the first for half a minute. Iterations and key are bounded together.
    @Test(
        arguments: [
            ["iterations": 1_000_000, "keylen": 1024], ["iterations": 2_000_001],
            ["iterations": 62_501, "keylen": 1024],
            ["iterations": 1_000_001, "keylen": 33], ["iterations": .integer(.max), "keylen": 1024],
        ] as [WAMPDictionary])
    func `A WAMP-CRA challenge that costs too much is refused with the limit`(cost: WAMPDictionary) throws {
        var extra: WAMPDictionary = ["challenge": "c", "salt": "s"]
        for pair in cost.pairs { extra[pair.key] = pair.value }
        var client = try client([.wampcra(authID: "joe", secret: Secret("s"))])
        let error = #expect(throws: ClientAuthFailure.self) { try client.answer(method: "wampcra", extra: extra) }
        #expect(error?.message.contains("more than 2000000 steps of PBKDF2") == true)
    }

    @Test func `Texts of a challenge are bounded: those at the limit are answered, longer ones are not`() throws {
        let salt = String(repeating: "s", count: AuthLimits.longestText)
        let challenge = String(repeating: "c", count: AuthLimits.longestChallenge)
        for (extra, isGood) in [
            (["challenge": .string(challenge), "salt": .string(salt)], true),
            (["challenge": .string(challenge + "c")], false),
            (["challenge": "c", "salt": .string(salt + "s")], false),
        ] as [(WAMPDictionary, Bool)] {
            var client = try client([.wampcra(authID: "joe", secret: Secret("s"))])
            let answer = try? client.answer(method: "wampcra", extra: extra)
            #expect((answer != nil) == isGood)
        }
        // Four characters of Base64 are three octets: the text is good but for its length. The nonce goes on from the client's.
        let ownNonce = "AAECAwQFBgcICQoLDA0ODwAA"
        func text(_ start: String, _ count: Int) -> String {
            start + String(repeating: "A", count: count - start.count)
        }
        for (key, start) in [("salt", ""), ("nonce", ownNonce)] {
            for (count, isGood) in [(AuthLimits.longestText, true), (AuthLimits.longestText + 4, false)] {
                var extra = ClientAuthenticationTests.good
                extra[key] = .string(text(start, count))
                var client = try client([ClientAuthenticationTests.scram])
                let answer = try? client.answer(method: "scram", extra: extra)
                #expect((answer != nil) == isGood, "\(key) of \(count)")
            }
        }
    }

    @Test func `Text of a router in an error cannot pass for a line of its own`() throws {
        var client = try client([ClientAuthenticationTests.scram])
        var extra = ClientAuthenticationTests.good
        extra["kdf"] = "x\nerror: \u{1B}[2J"
        let error = #expect(throws: ClientAuthFailure.self) { try client.answer(method: "scram", extra: extra) }
        #expect(error?.message.contains(#""x\u{a}error: \u{1b}[2J""#) == true)
        let other = #expect(throws: ClientAuthFailure.self) { try client.answer(method: "\n", extra: extra) }
        #expect(other?.message.contains(#"\u{a}"#) == true)
    }

    @Test(
        arguments: [
            [:], ["challenge": "00"], ["challenge": 5],
            ["challenge": .string(String(repeating: "0", count: 64)), "channel_binding": "tls-unique"],
        ] as [WAMPDictionary])
    func `A cryptosign challenge that is wrong is not answered`(extra: WAMPDictionary) throws {
        var client = try client([.cryptosign(authID: nil, privateKey: Secret([UInt8](repeating: 7, count: 32)))])
        #expect(throws: ClientAuthFailure.self) { try client.answer(method: "cryptosign", extra: extra) }
    }

    @Test func `A challenge for what was not offered, and a second one, are not answered`() throws {
        var client = try client([ClientAuthenticationTests.ticket, .anonymous(authID: nil)])
        for method in ["wampcra", "anonymous", "cookie", "", "unheard-of"] {
            #expect(throws: ClientAuthFailure.self) { try client.answer(method: method, extra: ["challenge": "c"]) }
        }
        #expect(try client.answer(method: "ticket", extra: [:]) == "t")
        #expect(throws: ClientAuthFailure.self) { try client.answer(method: "ticket", extra: [:]) }
    }
}
