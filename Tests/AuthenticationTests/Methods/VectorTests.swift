import RennbahnBytes
import RennbahnCrypto
import RennbahnTestKit
import Testing

@testable import RennbahnAuthentication

/// Values that others have published.
struct VectorTests {
    private static let peter =
        #"{ "nonce":"LHRTC9zeOIrt_9U3", "authprovider":"userdb", "authid":"peter", "timestamp":"2014-06-22T16:36:25.448Z", "authrole":"user", "authmethod":"wampcra", "session":3251278072152162 }"#

    /// From the tests of nexus and of autobahn-python.
    @Test func `WAMP-CRA signs as other implementations do`() throws {
        #expect(
            ChallengeResponse.signature(of: VectorTests.peter, key: Array("secret".utf8))
                == "NWktSrMd4ItBSAKYEwvu1bTY7G/sSyjKbz+pNP9c04A=")
        #expect(
            ChallengeResponse.signature(of: "[1, 2, 3]", key: Array("L3L1YUE8Txlw".utf8))
                == "1njQtmmeYO41N5EWEzD2kAjjEKRZ5kPZt/TzpYXOzR0=")
        let salted = try #require(
            ChallengeResponse.key(from: Array("L3L1YUE8Txlw".utf8), salt: "salt123", iterations: 1000, count: 32))
        #expect(String(decoding: salted, as: UTF8.self) == "qzcdsr9uu/L5hnss3kjNTRe490ETgA70ZBaB5rvnJ5Y=")
        let key = try #require(
            ChallengeResponse.key(from: Array("password".utf8), salt: "salt123", iterations: 1000, count: 32))
        #expect(
            ChallengeResponse.signature(of: VectorTests.peter, key: key)
                == "hk/2riA2JqydfL5wLoicrYfAt8uNeP6nikk9kqDhsnM=")
    }

    /// RFC 7677, section 3: its message is taken whole, since WAMP puts another together.
    @Test func `SCRAM proves and verifies as RFC 7677 has it`() throws {
        let salt = try #require(Base64.decode("W22ZaJ0SNY7soEsUEjb6gQ=="))
        let salted = try #require(
            SHA256.derive(from: Array("pencil".utf8), salt: salt, iterations: 4096, count: 32))
        let message = Array(
            ("n=user,r=rOprNGfwEbeRWgbNEkqO,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,"
                + "i=4096,c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0").utf8)
        let storedKey = hex("586e5df283e6dceb5c3e791d8b8528ec191e664045ce971792e2e6b5bb13e2a6")
        #expect(SHA256.digest(ScramExchange.clientKey(salted)) == storedKey)
        #expect(
            Hexadecimal.encode(ScramExchange.serverKey(salted))
                == "c1f3cbc1c13a9d35a14c0990eed97629ea225863e566a4314ab99f3f00e5d9d5")
        let proof = ScramExchange.proof(salted, message)
        #expect(Base64.encode(proof) == "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")
        #expect(ScramExchange.isProof(proof, message, storedKey: storedKey))
        #expect(
            Base64.encode(SHA256.hmac(key: ScramExchange.serverKey(salted), message))
                == "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=")
    }

    /// The specification's.
    @Test(arguments: [
        (
            "4d57d97a68f555696620a6d849c0ce582568518d729eb753dc7c732de2804510",
            "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
            "b32675b221f08593213737bef8240e7c15228b07028e19595294678c90d11c0cae80a357331bfc5cc9fb71081464e6e75013517c2cf067ad566a6b7b728e5d03ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
        ),
        (
            "d511fe78e23934b3dadb52fcd022974b80bd92bccc7c5cf404e46cc0a8a2f5cd",
            "b26c1f87c13fc1da14997f1b5a71995dff8fbe0a62fae8473c7bdbd05bfb607d",
            "d4209ad10d5aff6bfbc009d7e924795de138a63515efc7afc6b01b7fe5201372190374886a70207b042294af5bd64ce725cd8dceb344e6d11c09d1aaaf4d660fb26c1f87c13fc1da14997f1b5a71995dff8fbe0a62fae8473c7bdbd05bfb607d"
        ),
    ])
    func `cryptosign signs as the specification has it`(key: String, challenge: String, signature: String) throws {
        let (key, challenge) = (hex(key), hex(challenge))
        #expect(CryptosignProof.make(challenge, privateKey: key) == signature)
        let publicKey = try #require(Ed25519.publicKey(of: key))
        #expect(CryptosignProof.holds(signature, of: challenge, by: publicKey))
        #expect(!CryptosignProof.holds(signature, of: challenge.reversed() + [0], by: publicKey))
    }

    @Test(arguments: [
        (0 as UInt64, "1970-01-01T00:00:00.000Z"), (951_782_399_999_999_999, "2000-02-28T23:59:59.999Z"),
        (951_782_400_000_000_000, "2000-02-29T00:00:00.000Z"), (951_868_800_000_000_000, "2000-03-01T00:00:00.000Z"),
        (1_795_863_439_123_456_789, "2026-11-28T10:57:19.123Z"),
        (4_107_542_400_000_000_000, "2100-03-01T00:00:00.000Z"),
    ])
    func `A moment is written as ISO 8601 has it`(nanoseconds: UInt64, text: String) {
        #expect(Timestamp.text(nanoseconds: nanoseconds) == text)
    }
}
