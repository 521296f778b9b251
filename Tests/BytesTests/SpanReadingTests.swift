import RennbahnBytes
import RennbahnTestKit
import Testing

@Suite("Reading from a span")
struct SpanReadingTests {
    private let bytes: [UInt8] = (1...17).map { UInt8($0) }

    @Test("reads integers in network byte order at any offset")
    func bigEndian() {
        let bytes = bytes
        for offset in 0...9 {
            let expected = (0..<8).reduce(UInt64(0)) { $0 << 8 | UInt64(bytes[offset + $1]) }
            #expect(bytes.bigEndian(UInt64.self, at: offset) == expected)
            #expect(bytes.bigEndian(UInt32.self, at: offset) == UInt32(expected >> 32))
            #expect(bytes.bigEndian(UInt16.self, at: offset) == UInt16(expected >> 48))
            #expect(bytes.bigEndian(UInt8.self, at: offset) == bytes[offset])
        }
        let negative: [UInt8] = [0xff, 0xfe]
        #expect(negative.bigEndian(Int16.self, at: 0) == -2)
    }

    @Test("reads words with the first octet lowest")
    func littleEndian() {
        let bytes = bytes
        for offset in 0...9 {
            let expected = (0..<8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64(bytes[offset + $1]) }
            #expect(bytes.littleEndianWord(at: offset) == expected)
        }
    }

    @Test("refuses to read past the end, before the start, or where the offset overflows")
    func outOfBounds() async {
        await #expect(processExitsWith: .failure) {
            let bytes = [UInt8](repeating: 0, count: 9)
            _ = bytes.bigEndian(UInt64.self, at: 2)
        }
        await #expect(processExitsWith: .failure) {
            let bytes = [UInt8](repeating: 0, count: 9)
            _ = bytes.bigEndian(UInt64.self, at: -1)
        }
        await #expect(processExitsWith: .failure) {
            let bytes = [UInt8](repeating: 0, count: 9)
            _ = bytes.bigEndian(UInt64.self, at: Int.max - 3)
        }
        await #expect(processExitsWith: .failure) {
            let bytes: [UInt8] = []
            _ = bytes.bigEndian(UInt16.self, at: 0)
        }
    }

    @Test("compares two spans at every length and every differing position", arguments: 0...40)
    func equality(count: Int) {
        let bytes = (0..<count).map { UInt8($0) }
        #expect(bytes.equals(bytes))
        var missed: [Int] = []
        for index in 0..<count {
            var other = bytes
            other[index] ^= 1
            if bytes.equals(other) { missed.append(index) }
        }
        #expect(missed.isEmpty)
        let longer = bytes + [0]
        #expect(!bytes.equals(longer))
        #expect(!longer.equals(bytes))
    }

    @Test("compares with a literal")
    func literals() {
        let bytes = Array("wamp.2.json".utf8)
        #expect(bytes.equals(literal: "wamp.2.json"))
        #expect(!bytes.equals(literal: "wamp.2.jsoN"))
        #expect(!bytes.equals(literal: "wamp.2.json."))
        #expect(!bytes.equals(literal: "wamp.2.jso"))
        #expect(!bytes.equals(literal: ""))
        let one: [UInt8] = [0x61]
        #expect(one.equals(literal: "a"))
        let none: [UInt8] = []
        #expect(none.equals(literal: ""))
    }

    @Test("copies, and repairs text that is not UTF-8")
    func copies() {
        let bytes: [UInt8] = [0x61, 0xff, 0x62]
        let copy = bytes.span.copied()
        let text = bytes.span.text()
        #expect(copy == bytes)
        #expect(text == "a\u{fffd}b")
    }
}
