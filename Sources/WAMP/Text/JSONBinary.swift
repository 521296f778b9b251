import RennbahnBytes

/// WAMP's form of a binary in JSON: a string of U+0000 and standard base64 (WAMP specification, "Binary conversion of
/// JSON Strings"). Since JSON allows no raw control characters, the first always stands as the escape `\u0000`.
enum JSONBinary {
    private static let mark: StaticString = "\\u0000"

    /// Whether the contents of a JSON string are a binary.
    static func isBinary(_ text: Span<UInt8>) -> Bool {
        text.count >= 6 && text.extracting(0..<6).equals(mark)
    }

    /// Appends the bytes that a string, which ``isBinary(_:)``, stands for.
    ///
    /// - Parameter position: where the string stands, for the violation.
    static func decode(
        _ text: Span<UInt8>, at position: Int, into output: inout ByteBuffer
    ) throws(WAMPViolation) {
        let base64 = text.extracting(6..<text.count)
        do throws(Base64.Malformed) {
            if JSONReader.endOfPlainRun(base64, from: 0) == base64.count {
                try Base64.decode(base64, into: &output)
            } else {
                // Some writers escape the solidus, which is a letter of base64.
                var plain = ByteBuffer()
                JSONText.unescape(base64, into: &plain)
                try Base64.decode(plain.span, into: &output)
            }
        } catch {
            throw .notConvertible(at: position)
        }
    }

    /// Appends a whole JSON string.
    static func append(_ bytes: Span<UInt8>, to output: inout ByteBuffer) {
        output.append(UInt8(ascii: "\""))
        output.append(mark)
        Base64.encode(bytes, into: &output)
        output.append(UInt8(ascii: "\""))
    }
}
