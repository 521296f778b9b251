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
            if case .lead = expectation {
                guard let stop = UTF8Validator.skipWholeSequences(in: bytes, from: index) else { return false }
                index = stop
                guard index < count else { return true }
            }
            // At most three octets before the end of the piece, or those that complete what the last piece left open.
            guard step(bytes[index]) else { return false }
            index &+= 1
        }
        return true
    }

    /// One octet of a sequence that a cut may divide.
    private mutating func step(_ octet: UInt8) -> Bool {
        switch expectation {
        case .lead:
            if octet < 0x80 { return true }
            guard let next = UTF8Validator.expectation(afterLead: octet) else { return false }
            expectation = next
        case .continuation(let lower, let upper, let moreAfter):
            guard octet >= lower && octet <= upper else { return false }
            expectation = moreAfter == 0 ? .lead : .continuation(lower: 0x80, upper: 0xbf, moreAfter: moreAfter &- 1)
        }
        return true
    }

    /// Skips whole sequences, from a lead octet on, while at least four octets are left; returns where it stopped, or
    /// `nil` at a fault.
    ///
    /// Each sequence is judged from one load: the lead in the lowest octet of `word`, its continuations above it. Where
    /// all four octets are ASCII, more may follow, and goes in larger steps.
    private static func skipWholeSequences(in bytes: Span<UInt8>, from start: Int) -> Int? {
        var index = start
        while bytes.count &- index >= 4 {
            let word = UInt32(littleEndian: bytes.load(UInt32.self, at: index))
            let lead = word & 0xff
            let second = word >> 8 & 0xff
            let marks = word & 0x8080_8080
            if marks == 0 {
                index = skipASCII(in: bytes, from: index &+ 4)
            } else if lead < 0x80 {
                index &+= marks.trailingZeroBitCount >> 3
            } else if lead < 0xe0 {
                guard lead >= 0xc2, word & 0xc000 == 0x8000 else { return nil }
                index &+= 2
            } else if lead < 0xf0 {
                guard word & 0xc0_c000 == 0x80_8000 else { return nil }
                guard (lead != 0xe0 || second >= 0xa0) && (lead != 0xed || second < 0xa0) else { return nil }
                index &+= 3
            } else {
                guard lead <= 0xf4, word & 0xc0c0_c000 == 0x8080_8000 else { return nil }
                guard (lead != 0xf0 || second >= 0x90) && (lead != 0xf4 || second < 0x90) else { return nil }
                index &+= 4
            }
        }
        return index
    }

    /// Where ASCII ends, or within 8 octets of the end of `bytes`.
    private static func skipASCII(in bytes: Span<UInt8>, from start: Int) -> Int {
        var index = start
        while bytes.count &- index >= 32 {
            let low = bytes.load(UInt64.self, at: index) | bytes.load(UInt64.self, at: index &+ 8)
            let high = bytes.load(UInt64.self, at: index &+ 16) | bytes.load(UInt64.self, at: index &+ 24)
            if (low | high) & 0x8080_8080_8080_8080 != 0 { break }
            index &+= 32
        }
        while bytes.count &- index >= 8 {
            let marks = bytes.littleEndianWord(at: index) & 0x8080_8080_8080_8080
            if marks != 0 { return index &+ marks.trailingZeroBitCount >> 3 }
            index &+= 8
        }
        return index
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
