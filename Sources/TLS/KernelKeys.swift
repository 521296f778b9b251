import CRennbahnOpenSSL

/// Everything that a kernel needs to encrypt what is sent on a connection from now on: cipher, key and the number of the
/// next record, laid out as `setsockopt` with `TLS_TX` takes it. It is wiped when nobody holds it any more.
///
/// Never changed after `init`, so it can be handed around.
@safe
package final class KernelKeys {
    package let cipher: KernelCipher
    private let base: UnsafeMutableRawPointer

    /// Those that OpenSSL hands over; `nil` where it is no cipher of ``KernelCipher/all``.
    ///
    /// - Parameter info: begins with the kernel's structure, as long as its cipher says.
    @unsafe
    init?(copying info: UnsafeRawPointer) {
        let version = unsafe info.load(as: UInt16.self)
        let number = unsafe info.load(fromByteOffset: 2, as: UInt16.self)
        guard let cipher = KernelCipher.all.first(where: { $0.version == version && $0.number == number }) else {
            return nil
        }
        self.cipher = cipher
        unsafe base = .allocate(byteCount: cipher.parameterCount, alignment: 8)
        unsafe base.copyMemory(from: info, byteCount: cipher.parameterCount)
    }

    /// Keys of nothing but zeros, to ask a kernel whether it knows the cipher.
    package init(probing cipher: KernelCipher) {
        self.cipher = cipher
        unsafe base = .allocate(byteCount: cipher.parameterCount, alignment: 8)
        unsafe base.initializeMemory(as: UInt8.self, repeating: 0, count: cipher.parameterCount)
        unsafe base.storeBytes(of: cipher.version, as: UInt16.self)
        unsafe base.storeBytes(of: cipher.number, toByteOffset: 2, as: UInt16.self)
    }

    deinit {
        unsafe OPENSSL_cleanse(base, cipher.parameterCount)
        unsafe base.deallocate()
    }

    package var parameters: Span<UInt8> {
        @_lifetime(borrow self)
        borrowing get {
            let bytes = unsafe UnsafeRawBufferPointer(start: base, count: cipher.parameterCount)
            let span = unsafe Span<UInt8>(_unsafeBytes: bytes)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }
}

/// A record that the kernel is to encrypt and that holds no text: parts of the handshake, alerts.
package struct KernelRecord: Sendable, Equatable {
    /// `ContentType` (RFC 8446, section 5.1): 21 alert, 22 handshake.
    package var type: UInt8
    /// Plain.
    package var bytes: [UInt8]
}
