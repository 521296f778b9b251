import RennbahnBytes

/// Decimal digits, eight a step.
enum JSONDigits {
    /// How many of a word's bytes are digits, from the lowest on; 8 when all are.
    ///
    /// A digit is 0x30 and its value. Without the 0x30, adding 0x76 reaches the high bit from 10 on. What it carries
    /// out of a byte falsifies only those above, and the lowest mark counts.
    @inline(__always)
    static func count(_ word: UInt64) -> Int {
        let values = word ^ 0x3030_3030_3030_3030
        let marks = ((values &+ 0x7676_7676_7676_7676) | values) & 0x8080_8080_8080_8080
        return marks.trailingZeroBitCount >> 3
    }

    /// The value of the lowest `count` bytes, 1 to 8 digits: moved to the top, with zeros in front, neighbours are
    /// joined to pairs, to fours, to eight.
    @inline(__always)
    static func value(_ word: UInt64, count: Int) -> UInt64 {
        var value = (word & 0x0f0f_0f0f_0f0f_0f0f) &<< UInt64(truncatingIfNeeded: 64 &- 8 &* count)
        value = (value &* (1 << 8 &* 10 &+ 1)) &>> 8 & 0x00ff_00ff_00ff_00ff
        value = (value &* (1 << 16 &* 100 &+ 1)) &>> 16 & 0x0000_ffff_0000_ffff
        return (value &* (1 << 32 &* 10_000 &+ 1)) &>> 32
    }

    /// The first byte from `start` on that is no digit.
    @inline(__always)
    static func end(_ bytes: Span<UInt8>, from start: Int) -> Int {
        var index = start
        while let word = bytes.word(at: index) {
            let count = count(word)
            index &+= count
            if count < 8 { return index }
        }
        while bytes.peek(index) &- UInt8(ascii: "0") < 10 { index &+= 1 }
        return index
    }

    /// The number at `start` and where its digits end; `nil` when there are none, or more than ids ever have.
    @inline(__always)
    static func natural(_ bytes: Span<UInt8>, at start: Int) -> (UInt64, Int)? {
        guard let word = bytes.word(at: start) else { return singly(bytes, at: start) }
        let count = count(word)
        if count == 0 { return nil }
        let high = value(word, count: count)
        return count < 8 ? (high, start &+ count) : long(bytes, at: start, high)
    }

    /// A number whose first eight digits are `high`.
    private static func long(_ bytes: Span<UInt8>, at start: Int, _ high: UInt64) -> (UInt64, Int)? {
        guard let word = bytes.word(at: start &+ 8) else { return singly(bytes, at: start) }
        switch count(word) {
        case 0: return (high, start &+ 8)
        case 1: return (high &* 10 &+ value(word, count: 1), start &+ 9)
        case 2: return (high &* 100 &+ value(word, count: 2), start &+ 10)
        case 3: return (high &* 1_000 &+ value(word, count: 3), start &+ 11)
        case 4: return (high &* 10_000 &+ value(word, count: 4), start &+ 12)
        case 5: return (high &* 100_000 &+ value(word, count: 5), start &+ 13)
        case 6: return (high &* 1_000_000 &+ value(word, count: 6), start &+ 14)
        case 7: return (high &* 10_000_000 &+ value(word, count: 7), start &+ 15)
        default:
            // Ids that are drawn at random have sixteen digits nine times out of ten.
            if bytes.peek(start &+ 16) &- UInt8(ascii: "0") < 10 { return singly(bytes, at: start) }
            return (high &* 100_000_000 &+ value(word, count: 8), start &+ 16)
        }
    }

    /// Digit by digit: at the end of the bytes, and beyond sixteen digits.
    static func singly(_ bytes: Span<UInt8>, at start: Int) -> (UInt64, Int)? {
        var index = start
        var value: UInt64 = 0
        while true {
            let digit = bytes.peek(index) &- UInt8(ascii: "0")
            guard digit < 10 else { break }
            // Below 10^18 another digit always fits; ids end far before.
            guard value < 1_000_000_000_000_000_000 else { return nil }
            value = value &* 10 &+ UInt64(digit)
            index &+= 1
        }
        return index > start ? (value, index) : nil
    }
}
