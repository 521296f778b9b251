import RennbahnBytes
import RennbahnTestKit
import Testing

/// The rules of RFC 3629 as arithmetic: slow, obvious, and nothing like the validator.
private enum Reference {
    /// Whether more bytes can make `bytes` well-formed, and whether it is so already.
    static func judge(_ bytes: [UInt8]) -> (viable: Bool, complete: Bool) {
        var index = 0
        while index < bytes.count {
            let lead = bytes[index]
            let ones = (~lead).leadingZeroBitCount
            if ones == 0 {
                index += 1
                continue
            }
            guard ones >= 2 && ones <= 4 else { return (false, false) }
            // The scalars that the sequence can still name, as a range that narrows with each octet.
            var known = UInt32(lead) & (0x7f >> UInt32(ones))
            var missing = ones - 1
            index += 1
            guard canBeScalar(known, missing: missing, length: ones) else { return (false, false) }
            while missing > 0 {
                guard index < bytes.count else { return (true, false) }
                guard bytes[index] & 0xc0 == 0x80 else { return (false, false) }
                known = known << 6 | UInt32(bytes[index] & 0x3f)
                missing -= 1
                index += 1
                guard canBeScalar(known, missing: missing, length: ones) else { return (false, false) }
            }
        }
        return (true, true)
    }

    private static func canBeScalar(_ known: UInt32, missing: Int, length: Int) -> Bool {
        let lowest = known << UInt32(6 * missing)
        let highest = lowest | ((1 << UInt32(6 * missing)) - 1)
        let smallest: UInt32 = [0, 0, 0x80, 0x800, 0x1_0000][length]
        let largest: UInt32 = [0, 0, 0x7ff, 0xffff, 0x10_ffff][length]
        let low = max(lowest, smallest)
        let high = min(highest, largest)
        guard low <= high else { return false }
        return !(low >= 0xd800 && high <= 0xdfff)
    }
}

@Suite("UTF-8 validator")
struct UTF8ValidatorTests {
    /// ASCII octets are alike, so three stand for them; all others appear.
    private static let octets: [UInt8] = [0x00, 0x41, 0x7f] + Array(0x80...0xff)
    /// Either side of each bound in the table of RFC 3629.
    private static let boundaries: [UInt8] = [
        0, 0x7f, 0x80, 0x81, 0x8f, 0x90, 0x9f, 0xa0, 0xbe, 0xbf, 0xc0, 0xc2, 0xff,
    ]
    /// All of the four-octet leads that RFC 3629 left.
    private static let leadsOfFour: [UInt8] = [0xf0, 0xf1, 0xf2, 0xf3, 0xf4]

    /// Tries every continuation of `prefix` with `octets`, one octet a piece, and goes on from those that are viable.
    private func explore(_ prefix: [UInt8], _ validator: UTF8Validator, depth: Int, failures: inout [[UInt8]]) {
        let choices = depth > 1 || prefix.count < 3 ? Self.octets : Self.boundaries
        for octet in choices {
            let bytes = prefix + [octet]
            let expected = Reference.judge(bytes)
            var next = validator
            let piece = [octet]
            let viable = next.consume(piece)
            if viable != expected.viable || (viable && next.isComplete != expected.complete) { failures.append(bytes) }
            if viable && expected.viable && depth > 1 { explore(bytes, next, depth: depth - 1, failures: &failures) }
        }
    }

    @Test("agrees with the rules on every sequence of up to three octets, octet by octet", arguments: octets)
    func exhaustive(first: UInt8) {
        var failures: [[UInt8]] = []
        var validator = UTF8Validator()
        let piece = [first]
        let viable = validator.consume(piece)
        #expect(viable == Reference.judge(piece).viable)
        if viable { explore(piece, validator, depth: 2, failures: &failures) }
        #expect(failures.isEmpty)
    }

    @Test("agrees with the rules on sequences of four octets, octet by octet", arguments: leadsOfFour)
    func fourOctets(first: UInt8) {
        var failures: [[UInt8]] = []
        var validator = UTF8Validator()
        let piece = [first]
        let viable = validator.consume(piece)
        #expect(viable)
        for second in Self.boundaries {
            for third in Self.boundaries {
                var next = validator
                let prefix = [second, third]
                if next.consume(prefix) { explore([first, second, third], next, depth: 1, failures: &failures) }
            }
        }
        #expect(failures.isEmpty)
    }

    /// Sequences of every length, right, wrong and cut short.
    private static let samples: [[UInt8]] = [
        [0x24], [0xc2, 0xa2], [0xdf, 0xbf], [0xe0, 0xa0, 0x80], [0xe2, 0x82, 0xac], [0xed, 0x9f, 0xbf],
        [0xee, 0x80, 0x80], [0xef, 0xbf, 0xbf], [0xf0, 0x90, 0x80, 0x80], [0xf0, 0x9f, 0x8f, 0x81],
        [0xf4, 0x8f, 0xbf, 0xbf], [0xf3, 0xa0, 0x81, 0x81],
        [0x80], [0xc0, 0x80], [0xc1, 0xbf], [0xe0, 0x9f, 0xbf], [0xed, 0xa0, 0x80], [0xed, 0xbf, 0xbf],
        [0xf0, 0x8f, 0xbf, 0xbf], [0xf4, 0x90, 0x80, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xff], [0xfe],
        [0xc2], [0xe2, 0x82], [0xf0, 0x9f, 0x8f], [0xc2, 0x41], [0xe2, 0x82, 0x41], [0xf0, 0x9f, 0x8f, 0x41],
    ]

    @Test("finds the same at every position in a longer text, under every cut into two", arguments: samples)
    func surrounded(sample: [UInt8]) {
        var failures: [(before: Int, after: Int, cut: Int)] = []
        for before in 0...17 {
            for after in [0, 1, 3, 7, 8, 9, 16] {
                let bytes =
                    [UInt8](repeating: 0x61, count: before) + sample + [UInt8](repeating: 0x7a, count: after)
                let expected = Reference.judge(bytes)
                #expect((String(validating: bytes, as: UTF8.self) != nil) == expected.complete)
                if UTF8Validator.isValid(bytes) != expected.complete { failures.append((before, after, -1)) }
                for cut in 0...bytes.count {
                    var validator = UTF8Validator()
                    let pieces = [Array(bytes[..<cut]), Array(bytes[cut...])]
                    let viable = validator.consume(pieces[0]) && validator.consume(pieces[1])
                    if viable != expected.viable || (viable && validator.isComplete != expected.complete) {
                        failures.append((before, after, cut))
                    }
                }
            }
        }
        #expect(failures.isEmpty)
    }

    @Test("fails at the octet that makes the fault certain, not before and not after", arguments: samples)
    func failsFast(sample: [UInt8]) {
        let text = Array("κόσμε – 12345678 ".utf8) + sample + Array(" and on".utf8)
        let fault = text.indices.first { !Reference.judge(Array(text[...$0])).viable }
        var validator = UTF8Validator()
        let found = text.indices.first { index in
            let piece = [text[index]]
            return !validator.consume(piece)
        }
        #expect(found == fault)
    }

    @Test("judges random texts as the standard library does, whole and in random pieces", arguments: 1...40)
    func randomTexts(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        for _ in 0..<50 {
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 0...30, using: &generator) {
                let sample = Self.samples[Int.random(in: 0..<12, using: &generator)]
                bytes += Bool.random(using: &generator) ? sample : Array("plain".utf8)
            }
            if !bytes.isEmpty, Bool.random(using: &generator) {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8(truncatingIfNeeded: generator.next())
            }
            let expected = String(validating: bytes, as: UTF8.self) != nil
            #expect(UTF8Validator.isValid(bytes) == expected, "seed \(seed)")
            var validator = UTF8Validator()
            let viable = pieces(of: bytes, cutAt: randomCuts(of: bytes.count, most: bytes.count, using: &generator))
                .allSatisfy { validator.consume($0) }
            #expect((viable && validator.isComplete) == expected, "seed \(seed)")
        }
    }

    @Test("takes no octets for complete")
    func nothing() {
        let none: [UInt8] = []
        #expect(UTF8Validator.isValid(none))
        #expect(UTF8Validator().isComplete)
    }
}
