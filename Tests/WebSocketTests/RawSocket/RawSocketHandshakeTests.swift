import RennbahnBytes
import RennbahnWebSocket
import Testing

@Suite("RawSocket: handshake")
struct RawSocketHandshakeTests {
    private func request(_ bytes: [UInt8]) -> RawSocketHandshake.Request { RawSocketHandshake.request(bytes.span) }

    private func answer(_ bytes: [UInt8], _ serializer: UInt8) -> RawSocketHandshake.Answer {
        RawSocketHandshake.answer(bytes.span, serializer: serializer)
    }

    /// The specification's table, read slowly.
    private func reference(_ bytes: [UInt8]) -> RawSocketHandshake.Request {
        if bytes.isEmpty { return .incomplete }
        if bytes[0] != 0x7f { return .foreign }
        if bytes.count < 4 { return .incomplete }
        if bytes[2] != 0 || bytes[3] != 0 { return .refused(.reservedBits) }
        let serializer = bytes[1] % 16
        let limits = [9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24]
        if serializer == 0 { return .refused(.serializerUnsupported) }
        return .complete(RawSocketHandshake(exponent: limits[Int(bytes[1] / 16)], serializer: serializer))
    }

    @Test("Every pair of nibbles is read, at every cut")
    func everyPair() {
        for second in UInt8.min...UInt8.max {
            for reserved: [UInt8] in [[0, 0], [1, 0], [0, 1], [0x80, 0xff]] {
                let bytes = [0x7f, second] + reserved + [0, 0, 0, 2]
                for end in 0...bytes.count {
                    #expect(request(Array(bytes[..<end])) == reference(Array(bytes[..<end])), "\(second), \(end)")
                }
            }
        }
        #expect(RawSocketHandshake(exponent: 9, serializer: 1).maxMessageSize == 512)
        #expect(RawSocketHandshake(exponent: 24, serializer: 1).maxMessageSize == 16_777_216)
    }

    @Test("Every other first octet is another protocol, at once")
    func foreign() {
        for first in UInt8.min...UInt8.max where first != 0x7f { #expect(request([first]) == .foreign, "\(first)") }
    }

    @Test("What is written is read back, as request and as answer")
    func roundTrip() {
        for exponent in RawSocketHandshake.exponents {
            for serializer: UInt8 in 1...15 {
                let handshake = RawSocketHandshake(exponent: exponent, serializer: serializer)
                var bytes = ByteBuffer()
                handshake.append(to: &bytes)
                #expect(bytes.count == RawSocketHandshake.count)
                let octets = bytes.span.copied()
                #expect(request(octets) == .complete(handshake))
                #expect(answer(octets, serializer) == .accepted(handshake))
                #expect(answer(octets, serializer % 15 + 1) == .foreign)
            }
        }
    }

    @Test("The errors have the octets and the texts of the specification")
    func errors() {
        let expected: [(RawSocketError, UInt8, String)] = [
            (.serializerUnsupported, 0x10, "serializer unsupported"),
            (.lengthUnacceptable, 0x20, "maximum message length unacceptable"),
            (.reservedBits, 0x30, "use of reserved bits"),
            (.tooManyConnections, 0x40, "maximum connection count reached"),
            (RawSocketError(rawValue: 9), 0x90, "error 9"),
        ]
        for (error, octet, text) in expected {
            var bytes = ByteBuffer()
            error.append(to: &bytes)
            let octets = bytes.span.copied()
            #expect(octets == [0x7f, octet, 0, 0])
            #expect(error.description == text)
            #expect(answer(octets, 1) == .refused(error))
        }
    }

    @Test("An answer is judged at every cut; reserved octets or another serializer make it none")
    func answers() {
        let bytes: [UInt8] = [0x7f, 0xf2, 0, 0]
        for end in 0..<4 { #expect(answer(Array(bytes[..<end]), 2) == .incomplete) }
        #expect(answer([0x48], 2) == .foreign)
        #expect(answer([0x7f, 0xf2, 0, 1], 2) == .foreign)
        #expect(answer([0x7f, 0xf1, 0, 0], 2) == .foreign)
    }

    @Test("The announced limit is the largest power of two that is not above the configured one")
    func exponents() {
        for (size, exponent) in [
            (512, 9), (513, 9), (1023, 9), (1024, 10), (1_000_000, 19), (1 << 24 - 1, 23), (1 << 24, 24), (1 << 30, 24),
            (Int.max, 24),
        ] {
            #expect(RawSocketHandshake.exponent(below: size) == exponent, "\(size)")
        }
    }
}
