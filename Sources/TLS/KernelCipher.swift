/// A protocol version and cipher that a kernel may encrypt with: `struct tls_crypto_info` of Linux (`linux/tls.h`).
package struct KernelCipher: Sendable, Equatable {
    /// `0x0303` or `0x0304`.
    let version: UInt16
    /// `TLS_CIPHER_…` of Linux.
    let number: UInt16
    /// Octets of the parameters that the kernel takes for it: version and cipher, then IV, key, salt and record number in
    /// an order of the cipher's own.
    let parameterCount: Int
    /// Of its own in a set.
    fileprivate let bit: UInt8

    /// All that OpenSSL could hand over: AES_GCM_128, AES_GCM_256 and CHACHA20_POLY1305 of TLS 1.2 and 1.3.
    package static let all = [
        KernelCipher(version: 0x0303, number: 51, parameterCount: 40, bit: 1),
        KernelCipher(version: 0x0303, number: 52, parameterCount: 56, bit: 2),
        KernelCipher(version: 0x0303, number: 54, parameterCount: 56, bit: 4),
        KernelCipher(version: 0x0304, number: 51, parameterCount: 40, bit: 8),
        KernelCipher(version: 0x0304, number: 52, parameterCount: 56, bit: 16),
        KernelCipher(version: 0x0304, number: 54, parameterCount: 56, bit: 32),
    ]
}

/// What a kernel can encrypt with.
package struct KernelCiphers: Sendable, Equatable {
    private var bits: UInt8 = 0

    /// None.
    package init() {}

    package init(_ ciphers: [KernelCipher]) {
        for cipher in ciphers { bits |= cipher.bit }
    }

    package var isEmpty: Bool { bits == 0 }

    package func contains(_ cipher: KernelCipher) -> Bool {
        bits & cipher.bit != 0
    }
}
