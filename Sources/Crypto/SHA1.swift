import CRennbahnOpenSSL

/// SHA-1 (FIPS 180-4). Here for the opening handshake of RFC 6455 alone, where it proves that the peer speaks WebSocket
/// and protects nothing.
package enum SHA1 {
    /// Octets of a digest.
    package static let digestCount = 20

    package static func digest(_ bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: digestCount)
        let done = unsafe bytes.withUnsafeBytes { input in
            unsafe digest.withUnsafeMutableBufferPointer { output in
                unsafe EVP_Digest(input.baseAddress, input.count, output.baseAddress, nil, EVP_sha1(), nil)
            }
        }
        precondition(done == 1, "the cryptographic library has no SHA-1")
        return digest
    }
}
