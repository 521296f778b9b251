import RennbahnBytes
import RennbahnTestKit
import RennbahnWAMP
import Testing

/// The scan reads several octets at a time: what stands at every place of every length is found at that very place.
@Suite("Edges of the scan's steps") struct ScanEdgeTests {
    /// Scans bytes that stand at an odd place of a larger array.
    static func violation(_ bytes: [UInt8], _ serializer: Serializer, offset: Int) -> WAMPViolation? {
        let larger = [UInt8](repeating: 0x22, count: offset) + bytes + [UInt8](repeating: 0x22, count: 20)
        var scanner = EnvelopeScanner()
        do throws(WAMPViolation) {
            let window = larger.span.extracting(offset..<offset + bytes.count)
            _ = try scanner.scanClientMessage(window, serializer: serializer)
            return nil
        } catch {
            return error
        }
    }

    /// What may stand before and behind the contents of a string.
    static let places: [(String, String)] = [
        ("[16,1,{},\"t\",[\"", "\"]]"),
        ("[16,1,{},\"t\",[\"", "\",\"and more behind it, so that no step ends with the message, however long\"]]"),
        ("[16,1,{},\"", "\"]"),
        ("[16,1,{},\"", "\",[]]"),
        ("[16,1,{},\"t\",[],{\"", "\":1}]"),
        ("[16,1,{\"", "\":[null]},\"t\"]"),
    ]

    @Test("A fault in a JSON string is found where it stands", arguments: places, [0, 9])
    func jsonFaults(place: (String, String), offset: Int) {
        let head = utf8(place.0)
        let tail = utf8(place.1)
        for length in 0...130 {
            let bytes = head + [UInt8](repeating: 0x61, count: length) + tail
            #expect(ScanEdgeTests.violation(bytes, .json, offset: offset) == nil)
            for position in head.count..<head.count + length {
                var faulty = bytes
                for control: UInt8 in [0x00, 0x0a, 0x1f] {
                    faulty[position] = control
                    let found = ScanEdgeTests.violation(faulty, .json, offset: offset)
                    #expect(found == .malformed(at: position), "\(control) in \(length)")
                }
                for octet: UInt8 in [0x80, 0xc3, 0xff] {
                    faulty[position] = octet
                    let found = ScanEdgeTests.violation(faulty, .json, offset: offset)
                    #expect(found == .invalidUTF8(at: position), "\(octet) in \(length)")
                }
                // Not an escape, and not the end of the string.
                faulty[position] = UInt8(ascii: "\\")
                #expect(ScanEdgeTests.violation(faulty, .json, offset: offset) != nil)
                faulty[position] = UInt8(ascii: "\"")
                #expect(ScanEdgeTests.violation(faulty, .json, offset: offset) != nil)
                faulty[position] = 0x7f
                #expect(ScanEdgeTests.violation(faulty, .json, offset: offset) == nil)
                faulty[position] = 0x20
                #expect(ScanEdgeTests.violation(faulty, .json, offset: offset) == nil)
            }
        }
    }

    @Test("Letters beyond ASCII and escapes may stand anywhere in a JSON string", arguments: places)
    func jsonLetters(place: (String, String)) throws {
        for length in 0...70 {
            for position in 0...length {
                for part in ["é", "漢", "😀", "\\n", "\\u00e9", "\\\"", "\\\\"] {
                    let before = String(repeating: "a", count: position)
                    let behind = String(repeating: "b", count: length - position)
                    let bytes = utf8(place.0 + before + part + behind + place.1)
                    #expect(ScanEdgeTests.violation(bytes, .json, offset: 0) == nil, "\(text(bytes))")
                }
            }
        }
    }

    /// A PUBLISH whose topic or whose argument has these contents, with the head of a str in each width that holds them.
    static func packed(_ contents: [UInt8]) -> [(head: [UInt8], tail: [UInt8])] {
        let count = contents.count
        var heads: [[UInt8]] = [[0xda, 0, UInt8(count)], [0xd9, UInt8(count)], [0xdb, 0, 0, 0, UInt8(count)]]
        if count < 32 { heads.append([0xa0 | UInt8(count)]) }
        let places: [(head: [UInt8], tail: [UInt8])] = [
            (hex("94100180"), []), (hex("95100180"), hex("90")), (hex("95100180a17491"), []),
            (hex("95100180a17492"), [0xb0] + utf8("sixteen  letters")),
        ]
        return heads.flatMap { head in places.map { place in (place.head + head, place.tail) } }
    }

    @Test("A fault in a MsgPack string is found where it stands", arguments: [0, 9])
    func msgpackFaults(offset: Int) {
        for length in 0...130 {
            var contents = [UInt8](repeating: 0x61, count: length)
            for (head, tail) in ScanEdgeTests.packed(contents) {
                #expect(ScanEdgeTests.violation(head + contents + tail, .msgpack, offset: offset) == nil)
                for position in 0..<length {
                    for octet: UInt8 in [0x80, 0xc3, 0xf0] {
                        contents[position] = octet
                        let found = ScanEdgeTests.violation(head + contents + tail, .msgpack, offset: offset)
                        #expect(found == .invalidUTF8(at: head.count + position), "\(octet) in \(length)")
                    }
                    contents[position] = 0x61
                }
            }
        }
    }

    @Test("A letter beyond ASCII may stand anywhere in a MsgPack string, but not across its end")
    func msgpackLetters() {
        for length in 0...70 {
            for position in 0...length {
                for letter in ["é", "漢", "😀"] {
                    var contents = [UInt8](repeating: 0x61, count: length)
                    contents.insert(contentsOf: utf8(letter), at: position)
                    for (head, tail) in ScanEdgeTests.packed(contents) {
                        #expect(ScanEdgeTests.violation(head + contents + tail, .msgpack, offset: 0) == nil)
                    }
                    // Its last octet belongs to the next value, where it is a negative fixint or something else.
                    let cut = Array(contents.prefix(position + utf8(letter).count - 1))
                    for (head, tail) in ScanEdgeTests.packed(cut) {
                        let found = ScanEdgeTests.violation(head + cut + [0xa9] + tail, .msgpack, offset: 0)
                        #expect(found == .invalidUTF8(at: head.count + position))
                    }
                }
            }
        }
    }
}
