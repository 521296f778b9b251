import RennbahnBytes
import RennbahnReferences
import RennbahnWebSocket
import Testing

@Suite("Message reader: Close frames and text")
struct InboundCloseTests {
    private func events(_ frames: WireFrame..., setup: ReaderSetup = ReaderSetup()) -> [Event] {
        let bytes = frames.flatMap(\.bytes)
        let events = read(bytes, setup).events
        #expect(events == read(bytes, cuts: Array(1..<bytes.count), setup).events)
        return events
    }

    @Test("Nothing is read after a Close frame")
    func afterClose() {
        let close = WireFrame(0x88, [0x03, 0xe8] + Array("bye".utf8))
        #expect(events(close, WireFrame(0x81, "x"), WireFrame(0xff)) == [.close(1000, Array("bye".utf8))])
        #expect(events(WireFrame(0x88), WireFrame(0xff)) == [.close(nil, [])])
        #expect(events(WireFrame(0x01, "x"), WireFrame(0x88), WireFrame(0x80)) == [.close(nil, [])])
    }

    @Test("Nothing is read after a violation")
    func afterViolation() throws {
        var reader = ReaderSetup().reader()
        var buffer = ByteBuffer()
        let bytes = WireFrame(0xf1, "x").bytes + WireFrame(0x81, "y").bytes
        buffer.append(bytes.span)
        var window = 0..<buffer.count
        #expect(throws: ProtocolViolation.reservedBits) { _ = try reader.next(in: &buffer, window: &window) }
        #expect(try reader.next(in: &buffer, window: &window) == nil)
        #expect(window.isEmpty)
    }

    @Test("Only codes for the wire are taken")
    func closeCodes() {
        for code: UInt16 in [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535] {
            let frame = WireFrame(0x88, [UInt8(code >> 8), UInt8(truncatingIfNeeded: code)])
            #expect(events(frame) == [.violation(.invalidCloseCode)])
        }
        for code: UInt16 in [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 3000, 3999, 4000, 4999] {
            let frame = WireFrame(0x88, [UInt8(code >> 8), UInt8(truncatingIfNeeded: code)])
            #expect(events(frame) == [.close(code, [])])
        }
    }

    @Test("A Close payload has at least two octets, and its reason is text")
    func closePayload() {
        #expect(events(WireFrame(0x88, [0x03])) == [.violation(.truncatedClosePayload)])
        #expect(events(WireFrame(0x88, [0x03, 0xe8, 0xce, 0xba])) == [.close(1000, [0xce, 0xba])])
        #expect(events(WireFrame(0x88, [0x03, 0xe8, 0xce])) == [.violation(.invalidCloseReason)])
        #expect(events(WireFrame(0x88, [0x03, 0xe8, 0xff])) == [.violation(.invalidCloseReason)])
        let longest = [0x03, 0xe8] + [UInt8](repeating: 0x78, count: 123)
        #expect(events(WireFrame(0x88, longest)) == [.close(1000, Array(longest[2...]))])
    }

    @Test("Text fails at the octet that makes it certain, also in the middle of a frame")
    func failsFast() {
        // κόσμε, then a surrogate: certain at the second octet of it.
        let valid: [UInt8] = [0xce, 0xba, 0xe1, 0xbd, 0xb9, 0xcf, 0x83, 0xce, 0xbc, 0xce, 0xb5]
        let bytes = WireFrame(0x81, valid + [0xed, 0xa0, 0x80] + Array("edited".utf8)).bytes
        let head = 6
        for end in head..<bytes.count {
            let received = read(Array(bytes[..<end]), cuts: Array(1..<end)).events
            #expect(received == (end >= head + valid.count + 2 ? [.violation(.invalidText)] : []))
        }
    }

    @Test("A character may be cut by fragments but not by the end of the message")
    func cutCharacters() {
        let smile: [UInt8] = [0xf0, 0x9f, 0x99, 0x82]
        let pieces = [WireFrame(0x01, [0xf0]), WireFrame(0x00, [0x9f, 0x99]), WireFrame(0x80, [0x82])]
        #expect(read(pieces.flatMap(\.bytes)).events == [.message(.text, compressed: false, smile)])
        #expect(events(WireFrame(0x81, [0xf0, 0x9f, 0x99])) == [.violation(.invalidText)])
        #expect(events(WireFrame(0x01, [0xf0]), WireFrame(0x80, [0x9f])) == [.violation(.invalidText)])
        #expect(events(WireFrame(0x01, [0xf0]), WireFrame(0x80, [])) == [.violation(.invalidText)])
        // The validator begins anew with each message.
        let next = [WireFrame(0x01, "a"), WireFrame(0x80, [0xce, 0xba]), WireFrame(0x01, "b"), WireFrame(0x80, "c")]
        #expect(read(next.flatMap(\.bytes)).events.count == 2)
    }

    @Test("Text is not looked at when it is compressed, binary, or the caller's business")
    func notValidated() {
        let bad: [UInt8] = [0xff, 0xfe]
        #expect(events(WireFrame(0x82, bad)) == [.message(.binary, compressed: false, bad)])
        #expect(
            events(WireFrame(0xc1, bad), setup: ReaderSetup(compression: true))
                == [.message(.text, compressed: true, bad)])
        #expect(
            events(WireFrame(0x81, bad), setup: ReaderSetup(validatesText: false))
                == [.message(.text, compressed: false, bad)])
    }
}
