import RennbahnCrypto
import RennbahnWAMP
import Testing

@testable import RennbahnAuthentication

/// A client that logs in again and again.
struct DerivedKeysTests {
    private static let secret = Secret("pencil")

    private func derived(_ secret: Secret, _ salt: [UInt8], _ iterations: Int, _ count: Int) -> [UInt8]? {
        SHA256.derive(from: secret.octets, salt: salt, iterations: iterations, count: count)
    }

    @Test func `A key is that of its password, salt, iterations and length, whatever was asked for before`() {
        var keys = DerivedKeys()
        let other = Secret("pencils")
        let asked: [(Secret, [UInt8], Int, Int)] = [
            (Self.secret, [1], 2, 32), (other, [1], 2, 32), (Self.secret, [2], 2, 32), (Self.secret, [1], 3, 32),
            (Self.secret, [1], 2, 33),
        ]
        #expect(asked.count > DerivedKeys.most)
        for (secret, salt, iterations, count) in asked + asked {
            let key = keys.key(from: secret, salt: salt, iterations: iterations, count: count)
            #expect(key != nil && key == derived(secret, salt, iterations, count))
        }
        #expect(keys.kept.count == DerivedKeys.most)
    }

    @Test func `What was derived once is kept, and taken from there`() {
        var keys = DerivedKeys()
        let first = keys.key(from: Self.secret, salt: [1], iterations: 2, count: 32)
        let second = keys.key(from: Self.secret, salt: [1], iterations: 2, count: 32)
        #expect(second == first && keys.kept.count == 1)
    }

    @Test func `A key that cannot be derived is none, and is not kept`() {
        var keys = DerivedKeys()
        let key = keys.key(from: Self.secret, salt: [1], iterations: 0, count: 32)
        #expect(key == nil && keys.kept.isEmpty)
    }

    @Test func `The answer of a client is the same with keys that it has and without`() throws {
        let client = try ClientAuthentication(
            [.wampcra(authID: "joe", secret: Self.secret)], nonce: [UInt8](0..<16))
        let extra: WAMPDictionary = ["challenge": "c", "salt": "s", "iterations": 10, "keylen": 32]
        var keys = DerivedKeys()
        var (first, second, third) = (client, client, client)
        let answers = [
            try first.answer(method: "wampcra", extra: extra, keys: &keys),
            try second.answer(method: "wampcra", extra: extra, keys: &keys),
            try third.answer(method: "wampcra", extra: extra),
        ]
        #expect(Set(answers).count == 1)
    }
}
