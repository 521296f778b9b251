import RennbahnBytes
import RennbahnCrypto
import Testing

@Suite("SHA-1")
struct SHA1Tests {
    /// The examples of FIPS 180-1, appendices A to C, and the empty message: a text, how often, and its digest.
    static let published: [(text: String, times: Int, digest: String)] = [
        ("", 1, "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
        ("abc", 1, "a9993e364706816aba3e25717850c26c9cd0d89d"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
            "84983e441c3bd26ebaae4aa1f95129e5e54670f1"
        ),
        ("a", 1_000_000, "34aa973cd4c4daa4f61eeb2bdbad27316534016f"),
    ]

    @Test("digests the published messages to the published digests", arguments: published)
    func publishedVectors(text: String, times: Int, digest: String) {
        let message = Array(String(repeating: text, count: times).utf8)
        #expect(Hexadecimal.encode(SHA1.digest(message)) == digest)
    }

    @Test("digests the handshake key of RFC 6455, section 1.3")
    func handshakeKey() {
        let key = "dGhlIHNhbXBsZSBub25jZQ==" + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        #expect(
            SHA1.digest(Array(key.utf8)) == [
                0xb3, 0x7a, 0x4f, 0x2c, 0xc0, 0x62, 0x4f, 0x16, 0x90, 0xf6,
                0x46, 0x06, 0xcf, 0x38, 0x59, 0x45, 0xb2, 0xbe, 0xc4, 0xea,
            ])
    }

    @Test("has the length it states, whatever the length of the message", arguments: 0...130)
    func length(count: Int) {
        #expect(SHA1.digest([UInt8](repeating: 7, count: count)).count == SHA1.digestCount)
    }
}
