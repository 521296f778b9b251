import RennbahnBytes

/// The proof of section 4.2.2 that the server read the handshake: base64(SHA-1(key + GUID)). The digest is the
/// caller's work.
package enum AcceptKey {
    private static let guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

    /// What is to be digested with SHA-1.
    package static func acceptInput(key: String) -> [UInt8] {
        Array((key + guid).utf8)
    }

    /// The value of `Sec-WebSocket-Accept`.
    package static func value(forDigest digest: Span<UInt8>) -> String {
        Base64.encode(digest.copied())
    }

    /// A client's `Sec-WebSocket-Key`.
    ///
    /// - Parameter nonce: 16 random octets.
    package static func key(nonce: Span<UInt8>) -> String {
        precondition(nonce.count == 16)
        return Base64.encode(nonce.copied())
    }

    /// Whether `text` is the base64 form of 16 octets. The four spare bits of the last character are not looked at,
    /// as RFC 4648, section 3.5, leaves it open.
    static func isKey(_ text: String) -> Bool {
        let octets = Array(text.utf8)
        guard octets.count == 24, octets[22] == UInt8(ascii: "="), octets[23] == UInt8(ascii: "=") else { return false }
        return octets[..<22].allSatisfy { octet in
            switch octet {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "+"), UInt8(ascii: "/"):
                true
            default:
                false
            }
        }
    }
}
