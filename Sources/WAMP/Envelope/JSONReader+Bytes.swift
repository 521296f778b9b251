import RennbahnBytes

// The parts of a JSON string, sixteen bytes a step where they are plain.

extension JSONReader {
    /// The first byte from `start` on that is a quotation mark, a backslash, a control character or not ASCII; the
    /// end of the bytes if there is none.
    @inline(__always)
    static func endOfPlainRun(_ bytes: Span<UInt8>, from start: Int) -> Int {
        var index = start
        while let block = bytes.block(at: index) {
            let stop = ByteBlock.first(ByteBlock.stops(block))
            index &+= stop
            if stop < 16 { return index }
            while let blocks = bytes.blocks(at: index) {
                let stops =
                    ByteBlock.stops(blocks.first) | ByteBlock.stops(blocks.second)
                    | ByteBlock.stops(blocks.third) | ByteBlock.stops(blocks.fourth)
                if ByteBlock.isAnySet(stops) { break }
                index &+= 64
            }
        }
        return index == bytes.count || isStop(bytes.peek(index)) ? index : endOfLastRun(bytes, from: index)
    }

    /// As ``endOfPlainRun(_:from:)``, with fewer than sixteen bytes left.
    private static func endOfLastRun(_ bytes: Span<UInt8>, from start: Int) -> Int {
        // The last sixteen bytes once more, those before the index left out.
        let last = bytes.count &- 16
        if let block = bytes.block(at: last) {
            return min(bytes.count, start &+ ByteBlock.first(ByteBlock.stops(block), behind: start &- last))
        }
        var index = start
        while index < bytes.count, !isStop(bytes.peek(index)) { index &+= 1 }
        return index
    }

    @inline(__always)
    private static func isStop(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20 || byte >= 0x80
    }

    /// The first byte from `start` on that is not plain, looked for in the next sixteen: nearly always the closing
    /// quotation mark.
    @inline(__always)
    static func endOfShortRun(_ bytes: Span<UInt8>, from start: Int) -> Int {
        guard let block = bytes.block(at: start) else { return start }
        return start &+ ByteBlock.first(ByteBlock.stops(block))
    }

    /// As ``endOfShortRun(_:from:)``, in the next 32.
    @inline(__always)
    static func endOfMediumRun(_ bytes: Span<UInt8>, from start: Int) -> Int {
        let index = endOfShortRun(bytes, from: start)
        return index == start &+ 16 ? endOfShortRun(bytes, from: index) : index
    }

    /// Passes the contents of a string and its closing quotation mark. `escaped` is set where they hold an escape.
    @inline(never)
    static func endOfString(
        _ bytes: Span<UInt8>, from start: Int, _ escaped: inout Bool
    ) throws(WAMPViolation) -> Int {
        var index = endOfPlainRun(bytes, from: start)
        while true {
            let byte = bytes.peek(index)
            if byte == UInt8(ascii: "\"") {
                return index &+ 1
            } else if byte == UInt8(ascii: "\\") {
                escaped = true
                let length = escapeLength(bytes, at: index)
                guard length > 0 else { throw .malformed(at: index) }
                index &+= length
            } else if byte >= 0x80 {
                repeat {
                    let length = sequenceLength(bytes, at: index)
                    guard length > 0 else { throw .invalidUTF8(at: index) }
                    index &+= length
                } while bytes.peek(index) >= 0x80
            } else {
                throw .malformed(at: index)
            }
            index = endOfRunBetween(bytes, from: index)
        }
    }

    /// As ``endOfPlainRun(_:from:)``, behind an escape or a letter that is not ASCII, where another is near.
    @inline(__always)
    private static func endOfRunBetween(_ bytes: Span<UInt8>, from start: Int) -> Int {
        let index = endOfShortRun(bytes, from: start)
        return index == start &+ 16 || index == start ? endOfPlainRun(bytes, from: index) : index
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
