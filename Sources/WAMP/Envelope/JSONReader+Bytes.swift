import Bytes

// The parts of a JSON string, eight bytes a step where they are plain.

extension JSONReader {
    /// The first byte from `start` on that is a quotation mark, a backslash, a control character or not ASCII; the
    /// end of the bytes if there is none.
    ///
    /// Each test leaves the high bit of a matching byte set. Borrows can set it in a byte above a match, never below:
    /// the lowest bit set is always a true match.
    @inline(__always)
    static func endOfPlainRun(_ bytes: Span<UInt8>, from start: Int) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highs: UInt64 = 0x8080_8080_8080_8080
        var index = start
        while index &+ 8 <= bytes.count {
            let word = bytes.littleEndianWord(at: index)
            let quote = word ^ (ones &* 0x22)
            let backslash = word ^ (ones &* 0x5c)
            let found =
                ((quote &- ones) & ~quote | (backslash &- ones) & ~backslash | (word &- ones &* 0x20) & ~word | word)
                & highs
            if found != 0 { return index &+ found.trailingZeroBitCount / 8 }
            index &+= 8
        }
        while index < bytes.count {
            let byte = bytes[index]
            if byte == 0x22 || byte == 0x5c || byte < 0x20 || byte >= 0x80 { return index }
            index &+= 1
        }
        return index
    }

    /// How long the escape at the backslash is; 0 when it is none. `\u` takes any four hexadecimal digits, lone
    /// surrogates included, as the grammar of RFC 8259 does.
    static func escapeLength(_ bytes: Span<UInt8>, at backslash: Int) -> Int {
        switch bytes.peek(backslash &+ 1) {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return 2
        case UInt8(ascii: "u"):
            for offset in 2..<6 where hexadecimal(bytes.peek(backslash &+ offset)) == nil { return 0 }
            return 6
        default:
            return 0
        }
    }

    @inline(__always)
    static func hexadecimal(_ digit: UInt8) -> UInt32? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(digit &- UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(digit &- UInt8(ascii: "a") &+ 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(digit &- UInt8(ascii: "A") &+ 10)
        default: nil
        }
    }

    /// How long the UTF-8 sequence at a byte above ASCII is; 0 when it is ill-formed (RFC 3629) or cut off.
    @inline(__always)
    static func sequenceLength(_ bytes: Span<UInt8>, at index: Int) -> Int {
        let second = bytes.peek(index &+ 1)
        switch bytes.peek(index) {
        case 0xc2...0xdf:
            return second & 0xc0 == 0x80 ? 2 : 0
        case 0xe0...0xef:
            let lead = bytes[index]
            // No overlong forms behind E0, no surrogates behind ED.
            let lower: UInt8 = lead == 0xe0 ? 0xa0 : 0x80
            let upper: UInt8 = lead == 0xed ? 0x9f : 0xbf
            return second >= lower && second <= upper && bytes.peek(index &+ 2) & 0xc0 == 0x80 ? 3 : 0
        case 0xf0...0xf4:
            let lead = bytes[index]
            // No overlong forms behind F0, nothing above U+10FFFF behind F4.
            let lower: UInt8 = lead == 0xf0 ? 0x90 : 0x80
            let upper: UInt8 = lead == 0xf4 ? 0x8f : 0xbf
            guard second >= lower && second <= upper else { return 0 }
            return bytes.peek(index &+ 2) & 0xc0 == 0x80 && bytes.peek(index &+ 3) & 0xc0 == 0x80 ? 4 : 0
        default:
            return 0
        }
    }
}
