import CRennbahnOpenSSL

/// What a kernel does with the keys that it is given, on paper: makes records of TLS 1.2 and 1.3 (RFC 5246, section 6.2.3.3,
/// RFC 5288, RFC 7905, RFC 8446, section 5.2).
struct SoftwareKernel {
    private enum Cipher {
        case aes128, aes256, chaCha20

        var method: OpaquePointer? {
            switch self {
            case .aes128: EVP_aes_128_gcm()
            case .aes256: EVP_aes_256_gcm()
            case .chaCha20: EVP_chacha20_poly1305()
            }
        }
    }

    private let isTLS13: Bool
    private let cipher: Cipher
    /// Of `struct tls12_crypto_info_…`, in its order: 8 octets of IV, or all 12 of ChaCha20's.
    private let iv: [UInt8]
    private let key: [UInt8]
    /// The first 4 octets of the nonces of AES; ChaCha20 has none.
    private let salt: [UInt8]
    private(set) var number: UInt64

    init(_ parameters: [UInt8]) {
        isTLS13 = parameters[0] == 4 && parameters[1] == 3
        switch parameters[2] {
        case 51: cipher = .aes128
        case 52: cipher = .aes256
        default: cipher = .chaCha20
        }
        let sizes = cipher == .chaCha20 ? (12, 32, 0) : (8, cipher == .aes128 ? 16 : 32, 4)
        var rest = parameters.dropFirst(4)
        func take(_ count: Int) -> [UInt8] {
            defer { rest = rest.dropFirst(count) }
            return Array(rest.prefix(count))
        }
        (iv, key, salt) = (take(sizes.0), take(sizes.1), take(sizes.2))
        number = take(8).reduce(0) { $0 << 8 | UInt64($1) }
        precondition(rest.isEmpty)
    }

    mutating func seal(type: UInt8, _ text: [UInt8]) -> [UInt8] {
        defer { number += 1 }
        let sequence = SoftwareKernel.octets(number)
        let isCounted = !isTLS13 && cipher != .chaCha20
        let body = isTLS13 ? text + [type] : text
        let explicit = isCounted ? sequence : []
        let length = explicit.count + body.count + 16
        let header = [isTLS13 ? 23 : type, 3, 3, UInt8(length >> 8), UInt8(length & 255)]
        let additional = isTLS13 ? header : sequence + [type, 3, 3, UInt8(text.count >> 8), UInt8(text.count & 255)]
        var nonce = salt + (isCounted ? sequence : iv)
        if !isCounted { for index in 0..<8 { nonce[4 + index] ^= sequence[index] } }
        return header + explicit + encrypt(body, nonce, additional)
    }

    private func encrypt(_ text: [UInt8], _ nonce: [UInt8], _ additional: [UInt8]) -> [UInt8] {
        let context = EVP_CIPHER_CTX_new()
        defer { EVP_CIPHER_CTX_free(context) }
        var count: Int32 = 0
        var sealed = [UInt8](repeating: 0, count: text.count)
        var tag = [UInt8](repeating: 0, count: 16)
        EVP_EncryptInit_ex(context, cipher.method, nil, key, nonce)
        EVP_EncryptUpdate(context, nil, &count, additional, Int32(additional.count))
        EVP_EncryptUpdate(context, &sealed, &count, text, Int32(text.count))
        EVP_EncryptFinal_ex(context, &tag, &count)
        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, 16, &tag)
        return sealed + tag
    }

    private static func octets(_ value: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: value >> (56 - 8 * $0)) }
    }
}
