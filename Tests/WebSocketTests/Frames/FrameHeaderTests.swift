import RennbahnBytes
import RennbahnWebSocket
import Testing

@Suite("Frame head")
struct FrameHeaderTests {
    private func parse(_ bytes: [UInt8]) throws(ProtocolViolation) -> FrameHeader? {
        try FrameHeader.parse(bytes.span, in: 0..<bytes.count)
    }

    private func violation(_ bytes: [UInt8]) -> ProtocolViolation? {
        do {
            _ = try parse(bytes)
            return nil
        } catch {
            return error
        }
    }

    @Test("A head is written in the shortest form and read back", arguments: [Int?.none, 0x37fa213d])
    func roundTrip(key: Int?) throws {
        for count in [0, 1, 125, 126, 127, 65535, 65536, 1 << 32, .max] {
            for (opcode, compressed) in [(Opcode.text, true), (.binary, false), (.continuation, false)] {
                let header = FrameHeader(
                    opcode: opcode, isFinal: count % 2 == 0, isCompressed: compressed, maskKey: key.map(UInt32.init),
                    payloadCount: count)
                var buffer = ByteBuffer()
                header.append(to: &buffer)
                let expected = (count < 126 ? 2 : count < 65536 ? 4 : 10) + (key == nil ? 0 : 4)
                #expect(buffer.count == expected)
                #expect(header.encodedCount == expected)
                let bytes = buffer.span.copied()
                #expect(try parse(bytes) == header)
                for cut in 0..<bytes.count { #expect(try parse(Array(bytes[..<cut])) == nil) }
            }
        }
    }

    @Test("The head is looked for inside of the window only")
    func window() throws {
        let bytes: [UInt8] = [0xff, 0xff, 0x82, 0x03, 0xff]
        let header = try FrameHeader.parse(bytes.span, in: 2..<4)
        #expect(header == FrameHeader(opcode: .binary, payloadCount: 3))
        #expect(try FrameHeader.parse(bytes.span, in: 2..<3) == nil)
        #expect(try FrameHeader.parse(bytes.span, in: 5..<5) == nil)
    }

    @Test("RSV2 and RSV3 are refused on every opcode")
    func reservedBits() {
        for opcode: UInt8 in [0, 1, 2, 8, 9, 10] {
            for bits: UInt8 in [0x10, 0x20, 0x30] {
                #expect(violation([0x80 | bits | opcode, 0x80]) == .reservedBits)
            }
        }
    }

    @Test("Reserved opcodes are refused, all others known")
    func opcodes() throws {
        for opcode: UInt8 in 0...15 {
            let isReserved = (3...7).contains(opcode) || opcode > 10
            #expect(violation([0x80 | opcode, 0x00]) == (isReserved ? .reservedOpcode : nil))
        }
    }

    @Test("Control frames are whole, short and not compressed")
    func controlFrames() {
        for opcode: UInt8 in 8...10 {
            #expect(violation([opcode, 0x00]) == .fragmentedControlFrame)
            #expect(violation([0x80 | opcode, 125]) == nil)
            #expect(violation([0x80 | opcode, 126]) == .oversizedControlFrame)
            #expect(violation([0x80 | opcode, 127]) == .oversizedControlFrame)
            #expect(violation([0xc0 | opcode, 0]) == .compressedControlFrame)
        }
        #expect(violation([0xc0, 0]) == .compressedContinuation)
    }

    @Test("Longer forms of a length than needed are refused")
    func minimalLength() {
        #expect(violation([0x82, 126, 0, 125]) == .lengthNotMinimal)
        #expect(violation([0x82, 126, 0, 126]) == nil)
        #expect(violation([0x82, 127, 0, 0, 0, 0, 0, 0, 0xff, 0xff]) == .lengthNotMinimal)
        #expect(violation([0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0]) == nil)
    }

    @Test("A length of 63 bits is read, one of 64 refused")
    func longestLength() throws {
        let longest: [UInt8] = [0x82, 127, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]
        #expect(try parse(longest)?.payloadCount == .max)
        #expect(violation([0x82, 127, 0x80, 0, 0, 0, 0, 0, 0, 0]) == .lengthTooLarge)
        #expect(violation([0x82, 0xff] + [UInt8](repeating: 0xff, count: 12)) == .lengthTooLarge)
    }

    @Test("The head in front of a payload is what the general form writes", arguments: [nil, 0x0102_0304] as [UInt32?])
    func inHeadroom(maskKey: UInt32?) {
        for opcode in [Opcode.text, .binary, .ping] {
            for isCompressed in [false, true] {
                for count in [0, 1, 125, 126, 127, 255, 256, 65535, 65536, .max] {
                    var placed = ByteBuffer()
                    placed.begin(headroom: FrameHeader.longest)
                    let start = FrameHeader.place(
                        opcode: opcode, compressed: isCompressed, payloadCount: count, maskKey: maskKey,
                        before: FrameHeader.longest, in: &placed)
                    var general = ByteBuffer()
                    FrameHeader(
                        opcode: opcode, isCompressed: isCompressed, maskKey: maskKey, payloadCount: count
                    ).append(to: &general)
                    #expect(placed.span.extracting(droppingFirst: start).copied() == general.span.copied())
                }
            }
        }
    }

    @Test("Every violation has the close code of its rule and a reason that fits a Close frame")
    func closeCodes() {
        for violation in ProtocolViolation.allCases {
            let expected: UInt16 =
                switch violation {
                case .invalidText, .invalidCloseReason: 1007
                case .frameTooBig, .messageTooBig: 1009
                default: 1002
                }
            #expect(violation.closeCode.rawValue == expected)
            #expect((1...123).contains(violation.reason.utf8CodeUnitCount))
        }
        #expect(Set(ProtocolViolation.allCases.map { "\($0.reason)" }).count == ProtocolViolation.allCases.count)
    }
}
