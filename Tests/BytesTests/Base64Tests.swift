import RennbahnBytes
import RennbahnTestKit
import Testing

@Suite("Base64")
struct Base64Tests {
    /// RFC 4648, section 10.
    static let published = [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ]

    private func decode(_ text: String) throws(Base64.Malformed) -> [UInt8] {
        let text = Array(text.utf8)
        var output = ByteBuffer()
        try Base64.decode(text.span, into: &output)
        return output.bytes
    }

    @Test("encodes and decodes the published examples", arguments: published)
    func publishedVectors(plain: String, encoded: String) throws {
        #expect(Base64.encode(Array(plain.utf8)) == encoded)
        #expect(try decode(encoded) == Array(plain.utf8))
        #expect(Base64.encodedCount(plain.utf8.count) == encoded.utf8.count)
    }

    @Test("uses the standard alphabet, not the one for file names")
    func alphabet() throws {
        #expect(Base64.encode([0xfb, 0xff, 0xbf]) == "+/+/")
        #expect(try decode("+/+/") == [0xfb, 0xff, 0xbf])
    }

    @Test("gives back what it took, at every length", arguments: 0...100)
    func roundTrip(count: Int) throws {
        var generator = SeededGenerator(seed: UInt64(count))
        let bytes = generator.bytes(count)
        let text = Base64.encode(bytes)
        #expect(text.utf8.count == Base64.encodedCount(count))
        #expect(try decode(text) == bytes)
    }

    @Test("keeps what the output held before")
    func appends() throws {
        var output = ByteBuffer()
        output.append("<")
        let bytes = Array("foo".utf8)
        Base64.encode(bytes.span, into: &output)
        let text = Array("Zg==".utf8)
        try Base64.decode(text.span, into: &output)
        #expect(output.text == "<Zm9vf")
    }

    @Test(
        "refuses foreign characters, wrong lengths, misplaced padding and stray bits",
        arguments: [
            "Z", "Zg", "Zg=", "Zm9", "Zm9vZ", "=", "==", "====", "===", "Z===", "=Zg=", "Zg=a", "Zg==Zg==", "Zm8=Zm8=",
            "Zh==", "Zn==", "Zm9=", "Zm-v", "Zm_v", "Zm9v\n", "Zm 9", "Z\u{0}9v", "Zm9é", "Zm9vZm9*",
        ])
    func malformed(text: String) {
        #expect(throws: Base64.Malformed()) { try decode(text) }
    }

    @Test("leaves the output as it was when the text is malformed")
    func restores() {
        var output = ByteBuffer()
        output.append("kept")
        let text = Array("Zm9vZm9vZm9*".utf8)
        var refused = false
        do { try Base64.decode(text.span, into: &output) } catch { refused = true }
        #expect(refused)
        #expect(output.text == "kept")
    }

    @Test("accepts exactly the 64 characters of the alphabet at each position of a group", arguments: 0..<4)
    func everyOctet(position: Int) {
        var accepted = 0
        for octet in UInt8.min...UInt8.max where octet != UInt8(ascii: "=") {
            var text = Array("AAAA".utf8)
            text[position] = octet
            var output = ByteBuffer()
            do {
                try Base64.decode(text.span, into: &output)
                accepted += 1
            } catch {}
        }
        #expect(accepted == 64)
    }
}
