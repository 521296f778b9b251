import CRennbahnMsgPack
import RennbahnBytes
import RennbahnTestKit
import RennbahnWAMP
import Testing

@Suite("The MsgPack scan against msgpack-c") struct MsgPackScanTests {
    enum Reference {
        case refused, accepted, extraBytes
        /// Deeper than the library goes, or with a length that it has no memory for.
        case unknown
    }

    /// What msgpack-c says of a whole text. UTF-8 is not its business.
    static func reference(_ bytes: [UInt8]) -> Reference {
        var zone = msgpack_zone()
        guard msgpack_zone_init(&zone, 2048) else { return .unknown }
        defer { msgpack_zone_destroy(&zone) }
        var object = msgpack_object()
        let outcome = bytes.withUnsafeBytes { raw in
            msgpack_unpack(raw.baseAddress?.assumingMemoryBound(to: CChar.self), raw.count, nil, &zone, &object)
        }
        switch outcome {
        case MSGPACK_UNPACK_SUCCESS: return .accepted
        case MSGPACK_UNPACK_EXTRA_BYTES: return .extraBytes
        case MSGPACK_UNPACK_NOMEM_ERROR: return .unknown
        default: return .refused
        }
    }

    /// A random value in random formats, its strings in UTF-8.
    static func generate(_ random: inout SeededGenerator, depth: Int = 0) -> [UInt8] {
        func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) } }
        func length(_ first: UInt8, _ width: Int, _ count: Int) -> [UInt8] {
            [first] + (0..<width).map { UInt8(truncatingIfNeeded: count >> ((width - 1 - $0) * 8)) }
        }
        switch random.below(depth > 4 ? 8 : 12) {
        case 0: return [[0xc0, 0xc2, 0xc3][random.below(3)]]
        case 1: return [UInt8(random.below(128))]
        case 2: return [0xe0 | UInt8(random.below(32))]
        case 3:
            let format = random.below(8)
            return [0xcc + UInt8(format)] + bytes(1 << (format & 3))
        case 4: return random.oneIn(2) ? [0xca] + bytes(4) : [0xcb] + bytes(8)
        case 5:
            let text = utf8(
                ["", "abc", "é", "漢字", "😀😀", "the quick brown fox", String(repeating: "x", count: 300)][random.below(7)]
            )
            if text.count < 32, random.oneIn(2) { return [0xa0 | UInt8(text.count)] + text }
            let width = text.count > 255 ? 1 + random.below(2) : random.below(3)
            return length(0xd9 + UInt8(width), 1 << width, text.count) + text
        case 6:
            let width = random.below(3)
            let count = random.below(40)
            return length(0xc4 + UInt8(width), 1 << width, count) + bytes(count)
        case 7:
            if random.oneIn(2) {
                let format = random.below(5)
                return [0xd4 + UInt8(format)] + bytes(1 + 1 << format)
            }
            let width = random.below(3)
            let count = random.below(20)
            return length(0xc7 + UInt8(width), 1 << width, count) + bytes(count + 1)
        case 8, 9:
            let count = random.below(6)
            let head = random.oneIn(2) ? [0x90 | UInt8(count)] : length(0xdc, 2, count)
            return head + (0..<count).flatMap { _ in generate(&random, depth: depth + 1) }
        default:
            let count = random.below(5)
            let head = random.oneIn(2) ? [0x80 | UInt8(count)] : length(0xdf, 4, count)
            return head + (0..<count * 2).flatMap { _ in generate(&random, depth: depth + 1) }
        }
    }

    static let head = hex("951001" + "80" + "a174" + "91")

    @Test("Both agree on generated and on mutated values", arguments: [31, 32, 33, 34] as [UInt64])
    func agreement(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var compared = (accepted: 0, refused: 0)
        for _ in 0..<4000 {
            var value = MsgPackScanTests.generate(&random)
            #expect(clientViolation(MsgPackScanTests.head + value, .msgpack) == nil, "seed \(seed): \(value)")
            for _ in 0...random.below(2) where !value.isEmpty {
                let index = random.below(value.count)
                switch random.below(3) {
                case 0: value[index] = UInt8(truncatingIfNeeded: random.next())
                case 1: value.remove(at: index)
                default: value.insert(UInt8(truncatingIfNeeded: random.next()), at: index)
                }
            }
            let bytes = MsgPackScanTests.head + value
            // A length of gigabytes makes the library reserve them.
            if (0..<value.count).contains(where: {
                [0xdd, 0xdf].contains(value[$0]) && value[($0 + 1)...].prefix(1) != [0]
            }) {
                _ = clientViolation(bytes, .msgpack)
                continue
            }
            let violation = clientViolation(bytes, .msgpack)
            switch (MsgPackScanTests.reference(bytes), violation) {
            case (.accepted, nil): compared.accepted += 1
            case (.accepted, .invalidUTF8), (.accepted, .wrongElement), (.accepted, .wrongLength): break
            case (.refused, .some), (.extraBytes, .some): compared.refused += 1
            case (.unknown, _): break
            case (let reference, _):
                Issue.record("seed \(seed): \(bytes) reference \(reference), scan \(String(describing: violation))")
            }
        }
        #expect(compared.accepted > 200 && compared.refused > 200)
    }

    @Test("Lengths beyond the message are refused, the largest without overflow")
    func hugeLengths() {
        for format in ["c6", "c9", "db", "dd", "df", "c5", "c8", "da", "dc", "de", "c4", "c7", "d9"] {
            for length in ["ffffffff", "7fffffff", "80000000", "00ffffff"] {
                let violation = clientViolation(MsgPackScanTests.head + hex(format + length), .msgpack)
                if case .malformed = violation {
                } else {
                    Issue.record("\(format) gave \(String(describing: violation))")
                }
                #expect(clientViolation(hex("dd" + length + "10"), .msgpack) != nil)
            }
        }
    }

    @Test("The byte that is never used is refused")
    func neverUsed() {
        #expect(clientViolation(MsgPackScanTests.head + [0xc1], .msgpack) == .malformed(at: 7))
    }

    @Test("Nesting is bounded, whatever is nested")
    func nesting() {
        for open in ["91", "8101", "dc0001", "de000101"] {
            func nested(_ levels: Int) -> [UInt8] {
                MsgPackScanTests.head + hex(String(repeating: open, count: levels)) + [0xc0]
            }
            #expect(clientViolation(nested(ScanLimit.depth - 2), .msgpack) == nil)
            let tooDeep = clientViolation(nested(ScanLimit.depth - 1), .msgpack)
            if case .nestedTooDeeply = tooDeep {} else { Issue.record("\(String(describing: tooDeep))") }
            _ = clientViolation(nested(50_000), .msgpack)
        }
    }
}
