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
            .tls, .anonymous(authID: nil),
        ]).offer(in: &details)
        #expect(details["authmethods"] == ["cryptosign", "scram", "ticket", "tls", "anonymous"])
        #expect(details["authid"] == "joe")
        let extra = details["authextra"]
        #expect(extra?["nonce"] == .string(ClientAuthenticationTests.nonce) && extra?["channel_binding"] == .null)
        #expect(extra?["pubkey"] == .string("ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c"))
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
            ("kdf", "argon2id-13"), ("kdf", nil), ("iterations", 4095), ("iterations", 10_000_001),
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
            ["challenge": "c", "salt": "s", "iterations": 10_000_001],
            ["challenge": "c", "salt": "s", "iterations": "1"],
            ["challenge": "c", "salt": "s", "keylen": 0], ["challenge": "c", "salt": "s", "keylen": 1025],
        ] as [WAMPDictionary])
    func `A WAMP-CRA challenge that is wrong is not answered`(extra: WAMPDictionary) throws {
        var client = try client([.wampcra(authID: "joe", secret: Secret("s"))])
        #expect(throws: ClientAuthFailure.self) { try client.answer(method: "wampcra", extra: extra) }
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
        for method in ["wampcra", "anonymous", "", "unheard-of"] {
            #expect(throws: ClientAuthFailure.self) { try client.answer(method: method, extra: ["challenge": "c"]) }
        }
        #expect(try client.answer(method: "ticket", extra: [:]) == "t")
        #expect(throws: ClientAuthFailure.self) { try client.answer(method: "ticket", extra: [:]) }
    }
}
