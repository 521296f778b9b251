import CRennbahnOpenSSL

/// Signatures with Ed25519 (RFC 8032, section 5.1), in its pure form.
package enum Ed25519 {
    /// Octets of a private key, as RFC 8032 has it: the seed.
    package static let privateKeyCount = 32
    package static let publicKeyCount = 32
    package static let signatureCount = 64

    /// The public key that belongs to a private one.
    ///
    /// - Returns: `nil` for a private key of the wrong length.
    package static func publicKey(of privateKey: [UInt8]) -> [UInt8]? {
        guard let key = Key(privateKey: privateKey) else { return nil }
        var bytes = [UInt8](repeating: 0, count: publicKeyCount)
        let done = unsafe bytes.withUnsafeMutableBufferPointer { output in
            var count = output.count
            return unsafe EVP_PKEY_get_raw_public_key(key.raw, output.baseAddress, &count)
        }
        return done == 1 ? bytes : nil
    }

    /// - Returns: `nil` for a private key of the wrong length.
    package static func sign(_ message: [UInt8], privateKey: [UInt8]) -> [UInt8]? {
        guard let key = Key(privateKey: privateKey), let context = unsafe EVP_MD_CTX_new() else { return nil }
        defer { unsafe EVP_MD_CTX_free(context) }
        guard unsafe EVP_DigestSignInit(context, nil, nil, nil, key.raw) == 1 else { return nil }
        var signature = [UInt8](repeating: 0, count: signatureCount)
        let done = unsafe message.withUnsafeBufferPointer { input in
            unsafe signature.withUnsafeMutableBufferPointer { output in
                var count = output.count
                return unsafe EVP_DigestSign(context, output.baseAddress, &count, input.baseAddress, input.count)
            }
        }
        return done == 1 ? signature : nil
    }

    /// Whether `signature` is one of `message` by the owner of `publicKey`; false for what is no signature or no key.
    package static func verifies(_ signature: [UInt8], of message: [UInt8], publicKey: [UInt8]) -> Bool {
        guard signature.count == signatureCount, let key = Key(publicKey: publicKey),
            let context = unsafe EVP_MD_CTX_new()
        else { return false }
        defer {
            unsafe EVP_MD_CTX_free(context)
            ERR_clear_error()
        }
        guard unsafe EVP_DigestVerifyInit(context, nil, nil, nil, key.raw) == 1 else { return false }
        return unsafe message.withUnsafeBufferPointer { input in
            unsafe signature.withUnsafeBufferPointer { signature in
                unsafe EVP_DigestVerify(
                    context, signature.baseAddress, signature.count, input.baseAddress, input.count) == 1
            }
        }
    }

    /// A key of OpenSSL's.
    @safe
    private struct Key: ~Copyable {
        let raw: OpaquePointer

        init?(privateKey: [UInt8]) {
            guard privateKey.count == privateKeyCount else { return nil }
            let made = unsafe privateKey.withUnsafeBufferPointer {
                unsafe EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, $0.baseAddress, $0.count)
            }
            guard let made = unsafe made else { return nil }
            unsafe raw = made
        }

        init?(publicKey: [UInt8]) {
            guard publicKey.count == publicKeyCount else { return nil }
            let made = unsafe publicKey.withUnsafeBufferPointer {
                unsafe EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, $0.baseAddress, $0.count)
            }
            guard let made = unsafe made else { return nil }
            unsafe raw = made
        }

        deinit {
            unsafe EVP_PKEY_free(raw)
        }
    }
}
