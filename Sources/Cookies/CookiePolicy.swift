/// What cookies of a transport are: its configuration's `cookie`, without the store.
package struct CookiePolicy: Sendable, Equatable {
    package enum SameSite: String, Sendable, CaseIterable {
        case strict = "Strict"
        case lax = "Lax"
        case none = "None"
    }

    /// Lengths that a value may have.
    package static let lengths = 6...64

    package var name: String
    /// Characters of a value, six random bits each.
    package var length: Int
    /// Seconds that a cookie lives, from its first day on; using it does not prolong it.
    package var maxAge: UInt64
    /// `Secure`.
    package var isForTLSOnly: Bool
    /// `HttpOnly`.
    package var isHiddenFromScripts: Bool
    package var sameSite: SameSite

    package init(
        name: String = "cbtid", length: Int = 24, maxAge: UInt64 = 604_800, isForTLSOnly: Bool = false,
        isHiddenFromScripts: Bool = true, sameSite: SameSite = .lax
    ) {
        precondition(CookiePolicy.lengths.contains(length) && maxAge > 0)
        self.name = name
        self.length = length
        self.maxAge = maxAge
        self.isForTLSOnly = isForTLSOnly
        self.isHiddenFromScripts = isHiddenFromScripts
        self.sameSite = sameSite
    }

    /// The value of the `Set-Cookie` header that gives a client its cookie (RFC 6265, section 4.1).
    package func header(value: String) -> String {
        var text = "\(name)=\(value);max-age=\(maxAge)"
        if isForTLSOnly { text += ";Secure" }
        if isHiddenFromScripts { text += ";HttpOnly" }
        return text + ";SameSite=\(sameSite.rawValue)"
    }

    /// Octets of randomness for one value.
    package var randomCount: Int { (length * 6 + 7) / 8 }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// A value of ``randomCount`` random octets, in the URL-safe alphabet of Base64.
    package func value(_ random: [UInt8]) -> String {
        precondition(random.count == randomCount)
        var characters: [UInt8] = []
        var bits: UInt32 = 0
        var held = 0
        for octet in random {
            bits = bits << 8 | UInt32(octet)
            held += 8
            while held >= 6, characters.count < length {
                held -= 6
                characters.append(CookiePolicy.alphabet[Int(bits >> UInt32(held) & 63)])
            }
        }
        return String(decoding: characters, as: UTF8.self)
    }
}
