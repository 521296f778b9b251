import RennbahnBytes

/// What a realm, topic, procedure or error URI may look like (WAMP specification, "URIs").
///
/// Components are separated by dots. Loose rules forbid white space and `#` in a component; strict rules allow only
/// `a`–`z`, `0`–`9` and `_`. Which components may be empty depends on how the URI is matched:
///
/// ```
/// exact      none
/// prefix     the last:  "com.example."  and  ""
/// wildcard   any:       "com..create", "." and ""
/// ```
///
/// URIs are given as well-formed UTF-8, unescaped.
package enum URIRules {
    /// Which characters a component may have; a setting of the router.
    package enum Strictness: Sendable {
        case loose, strict
    }

    /// Whether `uri` may be used with `match`.
    package static func isValid(
        _ uri: Span<UInt8>, strictness: Strictness = .loose, match: MatchPolicy = .exact
    ) -> Bool {
        let strict = strictness == .strict
        var index = 0
        var componentIsEmpty = true
        while index < uri.count {
            let byte = uri[index]
            if byte == UInt8(ascii: ".") {
                if componentIsEmpty, match != .wildcard { return false }
                componentIsEmpty = true
            } else {
                guard strict ? isStrict(byte) : isLoose(uri, at: index) else { return false }
                componentIsEmpty = false
            }
            index &+= 1
        }
        return !componentIsEmpty || match != .exact
    }

    /// Whether the first component is `wamp`, under which only routers publish and register.
    package static func isReserved(_ uri: Span<UInt8>) -> Bool {
        guard uri.count >= 4, uri.extracting(0..<4).equals("wamp") else { return false }
        return uri.count == 4 || uri[4] == UInt8(ascii: ".")
    }

    private static func isStrict(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
        default: false
        }
    }

    @inline(__always)
    private static func isLoose(_ uri: Span<UInt8>, at index: Int) -> Bool {
        let byte = uri[index]
        if byte < 0x80 { return byte > 0x20 && byte != UInt8(ascii: "#") }
        return !isWhiteSpace(uri, at: index)
    }

    /// Whether one of Unicode's White_Space characters outside ASCII starts here:
    ///
    /// ```
    /// U+0085  C2 85        U+2000…U+200A  E2 80 80…8A     U+205F  E2 81 9F
    /// U+00A0  C2 A0        U+2028 U+2029  E2 80 A8 A9     U+3000  E3 80 80
    /// U+1680  E1 9A 80     U+202F         E2 80 AF
    /// ```
    private static func isWhiteSpace(_ uri: Span<UInt8>, at index: Int) -> Bool {
        let second = uri.peek(index &+ 1)
        let third = uri.peek(index &+ 2)
        switch uri[index] {
        case 0xc2: return second == 0x85 || second == 0xa0
        case 0xe1: return second == 0x9a && third == 0x80
        case 0xe2:
            if second == 0x81 { return third == 0x9f }
            return second == 0x80 && (third >= 0x80 && third <= 0x8a || third == 0xa8 || third == 0xa9 || third == 0xaf)
        case 0xe3: return second == 0x80 && third == 0x80
        default: return false
        }
    }
}
