import CRennbahnOpenSSL
package import RennbahnBytes

/// The encrypted bytes on their way between a loop's sockets and its sessions: one for each loop, since only one of its
/// connections is in hand at a time.
///
/// ```
/// socket ─► received ─► OpenSSL ─► plain text
/// socket ◄─ sealed   ◄─ OpenSSL ◄─ plain text
/// ```
///
/// Where the kernel shall encrypt, OpenSSL gives its ``keys`` away when it would begin to use them. What it writes from
/// then on are plain ``records``.
@safe
package final class TLSWire {
    /// Bytes that one read from a socket takes, at least.
    package static let readSize = 64 * 1024

    /// What was read from the socket of the session in hand.
    package var received = ByteBuffer(capacity: readSize)
    /// How much of it the session has taken.
    var taken = 0
    /// What the session in hand wants to be sent.
    package var sealed = ByteBuffer()

    /// What the session in hand may give to the kernel.
    var offload = KernelCiphers()
    /// What the kernel is to encrypt with, behind ``sealed``.
    var keys: KernelKeys?
    /// What the kernel is to encrypt, behind that.
    var records: [KernelRecord] = []
    /// Of the records that OpenSSL writes next.
    private var recordType = TLSWire.applicationData
    /// `ContentType` of text (RFC 8446, section 5.1), which OpenSSL names no type for.
    private static let applicationData: UInt8 = 23
    /// How often the sessions have written.
    private(set) var writes = 0

    package init() {}

    /// Whether the session in hand has written what it must still take.
    package var hasOutput: Bool { !sealed.isEmpty || keys != nil || !records.isEmpty }

    /// Gives what is to be sent away, or a buffer back for it.
    package func exchangeSealed(with buffer: inout ByteBuffer) {
        swap(&sealed, &buffer)
    }

    /// Forgets what a session that failed has sealed, so that nobody else sends it.
    package func discardSealed() {
        sealed.removeAll(keepingCapacity: true)
        keys = nil
        records.removeAll()
    }

    /// Makes room for what is read next. Nothing of what came before is left to any session.
    package func begin() {
        received.removeAll(keepingCapacity: true)
        taken = 0
    }

    /// A BIO that reads ``received`` and appends to ``sealed``. It does not keep the wire.
    ///
    /// - Parameter takesKeys: whether it is to be asked for ``keys`` at all.
    func makeBIO(takesKeys: Bool) -> OpaquePointer? {
        guard let bio = unsafe BIO_new(takesKeys ? TLSWire.kernelMethod : TLSWire.method) else { return nil }
        unsafe BIO_set_data(bio, Unmanaged.passUnretained(self).toOpaque())
        unsafe BIO_set_init(bio, 1)
        return unsafe bio
    }

    // Never changed after it was made.
    private nonisolated(unsafe) static let method: OpaquePointer? = {
        guard let method = unsafe makeMethod() else { return nil }
        // Asked a dozen times for each record.
        _ = unsafe BIO_meth_set_ctrl(method) { _, command, _, _ in command == BIO_CTRL_FLUSH ? 1 : 0 }
        return unsafe method
    }()

    /// As ``method``, and takes the keys that OpenSSL offers.
    private nonisolated(unsafe) static let kernelMethod: OpaquePointer? = {
        guard let method = unsafe makeMethod() else { return nil }
        _ = unsafe BIO_meth_set_ctrl(method) { bio, command, number, pointer in
            guard let bio = unsafe bio else { return 0 }
            switch command {
            case BIO_CTRL_FLUSH: return 1
            case BIO_CTRL_GET_KTLS_SEND: return Int(unsafe copenssl_has_ktls(bio))
            case copenssl_ctrl_set_ktls:
                // 0 is the direction that is read, which stays here.
                guard number != 0, let info = unsafe pointer, let wire = unsafe TLSWire.of(bio) else { return 0 }
                guard unsafe copenssl_has_ktls(bio) == 0, unsafe wire.takeKeys(info) else { return 0 }
                unsafe copenssl_set_ktls(bio)
                return 1
            case copenssl_ctrl_ktls_record_type: unsafe TLSWire.of(bio)?.recordType = UInt8(truncatingIfNeeded: number)
            case copenssl_ctrl_ktls_text: unsafe TLSWire.of(bio)?.recordType = TLSWire.applicationData
            default: break
            }
            return 0
        }
        return unsafe method
    }()

    @unsafe
    private static func makeMethod() -> OpaquePointer? {
        guard let method = unsafe BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "rennbahn") else {
            return nil
        }
        _ = unsafe BIO_meth_set_read_ex(method) { bio, target, wanted, count in
            guard let bio = unsafe bio, let wire = unsafe TLSWire.of(bio), let target = unsafe target else { return 0 }
            let step = unsafe wire.take(target, wanted)
            unsafe count?.pointee = step
            if step > 0 { unsafe copenssl_clear_retry(bio) } else { unsafe copenssl_retry_read(bio) }
            return step > 0 ? 1 : 0
        }
        _ = unsafe BIO_meth_set_write_ex(method) { bio, source, offered, count in
            guard let bio = unsafe bio, let wire = unsafe TLSWire.of(bio) else { return 0 }
            let bytes = unsafe Span<UInt8>(_unsafeBytes: UnsafeRawBufferPointer(start: source, count: offered))
            wire.write(bytes, asRecord: unsafe copenssl_has_ktls(bio) != 0)
            unsafe count?.pointee = offered
            unsafe copenssl_clear_retry(bio)
            return 1
        }
        return unsafe method
    }

    private static func of(_ bio: OpaquePointer) -> TLSWire? {
        guard let data = unsafe BIO_get_data(bio) else { return nil }
        return unsafe Unmanaged<TLSWire>.fromOpaque(data).takeUnretainedValue()
    }

    @unsafe
    private func takeKeys(_ info: UnsafeRawPointer) -> Bool {
        guard keys == nil, let offered = unsafe KernelKeys(copying: info), offload.contains(offered.cipher) else {
            return false
        }
        keys = offered
        return true
    }

    private func write(_ bytes: Span<UInt8>, asRecord: Bool) {
        writes &+= 1
        if asRecord {
            records.append(KernelRecord(type: recordType, bytes: bytes.copied()))
            // Said again before each record that is no text: the next one may be another session's.
            recordType = TLSWire.applicationData
        } else {
            sealed.append(bytes)
        }
    }

    private func take(_ target: UnsafeMutableRawPointer, _ wanted: Int) -> Int {
        let step = min(wanted, received.count - taken)
        guard step > 0 else { return 0 }
        unsafe received.copy(taken..<taken + step, to: target)
        taken += step
        return step
    }
}
