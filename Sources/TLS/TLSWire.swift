package import Bytes
import COpenSSL

/// The encrypted bytes on their way between a loop's sockets and its sessions: one for each loop, since only one of its
/// connections is in hand at a time.
///
/// ```
/// socket ─► received ─► OpenSSL ─► plain text
/// socket ◄─ sealed   ◄─ OpenSSL ◄─ plain text
/// ```
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

    package init() {}

    /// Gives what is to be sent away, or a buffer back for it.
    package func exchangeSealed(with buffer: inout ByteBuffer) {
        swap(&sealed, &buffer)
    }

    /// Forgets what a session that failed has sealed, so that nobody else sends it.
    package func discardSealed() {
        sealed.removeAll(keepingCapacity: true)
    }

    /// Makes room for what is read next.
    package func begin() {
        received.removeAll(keepingCapacity: true)
        taken = 0
    }

    /// A BIO that reads ``received`` and appends to ``sealed``. It does not keep the wire.
    func makeBIO() -> OpaquePointer? {
        guard let bio = unsafe BIO_new(TLSWire.method) else { return nil }
        unsafe BIO_set_data(bio, Unmanaged.passUnretained(self).toOpaque())
        unsafe BIO_set_init(bio, 1)
        return unsafe bio
    }

    // Never changed after it was made.
    private nonisolated(unsafe) static let method: OpaquePointer? = {
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
            unsafe wire.sealed.append(Span(_unsafeBytes: UnsafeRawBufferPointer(start: source, count: offered)))
            unsafe count?.pointee = offered
            unsafe copenssl_clear_retry(bio)
            return 1
        }
        _ = unsafe BIO_meth_set_ctrl(method) { _, command, _, _ in command == BIO_CTRL_FLUSH ? 1 : 0 }
        return unsafe method
    }()

    private static func of(_ bio: OpaquePointer) -> TLSWire? {
        guard let data = unsafe BIO_get_data(bio) else { return nil }
        return unsafe Unmanaged<TLSWire>.fromOpaque(data).takeUnretainedValue()
    }

    private func take(_ target: UnsafeMutableRawPointer, _ wanted: Int) -> Int {
        let step = min(wanted, received.count - taken)
        guard step > 0 else { return 0 }
        unsafe received.copy(taken..<taken + step, to: target)
        taken += step
        return step
    }
}
