import RennbahnBytes

/// Appends MsgPack, always in the shortest form.
enum MsgPackText {
    @inline(__always)
    static func append(natural value: UInt64, to output: inout ByteBuffer) {
        // Ids are either small or drawn from the whole range.
        if value < 0x80 {
            output.append(UInt8(truncatingIfNeeded: value))
        } else if value >= 0x1_0000_0000 {
            output.append(MsgPackFormat.uint8 &+ 3)
            output.append(bigEndian: value)
        } else {
            append(short: UInt32(truncatingIfNeeded: value), to: &output)
        }
    }

    /// From 0x80 on.
    private static func append(short value: UInt32, to output: inout ByteBuffer) {
        switch value {
        case 0..<0x100:
            output.append(MsgPackFormat.uint8)
            output.append(UInt8(truncatingIfNeeded: value))
        case 0x100..<0x1_0000:
            output.append(MsgPackFormat.uint8 &+ 1)
            output.append(bigEndian: UInt16(truncatingIfNeeded: value))
        default:
            output.append(MsgPackFormat.uint8 &+ 2)
            output.append(bigEndian: value)
        }
    }

    static func append(integer value: Int64, to output: inout ByteBuffer) {
        switch value {
        case 0...:
            append(natural: UInt64(value), to: &output)
        case -32..<0:
            output.append(UInt8(truncatingIfNeeded: value))
        case -0x80 ..< -32:
            output.append(MsgPackFormat.int8)
            output.append(UInt8(truncatingIfNeeded: value))
        case -0x8000 ..< -0x80:
            output.append(MsgPackFormat.int8 &+ 1)
            output.append(bigEndian: Int16(truncatingIfNeeded: value))
        case -0x8000_0000 ..< -0x8000:
            output.append(MsgPackFormat.int8 &+ 2)
            output.append(bigEndian: Int32(truncatingIfNeeded: value))
        default:
            output.append(MsgPackFormat.int8 &+ 3)
            output.append(bigEndian: value)
        }
    }

    static func append(double value: Double, to output: inout ByteBuffer) {
        output.append(MsgPackFormat.float64)
        output.append(bigEndian: value.bitPattern)
    }

    /// The head of a str of `count` bytes.
    @inline(__always)
    static func append(textHead count: Int, to output: inout ByteBuffer) {
        if count < 32 {
            output.append(0xa0 | UInt8(truncatingIfNeeded: count))
        } else if count < 0x100 {
            output.append(MsgPackFormat.str8)
            output.append(UInt8(truncatingIfNeeded: count))
        } else {
            append(first: MsgPackFormat.str8 &+ 1, long: count, to: &output)
        }
    }

    /// `first` for a 16-bit length, the format after it for a 32-bit one.
    private static func append(first: UInt8, long count: Int, to output: inout ByteBuffer) {
        precondition(count <= UInt32.max)
        if count < 0x1_0000 {
            output.append(first)
            output.append(bigEndian: UInt16(truncatingIfNeeded: count))
        } else {
            output.append(first &+ 1)
            output.append(bigEndian: UInt32(truncatingIfNeeded: count))
        }
    }
}
