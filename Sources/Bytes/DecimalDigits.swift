/// Decimal digits, eight at a time in one word: no division, no table, no loop.
enum DecimalDigits {
    static let eightDigits: UInt64 = 100_000_000
    static let ascii: UInt64 = 0x3030_3030_3030_3030

    /// The digits of `value`, below 10^8, as octets 0…9, the first in the lowest octet.
    ///
    /// Each step halves the digits of every lane: the quotient stays where it is and the remainder goes to the lane above.
    /// `quotient + (value - quotient * d) << s` is computed as `value << s - quotient * (d << s - 1)`.
    ///
    /// ```
    ///    12345678                           one lane of 8 digits
    ///    5678 | 1234                        two lanes of 32 bits, by 10000
    ///    78 | 56 | 34 | 12                  four lanes of 16 bits, by 100
    ///    8 | 7 | 6 | 5 | 4 | 3 | 2 | 1      eight octets, by 10
    /// ```
    @inline(__always)
    static func spread(_ value: UInt64) -> UInt64 {
        let tenThousands = (value &* 3_518_437_209) &>> 45
        let fours = value &<< 32 &- tenThousands &* (10_000 << 32 - 1)
        let hundreds = (fours &* 10_486) &>> 20 & 0x7f_0000_007f
        let twos = fours &<< 16 &- hundreds &* (100 << 16 - 1)
        let tens = (twos &* 103) &>> 10 & 0xf_000f_000f_000f
        return twos &<< 8 &- tens &* (10 << 8 - 1)
    }
}

extension ByteBuffer {
    /// Appends the decimal digits of `value`.
    @inlinable
    public mutating func append(decimal value: UInt64) {
        if value < 10 {
            append(UInt8(truncatingIfNeeded: value) | 0x30)
        } else if value < 100 {
            append(bigEndian: UInt16(truncatingIfNeeded: (value / 10) &<< 8 | value % 10) | 0x3030)
        } else {
            appendLong(decimal: value)
        }
    }

    @usableFromInline
    mutating func appendLong(decimal value: UInt64) {
        // Words are stored whole, also where fewer digits count.
        reserve(24)
        let upper = value / DecimalDigits.eightDigits
        if upper == 0 {
            appendWithoutZeros(value)
        } else if upper < DecimalDigits.eightDigits {
            appendWithoutZeros(upper)
            appendEight(value &- upper &* DecimalDigits.eightDigits)
        } else {
            appendLongest(decimal: value)
        }
    }

    /// Seventeen digits and more.
    @inline(never)
    private mutating func appendLongest(decimal value: UInt64) {
        let upper = value / DecimalDigits.eightDigits
        let top = upper / DecimalDigits.eightDigits
        appendWithoutZeros(top)
        appendEight(upper &- top &* DecimalDigits.eightDigits)
        appendEight(value &- upper &* DecimalDigits.eightDigits)
    }

    /// Room must have been made.
    @inline(__always)
    private mutating func appendWithoutZeros(_ value: UInt64) {
        let digits = DecimalDigits.spread(value)
        let zeros = digits.trailingZeroBitCount & ~7
        store((digits | DecimalDigits.ascii) &>> UInt64(truncatingIfNeeded: zeros), counting: 8 &- zeros &>> 3)
    }

    @inline(__always)
    private mutating func appendEight(_ value: UInt64) {
        store(DecimalDigits.spread(value) | DecimalDigits.ascii, counting: 8)
    }
}
