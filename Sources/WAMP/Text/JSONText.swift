package import RennbahnBytes

/// The contents of JSON strings: escapes taken out and put in.
package enum JSONText {
    /// Appends what the contents of a JSON string mean. They must have passed a scan.
    ///
    /// A `\u` escape that is half a surrogate pair becomes U+FFFD, since UTF-8 has no form for it.
    package static func unescape(_ text: Span<UInt8>, into output: inout ByteBuffer) {
        output.reserve(text.count)
        var index = 0
        while index < text.count {
            let end = JSONReader.endOfPlainRun(text, from: index)
            if end > index {
                output.append(text.extracting(index..<end))
                index = end
            } else if text[index] == UInt8(ascii: "\\") {
                append(scalar: escapedScalar(text, &index), to: &output)
            } else {
                output.append(text[index])
                index &+= 1
            }
        }
    }

    /// How many bytes ``unescape(_:into:)`` appends.
    package static func unescapedCount(_ text: Span<UInt8>) -> Int {
        var count = 0
        var index = 0
        while index < text.count {
            if text[index] == UInt8(ascii: "\\") {
                count &+= encodedCount(of: escapedScalar(text, &index))
            } else {
                count &+= 1
                index &+= 1
            }
        }
        return count
    }

    /// As ``unescape(_:into:)``, for short texts without storage.
    ///
    /// - Returns: how many bytes were written, or `nil` when they do not fit.
    static func unescape(_ text: Span<UInt8>, into output: inout InlineArray<32, UInt8>) -> Int? {
        var count = 0
        var index = 0
        while index < text.count {
            guard count < output.count else { return nil }
            if text[index] == UInt8(ascii: "\\") {
                let scalar = escapedScalar(text, &index)
                // Names of keys and their values are ASCII.
                guard scalar < 0x80 else { return nil }
                output[count] = UInt8(truncatingIfNeeded: scalar)
            } else {
                output[count] = text[index]
                index &+= 1
            }
            count &+= 1
        }
        return count
    }

    /// Appends `text` as the contents of a JSON string: quotation marks, backslashes and control characters escaped,
    /// all else as it is.
    package static func escape(_ text: Span<UInt8>, into output: inout ByteBuffer) {
        var index = 0
        while index < text.count {
            let end = JSONReader.endOfPlainRun(text, from: index)
            if end > index {
                output.append(text.extracting(index..<end))
                index = end
            } else {
                append(escaped: text[index], to: &output)
                index &+= 1
            }
        }
    }

    private static func append(escaped byte: UInt8, to output: inout ByteBuffer) {
        switch byte {
        case UInt8(ascii: "\""): output.append("\\\"")
        case UInt8(ascii: "\\"): output.append("\\\\")
        case 0x08: output.append("\\b")
        case 0x09: output.append("\\t")
        case 0x0a: output.append("\\n")
        case 0x0c: output.append("\\f")
        case 0x0d: output.append("\\r")
        case 0x00..<0x20:
            output.append("\\u00")
            output.append(byte < 0x10 ? UInt8(ascii: "0") : UInt8(ascii: "1"))
            let digit = byte & 0x0f
            output.append(digit < 10 ? digit &+ UInt8(ascii: "0") : digit &- 10 &+ UInt8(ascii: "a"))
        default: output.append(byte)
        }
    }

    // MARK: Single escapes

    /// Reads the escape at the backslash at `index` and moves behind it; a surrogate pair is one scalar.
    private static func escapedScalar(_ text: Span<UInt8>, _ index: inout Int) -> UInt32 {
        let kind = text.peek(index &+ 1)
        guard kind == UInt8(ascii: "u") else {
            index &+= 2
            switch kind {
            case UInt8(ascii: "b"): return 0x08
            case UInt8(ascii: "f"): return 0x0c
            case UInt8(ascii: "n"): return 0x0a
            case UInt8(ascii: "r"): return 0x0d
            case UInt8(ascii: "t"): return 0x09
            default: return UInt32(kind)
            }
        }
        let unit = codeUnit(text, at: index)
        index &+= 6
        guard unit & 0xf800 == 0xd800 else { return unit }
        guard unit < 0xdc00, text.peek(index) == UInt8(ascii: "\\"), text.peek(index &+ 1) == UInt8(ascii: "u") else {
            return 0xfffd
        }
        let low = codeUnit(text, at: index)
        guard low & 0xfc00 == 0xdc00 else { return 0xfffd }
        index &+= 6
        return 0x10000 &+ (unit & 0x3ff) << 10 &+ (low & 0x3ff)
    }

    /// The four hexadecimal digits of the `\u` at `index`.
    private static func codeUnit(_ text: Span<UInt8>, at index: Int) -> UInt32 {
        var unit: UInt32 = 0
        for offset in 2..<6 {
            unit = unit << 4 | (JSONReader.hexadecimal(text.peek(index &+ offset)) ?? 0)
        }
        return unit
    }

    private static func encodedCount(of scalar: UInt32) -> Int {
        switch scalar {
        case 0..<0x80: 1
        case 0x80..<0x800: 2
        case 0x800..<0x10000: 3
        default: 4
        }
    }

    private static func append(scalar: UInt32, to output: inout ByteBuffer) {
        let continuation = { (shift: UInt32) in UInt8(truncatingIfNeeded: scalar >> shift & 0x3f | 0x80) }
        switch encodedCount(of: scalar) {
        case 1:
            output.append(UInt8(truncatingIfNeeded: scalar))
        case 2:
            output.append(UInt8(truncatingIfNeeded: scalar >> 6 | 0xc0))
            output.append(continuation(0))
        case 3:
            output.append(UInt8(truncatingIfNeeded: scalar >> 12 | 0xe0))
            output.append(continuation(6))
            output.append(continuation(0))
        default:
            output.append(UInt8(truncatingIfNeeded: scalar >> 18 | 0xf0))
            output.append(continuation(12))
            output.append(continuation(6))
            output.append(continuation(0))
        }
    }
}
