import RennbahnBytes
import RennbahnWAMP

/// A number of a JSON text that reads as another one. Fractions are not looked at so closely: each becomes the nearest double,
/// as everybody's do.
struct InexactNumber {
    /// Of its first digit or sign.
    let position: Int
    let reason: String

    /// The first of a text that is well formed.
    static func first(in text: Span<UInt8>) -> InexactNumber? {
        var index = 0
        while index < text.count {
            switch text[index] {
            case UInt8(ascii: "\""): index = endOfString(text, from: index + 1)
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
                let end = endOfNumber(text, from: index)
                if let reason = reason(text.extracting(index..<end)) {
                    return InexactNumber(position: index, reason: reason)
                }
                index = end
            default: index += 1
            }
        }
        return nil
    }

    private static func reason(_ token: Span<UInt8>) -> String? {
        guard case .double(let number)? = try? WAMPValue.decode(token, serializer: .json) else { return nil }
        if isWhole(token) { return "a whole number of more than 64 bits, which no serializer keeps" }
        if !number.isFinite { return "a number too large for double precision" }
        return number == 0 && hasNonzeroDigit(token) ? "a number too small for double precision" : nil
    }

    /// Whether the digits before an exponent have one that is not 0.
    private static func hasNonzeroDigit(_ token: Span<UInt8>) -> Bool {
        for index in 0..<token.count {
            if token[index] | 0x20 == UInt8(ascii: "e") { return false }
            if (UInt8(ascii: "1")...UInt8(ascii: "9")).contains(token[index]) { return true }
        }
        return false
    }

    private static func isWhole(_ token: Span<UInt8>) -> Bool {
        for index in 0..<token.count where ".eE".utf8.contains(token[index]) { return false }
        return true
    }

    /// Behind the closing quotation mark.
    private static func endOfString(_ text: Span<UInt8>, from start: Int) -> Int {
        var index = start
        while text[index] != UInt8(ascii: "\"") { index += text[index] == UInt8(ascii: "\\") ? 2 : 1 }
        return index + 1
    }

    private static func endOfNumber(_ text: Span<UInt8>, from start: Int) -> Int {
        var index = start
        while index < text.count, !",]} \t\r\n".utf8.contains(text[index]) { index += 1 }
        return index
    }
}
