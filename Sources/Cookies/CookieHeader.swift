/// Reads `Cookie` request headers (RFC 6265, section 5.4), which come from anybody.
///
/// What is malformed is passed over and hides nothing else: the pairs end at semicolons and nowhere else.
package enum CookieHeader {
    /// Values of one name that are looked at; browsers send several when cookies of other paths have the same name.
    package static let mostValues = 8

    /// The values of the cookie `name` in the client's order, those that could be one of ours: 1 to 64 characters of
    /// Base64's alphabets, perhaps in quotes.
    ///
    /// - Parameter fields: the values of all `Cookie` header fields.
    package static func values(of name: String, in fields: [String]) -> [String] {
        let name = Array(name.utf8)
        var found: [String] = []
        for field in fields {
            let octets = Array(field.utf8)
            var start = 0
            while start < octets.count {
                let end = octets[start...].firstIndex(of: UInt8(ascii: ";")) ?? octets.count
                if let value = value(of: name, octets[start..<end]) {
                    found.append(value)
                    if found.count == mostValues { return found }
                }
                start = end + 1
            }
        }
        return found
    }

    /// The value of `name=value` if the pair is of that name and the value is well-formed.
    private static func value(of name: [UInt8], _ pair: ArraySlice<UInt8>) -> String? {
        let pair = trimmed(pair)
        guard pair.count > name.count, pair.starts(with: name), pair[pair.startIndex + name.count] == UInt8(ascii: "=")
        else { return nil }
        var value = pair.dropFirst(name.count + 1)
        if value.count >= 2, value.first == quote, value.last == quote { value = value.dropFirst().dropLast() }
        guard (1...CookiePolicy.lengths.upperBound).contains(value.count), value.allSatisfy(isValueOctet) else {
            return nil
        }
        return String(decoding: value, as: UTF8.self)
    }

    private static let quote = UInt8(ascii: "\"")

    private static func trimmed(_ slice: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var slice = slice
        while let first = slice.first, first == 0x20 || first == 0x09 { slice = slice.dropFirst() }
        while let last = slice.last, last == 0x20 || last == 0x09 { slice = slice.dropLast() }
        return slice
    }

    private static func isValueOctet(_ octet: UInt8) -> Bool {
        switch octet {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "+"),
            UInt8(ascii: "/"), UInt8(ascii: "="):
            true
        case _: false
        }
    }
}
