import RennbahnBytes
import RennbahnReferences
import RennbahnTestKit
import RennbahnWAMP
import Testing

@Suite("The JSON scan against a slow reference") struct JSONScanTests {
    /// Writes a random value with random white space.
    static func generate(_ random: inout SeededGenerator, depth: Int = 0) -> String {
        func space() -> String { random.oneIn(4) ? ["", " ", "\t", "\n", "\r\n  "][random.below(5)] : "" }
        func string() -> String {
            let parts = [
                "a", "plain text of some length ", "é", "漢", "😀", "\\n", "\\\"", "\\\\", "\\/", "\\u00e9",
                "\\ud83d\\ude00",
                "\\ud800", "\\udc00x", "\u{7f}", "\u{80}", "\u{7ff}", "\u{800}", "\u{ffff}", "\u{10ffff}", "{", "]",
                ",", "'",
            ]
            return "\"" + (0..<random.below(6)).map { _ in parts[random.below(parts.count)] }.joined() + "\""
        }
        let numbers = ["0", "-0", "1", "-12", "3.25", "1e5", "2E-3", "-0.5e+10", "123456789012345678901234567890"]
        switch random.below(depth > 4 ? 4 : 6) {
        case 0: return space() + ["true", "false", "null"][random.below(3)] + space()
        case 1: return space() + numbers[random.below(numbers.count)] + space()
        case 2, 3: return space() + string() + space()
        case 4:
            let items = (0..<random.below(5)).map { _ in generate(&random, depth: depth + 1) }
            return space() + "[" + space() + items.joined(separator: ",") + "]" + space()
        default:
            let pairs = (0..<random.below(5)).map { _ in
                space() + string() + space() + ":" + generate(&random, depth: depth + 1)
            }
            return space() + "{" + space() + pairs.joined(separator: ",") + "}" + space()
        }
    }

    /// Whether a PUBLISH with its first four elements right is a valid message, by the reference.
    static func accepts(_ bytes: [UInt8]) -> Bool {
        guard let tree = ReferenceJSON.parse(bytes), tree.depth <= ScanLimit.depth, case .list(let elements) = tree
        else { return false }
        guard (4...6).contains(elements.count) else { return false }
        if elements.count > 4 { guard case .list = elements[4] else { return false } }
        if elements.count > 5 { guard case .dictionary = elements[5] else { return false } }
        return true
    }

    static let head = "[16,1,{},\"t\","
    static let letters = utf8("[]{},:\"\\ \n019-+.eEutfnullx\u{1}/") + [0x80, 0xc3, 0xa9, 0xe2, 0xf0, 0xff, 0]

    static func mutate(_ bytes: inout [UInt8], from start: Int, _ random: inout SeededGenerator) {
        for _ in 0...random.below(3) {
            let index = start + random.below(max(1, bytes.count - start))
            let letter = letters[random.below(letters.count)]
            switch random.below(4) {
            case 0 where index < bytes.count: bytes[index] = letter
            case 1 where index < bytes.count: bytes.remove(at: index)
            case 2 where index < bytes.count: bytes[index] ^= 1 << UInt8(random.below(8))
            default: bytes.insert(letter, at: min(index, bytes.count))
            }
        }
    }

    @Test("Both agree on generated and on mutated payloads", arguments: [1, 2, 3, 4] as [UInt64])
    func agreement(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var accepted = 0
        for _ in 0..<3000 {
            let list = (0..<random.below(4)).map { _ in JSONScanTests.generate(&random) }.joined(separator: ",")
            var source = JSONScanTests.head + "[\(list)]"
            if random.oneIn(2) { source += ",{\"k\":\(JSONScanTests.generate(&random))}" }
            var bytes = utf8(source + "]")
            #expect(clientViolation(bytes) == nil, "seed \(seed): \(text(bytes))")
            JSONScanTests.mutate(&bytes, from: JSONScanTests.head.utf8.count, &random)
            let expected = JSONScanTests.accepts(bytes)
            let violation = clientViolation(bytes)
            #expect(
                (violation == nil) == expected, "seed \(seed): \(bytes) \(text(bytes)) \(String(describing: violation))"
            )
            if expected { accepted += 1 }
        }
        // Mutations must leave enough of both kinds for the comparison to mean something.
        #expect(accepted > 100 && accepted < 2900)
    }

    @Test("What is accepted anywhere is JSON", arguments: [11, 12] as [UInt64])
    func wholeMessages(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let sources = ClientMessageTests.samples.map { utf8($0.json) }
        for _ in 0..<6000 {
            var bytes = sources[random.below(sources.count)]
            JSONScanTests.mutate(&bytes, from: 0, &random)
            if clientViolation(bytes) == nil {
                #expect(ReferenceJSON.parse(bytes) != nil, "seed \(seed): \(text(bytes))")
            }
            _ = routerViolation(bytes)
        }
    }

    @Test("Every length of the words' tail is scanned alike")
    func alignment() {
        for length in 0..<40 {
            for fault in ["", "\u{1}", "\u{1f}", "é", "\\n", "\\x", "\u{7f}"] {
                for position in 0...length {
                    let plain = String(repeating: "a", count: length)
                    let index = plain.index(plain.startIndex, offsetBy: position)
                    let source = JSONScanTests.head + "[\"" + plain[..<index] + fault + plain[index...] + "\"]]"
                    let expected = JSONScanTests.accepts(utf8(source))
                    #expect((clientViolation(source) == nil) == expected, "\(source)")
                }
            }
        }
    }

    @Test("Nesting is bounded, whatever is nested")
    func nesting() {
        func nested(_ open: String, _ close: String, _ levels: Int) -> String {
            let start = JSONScanTests.head + "["
            return start + String(repeating: open, count: levels) + "1" + String(repeating: close, count: levels) + "]]"
        }
        // The message is the first level, Args the second.
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            #expect(clientViolation(nested(open, close, ScanLimit.depth - 2)) == nil)
            let tooDeep = clientViolation(nested(open, close, ScanLimit.depth - 1))
            if case .nestedTooDeeply = tooDeep {} else { Issue.record("\(String(describing: tooDeep))") }
            _ = clientViolation(nested(open, close, 100_000))
        }
        let inOptions = "[16,1,{\"x\":" + String(repeating: "[", count: 127)
        if case .nestedTooDeeply = clientViolation(inOptions) {} else { Issue.record("options are bounded too") }
    }
}
