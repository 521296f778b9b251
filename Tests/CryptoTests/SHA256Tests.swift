import RennbahnBytes
import RennbahnCrypto
import RennbahnTestKit
import Testing

@Suite("SHA-256, HMAC and PBKDF2")
struct SHA256Tests {
    @Test(
        "Digests the examples of FIPS 180-2, appendix B",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
        ])
    func digests(text: String, digest: String) {
        #expect(Hexadecimal.encode(SHA256.digest(utf8(text))) == digest)
    }

    @Test(
        "Authenticates the messages of RFC 4231, sections 4.2, 4.3 and 4.7, and nothing with nothing",
        arguments: [
            (
                [UInt8](repeating: 0x0b, count: 20), "Hi There",
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
            ),
            (
                Array("Jefe".utf8), "what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
            ),
            (
                [UInt8](repeating: 0xaa, count: 131), "Test Using Larger Than Block-Size Key - Hash Key First",
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
            ),
            ([], "", "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"),
        ])
    func codes(key: [UInt8], message: String, code: String) {
        #expect(Hexadecimal.encode(SHA256.hmac(key: key, utf8(message))) == code)
    }

    @Test(
        "Derives the keys of RFC 7914, section 11",
        arguments: [
            (
                "passwd", "salt", 1,
                "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783"
            ),
            (
                "Password", "NaCl", 80_000,
                "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56a1d425a1225833549adb841b51c9b3176a272bdebba1d078478f62b397f33c8d"
            ),
        ])
    func keys(password: String, salt: String, iterations: Int, key: String) {
        let derived = SHA256.derive(from: utf8(password), salt: utf8(salt), iterations: iterations, count: 64)
        #expect(derived.map(Hexadecimal.encode) == key)
    }

    @Test(
        "Numbers out of range derive nothing",
        arguments: [(0, 32), (-1, 32), (1, 0), (1, -1), (Int.max, 1), (1, Int.max)])
    func ranges(iterations: Int, count: Int) {
        #expect(SHA256.derive(from: [1], salt: [2], iterations: iterations, count: count) == nil)
    }

    @Test("An empty password and an empty salt are values like others")
    func emptiness() {
        #expect(SHA256.derive(from: [], salt: [], iterations: 1, count: 32)?.count == 32)
    }
}
