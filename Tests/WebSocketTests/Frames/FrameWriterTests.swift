import RennbahnBytes
import RennbahnWebSocket
import Testing

@Suite("Frame writer")
struct FrameWriterTests {
    private func frame(
        _ opcode: Opcode, isFinal: Bool = true, _ payload: [UInt8], key: UInt32? = nil, compressed: Bool = false
    ) -> [UInt8] {
        var buffer = ByteBuffer()
        FrameWriter.append(
            opcode: opcode, isFinal: isFinal, compressed: compressed, payload: payload.span, maskKey: key, to: &buffer)
        return buffer.span.copied()
    }

    @Test("The examples of RFC 6455, section 5.7, are written octet for octet")
    func examples() {
        let hello = Array("Hello".utf8)
        let masked: [UInt8] = [0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58]
        #expect(frame(.text, hello) == [0x81, 0x05] + hello)
        #expect(frame(.text, hello, key: 0x37fa_213d) == [0x81, 0x85] + masked)
        #expect(frame(.text, isFinal: false, Array("Hel".utf8)) == [0x01, 0x03, 0x48, 0x65, 0x6c])
        #expect(frame(.continuation, Array("lo".utf8)) == [0x80, 0x02, 0x6c, 0x6f])
        #expect(frame(.ping, hello) == [0x89, 0x05] + hello)
        #expect(frame(.pong, hello, key: 0x37fa_213d) == [0x8a, 0x85] + masked)
        let binary = [UInt8](repeating: 7, count: 256)
        #expect(frame(.binary, binary) == [0x82, 0x7e, 0x01, 0x00] + binary)
        let large = [UInt8](repeating: 7, count: 65536)
        #expect(frame(.binary, large) == [0x82, 0x7f, 0, 0, 0, 0, 0, 1, 0, 0] + large)
    }

    @Test("A masked frame is what the slow masking makes, for every length up to 70")
    func masking() {
        for count in 0...70 {
            let payload = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37) }
            let expected = WireFrame(0x82, payload, mask: [0xde, 0xad, 0xbe, 0xef]).bytes
            #expect(frame(.binary, payload, key: 0xdead_beef) == expected)
        }
    }

    @Test("Frames are appended behind what is there")
    func appending() {
        var buffer = ByteBuffer()
        buffer.append("abc")
        FrameWriter.append(opcode: .text, payload: [0x21].span, maskKey: 0x2100_0000, to: &buffer)
        #expect(buffer.span.copied() == Array("abc".utf8) + [0x81, 0x81, 0x21, 0, 0, 0, 0])
    }

    @Test("A Close frame has its code first, or nothing at all")
    func close() {
        var buffer = ByteBuffer()
        FrameWriter.appendClose(code: .goingAway, reason: "bye", maskKey: nil, to: &buffer)
        #expect(buffer.span.copied() == [0x88, 5, 0x03, 0xe9] + Array("bye".utf8))
        var empty = ByteBuffer()
        FrameWriter.appendClose(code: nil, reason: [0x21].span, maskKey: 0, to: &empty)
        #expect(empty.span.copied() == [0x88, 0x80, 0, 0, 0, 0])
    }

    @Test("A reason that is too long is cut where a character ends")
    func longReason() {
        for lead in 0...4 {
            let text = String(repeating: "x", count: 118 + lead) + "\u{1f3c1}\u{1f3c1}"
            var buffer = ByteBuffer()
            FrameWriter.appendClose(code: .normalClosure, reason: Array(text.utf8).span, maskKey: nil, to: &buffer)
            let bytes = buffer.span.copied()
            #expect(bytes.count <= 127 && Int(bytes[1]) == bytes.count - 2)
            let reason = String(validating: bytes[4...], as: UTF8.self)
            #expect(reason == String(repeating: "x", count: 118 + lead) + (lead < 2 ? "\u{1f3c1}" : ""))
        }
    }

    @Test("Codes for the wire are the registered ones and those of libraries and applications")
    func closeCodes() {
        let legal = (UInt16.min...UInt16.max).filter { CloseCode(rawValue: $0).mayBeOnTheWire }
        #expect(legal == Array(1000...1003) + Array(1007...1014) + Array(3000...4999))
    }
}
