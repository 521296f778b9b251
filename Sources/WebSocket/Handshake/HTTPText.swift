package import RennbahnBytes

/// The lexical rules of HTTP header fields (RFC 9110, section 5.6), for ASCII only.
package enum HTTPText {
    /// Space or tab.
    static func isBlank(_ octet: UInt8) -> Bool { octet == 0x20 || octet == 0x09 }

    static func isTokenOctet(_ octet: UInt8) -> Bool {
        switch octet {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "^")...UInt8(ascii: "z"), UInt8(ascii: "!"), UInt8(ascii: "#")...UInt8(ascii: "'"),
            UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "|"),
            UInt8(ascii: "~"):
            true
        default:
            false
        }
    }

    static func isToken(_ text: some StringProtocol) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy(isTokenOctet)
    }

    /// Lower case of the ASCII letters; other characters stay.
    package static func lowercased(_ text: some StringProtocol) -> String {
        String(
            decoding: text.utf8.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 },
            as: UTF8.self)
    }

    package static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while let first = text.utf8.first, isBlank(first) { text = text.dropFirst() }
        while let last = text.utf8.last, isBlank(last) { text = text.dropLast() }
        return text
    }

    /// Whether `text` can stand as a field value or a request target without ending the line.
    package static func isSafe(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f || $0 == 0x09 }
    }

    /// The elements of a comma-separated list of tokens; `nil` when one is not a token. Empty elements are skipped.
    static func tokens(_ values: [String]) -> [String]? {
        var tokens: [String] = []
        for value in values {
            for element in value.split(separator: ",") {
                let token = trimmed(element)
                if token.isEmpty { continue }
                guard isToken(token) else { return nil }
                tokens.append(String(token))
            }
        }
        return tokens
    }

    /// Appends `name: value` and the line end.
    package static func appendField(_ name: String, _ value: String, to output: inout ByteBuffer) {
        precondition(isToken(name) && isSafe(value), "not a header field")
        output.append(utf8: name)
        output.append(": ")
        output.append(utf8: value)
        output.append("\r\n")
    }
}
