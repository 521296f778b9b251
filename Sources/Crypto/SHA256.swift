import CRennbahnOpenSSL

/// SHA-256 (FIPS 180-4).
package enum SHA256 {
    /// Octets of a digest.
    package static let digestCount = 32

    package static func digest(_ bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: digestCount)
        let done = unsafe bytes.withUnsafeBytes { input in
            unsafe digest.withUnsafeMutableBufferPointer { output in
                unsafe EVP_Digest(input.baseAddress, input.count, output.baseAddress, nil, EVP_sha256(), nil)
            }
        }
        precondition(done == 1, "the cryptographic library has no SHA-256")
        return digest
    }

    /// HMAC-SHA-256 (RFC 2104, RFC 4231).
    ///
    /// - Parameter key: of any length, up to 2^31 octets.
    package static func hmac(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
        var code = [UInt8](repeating: 0, count: digestCount)
        // An empty array has no address, and HMAC takes no address for the key of the call before.
        let key = key.isEmpty ? [0] : key
        let made = unsafe key.withUnsafeBytes { key in
            unsafe message.withUnsafeBufferPointer { input in
                unsafe code.withUnsafeMutableBufferPointer { output in
                    unsafe HMAC(
                        EVP_sha256(), key.baseAddress, Int32(key.count), input.baseAddress, input.count,
                        output.baseAddress, nil)
                }
            }
        }
        precondition(unsafe made != nil, "the cryptographic library has no HMAC")
        return code
    }

    /// PBKDF2 with HMAC-SHA-256 (RFC 8018, section 5.2).
    ///
    /// - Parameters:
    ///   - iterations: from 1 on; each costs about a microsecond.
    ///   - count: octets to derive, from 1 on.
    /// - Returns: `nil` for numbers that are out of range.
    package static func derive(
        from password: [UInt8], salt: [UInt8], iterations: Int, count: Int
    ) -> [UInt8]? {
        guard (1...Int(Int32.max)).contains(iterations), (1...Int(Int32.max)).contains(count) else { return nil }
        var key = [UInt8](repeating: 0, count: count)
        let done = unsafe password.withUnsafeBytes { password in
            unsafe salt.withUnsafeBufferPointer { salt in
                unsafe key.withUnsafeMutableBufferPointer { output in
                    unsafe PKCS5_PBKDF2_HMAC(
                        password.bindMemory(to: CChar.self).baseAddress, Int32(password.count), salt.baseAddress,
                        Int32(salt.count), Int32(iterations), EVP_sha256(), Int32(count), output.baseAddress)
                }
            }
        }
        return done == 1 ? key : nil
    }
}
