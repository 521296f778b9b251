import RennbahnBytes
import RennbahnCrypto
import RennbahnTestKit
import Testing

@Suite("Ed25519")
struct Ed25519Tests {
    struct Vector: Sendable {
        var privateKey: String
        var publicKey: String
        var message: String
        var signature: String
    }

    /// RFC 8032, section 7.1, tests 1 and 2.
    static let published = [
        Vector(
            privateKey: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            publicKey: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", message: "",
            signature:
                "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
        Vector(
            privateKey: "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            publicKey: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", message: "72",
            signature:
                "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ]

    @Test("Makes and accepts the signatures of RFC 8032", arguments: published)
    func vectors(vector: Vector) throws {
        let key = hex(vector.privateKey)
        let message = hex(vector.message)
        #expect(Ed25519.publicKey(of: key).map(Hexadecimal.encode) == vector.publicKey)
        #expect(Ed25519.sign(message, privateKey: key).map(Hexadecimal.encode) == vector.signature)
        let (signature, publicKey) = (hex(vector.signature), hex(vector.publicKey))
        #expect(Ed25519.verifies(signature, of: message, publicKey: publicKey))
        #expect(!Ed25519.verifies(signature, of: message + [0], publicKey: publicKey))
        for place in signature.indices {
            var broken = signature
            broken[place] ^= 1
            #expect(!Ed25519.verifies(broken, of: message, publicKey: publicKey))
        }
    }

    @Test("What is no key and no signature is refused", arguments: [0, 31, 33, 63, 65, 100])
    func lengths(count: Int) throws {
        let bytes = [UInt8](repeating: 1, count: count)
        #expect(Ed25519.publicKey(of: bytes) == nil)
        #expect(Ed25519.sign([1], privateKey: bytes) == nil)
        #expect(!Ed25519.verifies([UInt8](repeating: 0, count: 64), of: [1], publicKey: bytes))
        let key = hex(Ed25519Tests.published[0].publicKey)
        #expect(!Ed25519.verifies(bytes, of: [1], publicKey: key))
    }
}
