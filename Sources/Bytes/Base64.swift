/// Base64 with the standard alphabet and padding (RFC 4648, section 4), as WAMP's JSON binaries and the WebSocket
/// handshake use it.
package enum Base64 {
    package struct Malformed: Error, Equatable, CustomStringConvertible {
        package init() {}

        package var description: String { "not Base64" }
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// The value of each octet, 0xff where it is none of the alphabet.
    private static let values: [UInt8] = {
        var table = [UInt8](repeating: 0xff, count: 256)
        for (value, octet) in alphabet.enumerated() { table[Int(octet)] = UInt8(value) }
        return table
    }()

    /// How many characters `count` bytes take.
    package static func encodedCount(_ count: Int) -> Int { (count + 2) / 3 * 4 }

    package static func encode(_ bytes: Span<UInt8>, into output: inout ByteBuffer) {
        let alphabet = Base64.alphabet
        output.reserve(encodedCount(bytes.count))
        var index = 0
        while index + 3 <= bytes.count {
            let group = UInt32(bytes[index]) << 16 | UInt32(bytes[index + 1]) << 8 | UInt32(bytes[index + 2])
            for shift: UInt32 in [18, 12, 6, 0] { output.append(alphabet[Int(group >> shift & 63)]) }
            index += 3
        }
        switch bytes.count - index {
        case 1:
            let group = UInt32(bytes[index]) << 16
            output.append(alphabet[Int(group >> 18 & 63)])
            output.append(alphabet[Int(group >> 12 & 63)])
            output.append("==")
        case 2:
            let group = UInt32(bytes[index]) << 16 | UInt32(bytes[index + 1]) << 8
            output.append(alphabet[Int(group >> 18 & 63)])
            output.append(alphabet[Int(group >> 12 & 63)])
            output.append(alphabet[Int(group >> 6 & 63)])
            output.append(UInt8(ascii: "="))
        default:
            break
        }
    }

    package static func encode(_ bytes: [UInt8]) -> String {
        var output = ByteBuffer(capacity: encodedCount(bytes.count))
        encode(bytes.span, into: &output)
        return output.span.text()
    }

    /// Appends the decoded bytes; refuses foreign characters, missing padding and stray bits in the last group, and
    /// then leaves `output` as it was.
    package static func decode(_ text: Span<UInt8>, into output: inout ByteBuffer) throws(Malformed) {
        let start = output.count
        do {
            try appendDecoded(text, to: &output)
        } catch {
            output.truncate(to: start)
            throw error
        }
    }

    private static func appendDecoded(_ text: Span<UInt8>, to output: inout ByteBuffer) throws(Malformed) {
        let values = Base64.values
        guard text.count % 4 == 0 else { throw Malformed() }
        output.reserve(text.count / 4 * 3)
        var index = 0
        while index < text.count {
            let isLast = index + 4 == text.count
            let padding =
                isLast && text[index + 3] == UInt8(ascii: "=") ? (text[index + 2] == UInt8(ascii: "=") ? 2 : 1) : 0
            var group: UInt32 = 0
            for position in 0..<4 {
                let value = position < 4 - padding ? values[Int(text[index + position])] : 0
                guard value < 64 else { throw Malformed() }
                group = group << 6 | UInt32(value)
            }
            if padding > 0, group & (padding == 2 ? 0xffff : 0xff) != 0 { throw Malformed() }
            output.append(UInt8(truncatingIfNeeded: group >> 16))
            if padding < 2 { output.append(UInt8(truncatingIfNeeded: group >> 8)) }
            if padding < 1 { output.append(UInt8(truncatingIfNeeded: group)) }
            index += 4
        }
    }
}

extension Base64 {
    /// `nil` for what ``decode(_:into:)`` refuses.
    package static func decode(_ text: String) -> [UInt8]? {
        let octets = Array(text.utf8)
        var output = ByteBuffer(capacity: octets.count)
        guard (try? decode(octets.span, into: &output)) != nil else { return nil }
        return output.span.copied()
    }
}
