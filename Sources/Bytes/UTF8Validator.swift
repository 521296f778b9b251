/// Incremental UTF-8 validation (RFC 3629): well-formed sequences only, no surrogates, nothing above U+10FFFF, shortest
/// form. The pieces may be cut anywhere; a fault is found at the octet that makes it certain (RFC 6455, section 8.1).
package struct UTF8Validator: Sendable {
    /// What the next octet must be.
    ///
    /// ```
    /// lead      next octet            then
    /// C2…DF     80…BF                 –
    /// E0        A0…BF                 one more
    /// E1…EC EE EF 80…BF               one more
    /// ED        80…9F                 one more (no surrogates)
    /// F0        90…BF                 two more
    /// F1…F3     80…BF                 two more
    /// F4        80…8F                 two more (not above U+10FFFF)
    /// ```
    private enum Expectation {
        case lead
        case continuation(lower: UInt8, upper: UInt8, moreAfter: UInt8)
    }

    private var expectation = Expectation.lead

    package init() {}

    /// Whether the text may end here: no sequence is open.
    package var isComplete: Bool {
        if case .lead = expectation { true } else { false }
    }

    /// Takes the next piece; false once the text cannot be UTF-8 any more, after which the validator is of no use.
    package mutating func consume(_ bytes: Span<UInt8>) -> Bool {
        var index = 0
        let count = bytes.count
        while index < count {
            switch expectation {
            case .lead:
                while index &+ 8 <= count, bytes.littleEndianWord(at: index) & 0x8080_8080_8080_8080 == 0 {
                    index &+= 8
                }
                guard index < count else { return true }
                let octet = bytes[index]
                index &+= 1
                if octet < 0x80 { continue }
                guard let next = UTF8Validator.expectation(afterLead: octet) else { return false }
                expectation = next
            case .continuation(let lower, let upper, let moreAfter):
                let octet = bytes[index]
                index &+= 1
                guard octet >= lower && octet <= upper else { return false }
                expectation =
                    moreAfter == 0 ? .lead : .continuation(lower: 0x80, upper: 0xbf, moreAfter: moreAfter &- 1)
            }
        }
        return true
    }

    private static func expectation(afterLead octet: UInt8) -> Expectation? {
        switch octet {
        case 0xc2...0xdf: .continuation(lower: 0x80, upper: 0xbf, moreAfter: 0)
        case 0xe0: .continuation(lower: 0xa0, upper: 0xbf, moreAfter: 1)
        case 0xed: .continuation(lower: 0x80, upper: 0x9f, moreAfter: 1)
        case 0xe1...0xef: .continuation(lower: 0x80, upper: 0xbf, moreAfter: 1)
        case 0xf0: .continuation(lower: 0x90, upper: 0xbf, moreAfter: 2)
        case 0xf1...0xf3: .continuation(lower: 0x80, upper: 0xbf, moreAfter: 2)
        case 0xf4: .continuation(lower: 0x80, upper: 0x8f, moreAfter: 2)
        default: nil
        }
    }

    /// Whether `bytes` is a whole, well-formed text.
    package static func isValid(_ bytes: Span<UInt8>) -> Bool {
        var validator = UTF8Validator()
        return validator.consume(bytes) && validator.isComplete
    }
}
