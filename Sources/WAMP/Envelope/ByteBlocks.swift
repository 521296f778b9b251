import RennbahnBytes

// Loads of several octets at once, each checked against the span's end, and what is asked of them.
//
// Both operands of an operator on vectors have their types spelled out: where a type is left to inference, Swift 6.3 takes
// the generic operator, which is a loop over the lanes.

extension Span where Element == UInt8 {
    /// The byte at `index`, or 0 outside. No structure of JSON holds the byte 0, so one comparison serves both.
    @inline(__always)
    func peek(_ index: Int) -> UInt8 {
        UInt(bitPattern: index) < UInt(bitPattern: count) ? unsafe self[unchecked: index] : 0
    }

    /// The byte at `index`, or `nil` outside.
    @inline(__always)
    func byte(at index: Int) -> UInt8? {
        UInt(bitPattern: index) < UInt(bitPattern: count) ? unsafe self[unchecked: index] : nil
    }

    /// The sixteen bytes at `index`, or `nil` where fewer are left.
    @inline(__always)
    func block(at index: Int) -> SIMD16<UInt8>? {
        guard holds(16, at: index) else { return nil }
        return unsafe value(SIMD16<UInt8>.self, at: index)
    }

    /// The 64 bytes at `index`, or `nil` where fewer are left.
    @inline(__always)
    func blocks(at index: Int) -> ByteBlocks? {
        guard holds(64, at: index) else { return nil }
        return unsafe ByteBlocks(
            first: value(SIMD16<UInt8>.self, at: index), second: value(SIMD16<UInt8>.self, at: index &+ 16),
            third: value(SIMD16<UInt8>.self, at: index &+ 32), fourth: value(SIMD16<UInt8>.self, at: index &+ 48))
    }

    /// The eight bytes at `index`, the first in the lowest byte, or `nil` where fewer are left.
    @inline(__always)
    func word(at index: Int) -> UInt64? {
        guard holds(8, at: index) else { return nil }
        return UInt64(littleEndian: unsafe value(UInt64.self, at: index))
    }

    /// The four bytes at `index`, the first in the lowest byte, or `nil` where fewer are left.
    @inline(__always)
    func halfWord(at index: Int) -> UInt32? {
        guard holds(4, at: index) else { return nil }
        return UInt32(littleEndian: unsafe value(UInt32.self, at: index))
    }

    /// Whether `length` bytes stand at `index`: one comparison, since what it is compared with stays the same in a loop.
    @inline(__always)
    func holds(_ length: Int, at index: Int) -> Bool {
        UInt(bitPattern: index) < UInt(bitPattern: count >= length ? count &- length &+ 1 : 0)
    }

    /// The type is always named: where it was inferred from an optional result, the optional itself would be loaded.
    @inline(__always)
    @unsafe
    private func value<Value: BitwiseCopyable>(_ type: Value.Type, at index: Int) -> Value {
        unsafe withUnsafeBytes { bytes in
            unsafe bytes.baseAddress.unsafelyUnwrapped.loadUnaligned(fromByteOffset: index, as: type)
        }
    }
}

/// 64 octets.
struct ByteBlocks {
    var first, second, third, fourth: SIMD16<UInt8>
}

/// Tests of sixteen octets at once.
enum ByteBlock {
    /// 0xff for each quotation mark, backslash, control character and octet above ASCII: what ends a plain run of a
    /// JSON string. As signed numbers, the last two are all that is below a space.
    @inline(__always)
    static func stops(_ block: SIMD16<UInt8>) -> SIMD16<UInt8> {
        let mark = SIMD16<UInt8>(repeating: UInt8(ascii: "\""))
        let backslash = SIMD16<UInt8>(repeating: UInt8(ascii: "\\"))
        let space = SIMD16<Int8>(repeating: 0x20)
        let signed = unsafe unsafeBitCast(block, to: SIMD16<Int8>.self)
        let found = (block .== mark) .| (block .== backslash) .| (signed .< space)
        return unsafe unsafeBitCast(found, to: SIMD16<UInt8>.self)
    }

    /// The first octet that is not 0, of octets that are 0 or have their highest bit set; 16 if there is none.
    @inline(__always)
    static func first(_ block: SIMD16<UInt8>) -> Int {
        let halves = unsafe unsafeBitCast(block, to: SIMD2<UInt64>.self)
        if halves.x != 0 { return UInt64(littleEndian: halves.x).trailingZeroBitCount >> 3 }
        return 8 &+ UInt64(littleEndian: halves.y).trailingZeroBitCount >> 3
    }

    /// As ``first(_:)``, without the first `passed` octets, and counted from there.
    @inline(__always)
    static func first(_ block: SIMD16<UInt8>, behind passed: Int) -> Int {
        let halves = unsafe unsafeBitCast(block, to: SIMD2<UInt64>.self)
        let bits = UInt128(UInt64(littleEndian: halves.y)) << 64 | UInt128(UInt64(littleEndian: halves.x))
        return (bits >> UInt128(truncatingIfNeeded: passed &* 8)).trailingZeroBitCount >> 3
    }

    /// Whether any bit of any octet is set.
    @inline(__always)
    static func isAnySet(_ block: SIMD16<UInt8>) -> Bool {
        let halves = unsafe unsafeBitCast(block, to: SIMD2<UInt64>.self)
        return halves.x | halves.y != 0
    }

    /// Whether any octet is above ASCII.
    @inline(__always)
    static func isAnyMarked(_ block: SIMD16<UInt8>) -> Bool {
        let halves = unsafe unsafeBitCast(block, to: SIMD2<UInt64>.self)
        return (halves.x | halves.y) & 0x8080_8080_8080_8080 != 0
    }
}
