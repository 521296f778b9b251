/// Numbers of 48 bits as eight ASCII characters of six bits each, without a table and without a branch per character.
///
/// The alphabet in the order of its values is `-`, `0`–`9`, `A`–`Z`, `_`, `a`–`z`. The order is that of ASCII, so a
/// value becomes its character by adding 0x2d and what the gaps below it add up to, in all eight lanes of a word at once.
enum SixBit {
    private static let lanes: UInt64 = 0x0101_0101_0101_0101
    private static let highBits: UInt64 = 0x8080_8080_8080_8080

    /// The eight characters of the low 48 bits of `value`; the first one is the most significant byte.
    static func pack(_ value: UInt64) -> UInt64 {
        characters(of: spread(value & 0xffff_ffff_ffff))
    }

    /// The number that eight characters stand for; nil if one is not of the alphabet.
    static func unpack(_ text: UInt64) -> UInt64? {
        guard text & highBits == 0 else { return nil }
        // Lanes that hold no character of the alphabet come out wrong here, and then do not come back the same.
        let gaps =
            2 &* atLeast(0x30, text) &+ 7 &* atLeast(0x41, text) &+ 4 &* atLeast(0x5f, text) &+ atLeast(0x61, text)
        let values = (text &- 0x2d &* lanes &- gaps) & (0x3f &* lanes)
        guard characters(of: values) == text else { return nil }
        return gather(values)
    }

    private static func characters(of values: UInt64) -> UInt64 {
        let gaps =
            2 &* atLeast(1, values) &+ 7 &* atLeast(11, values) &+ 4 &* atLeast(37, values) &+ atLeast(38, values)
        return values &+ 0x2d &* lanes &+ gaps
    }

    /// 1 in every lane whose value (below 128) is at least `bound`.
    private static func atLeast(_ bound: UInt64, _ values: UInt64) -> UInt64 {
        (values &+ (0x80 &- bound) &* lanes) >> 7 & lanes
    }

    /// 48 bits to eight lanes of six: the upper half of what each lane of 64, 32 and 16 bits holds moves to the middle.
    private static func spread(_ value: UInt64) -> UInt64 {
        var bits = value
        bits = bits & 0x0000_0000_00ff_ffff | (bits & 0x0000_ffff_ff00_0000) << 8
        bits = bits & 0x0000_0fff_0000_0fff | (bits & 0x00ff_f000_00ff_f000) << 4
        bits = bits & 0x003f_003f_003f_003f | (bits & 0x0fc0_0fc0_0fc0_0fc0) << 2
        return bits
    }

    private static func gather(_ values: UInt64) -> UInt64 {
        var bits = values
        bits = bits & 0x003f_003f_003f_003f | (bits & 0x3f00_3f00_3f00_3f00) >> 2
        bits = bits & 0x0000_0fff_0000_0fff | (bits & 0x0fff_0000_0fff_0000) >> 4
        bits = bits & 0x0000_0000_00ff_ffff | (bits & 0x00ff_ffff_0000_0000) >> 8
        return bits
    }
}
