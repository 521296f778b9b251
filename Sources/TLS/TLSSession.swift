import CRennbahnOpenSSL
package import RennbahnBytes

/// One connection's side of TLS: encrypted bytes from the ``TLSWire`` become plain text, and plain text becomes
/// encrypted bytes there. It never blocks, and knows nothing of sockets.
@safe
package struct TLSSession: ~Copyable {
    package enum Reading: Sendable {
        /// All of what was received is worked off.
        case waiting
        /// The peer has ended its stream as it should (close_notify); plain text may have come before.
        case ended
        /// The connection is of no use any more. What is sealed tells the peer.
        case failed(TLSFailure)
    }

    /// Of one record.
    package static let longestRecord = 16 * 1024

    /// What is sent next.
    package enum Step: Sendable {
        /// ``unsent``.
        case unsent
        /// Nothing before the kernel has what ``handOver(_:)`` lends.
        case handOver
        /// The first of ``records``, by the kernel.
        case record
        /// Queued text, which the kernel encrypts.
        case text
        /// Queued text, which ``seal(_:)`` encrypts.
        case sealed
    }

    /// Who encrypts what is sent.
    private enum Sealing {
        case openSSL
        /// OpenSSL has given its keys away, and the kernel does not have them yet.
        case handingOver(KernelKeys)
        case kernel
    }

    private let raw: OpaquePointer
    private let wire: TLSWire
    private let offload: KernelCiphers
    private var isOver = false
    private var sealing = Sealing.openSSL
    /// Encrypted bytes that the socket did not take; they go before any others.
    package var unsent = ByteBuffer()
    /// What OpenSSL has to say for the kernel to encrypt.
    package private(set) var records: [KernelRecord] = []

    /// - Parameter ticket: of an earlier connection of the same client context.
    package init(
        _ context: TLSContext, wire: TLSWire, resuming ticket: TLSTicket? = nil
    ) throws(TLSFailure) {
        unsafe raw = try TLSSession.make(context, wire, ticket)
        self.wire = wire
        offload = context.offload
    }

    private static func make(
        _ context: TLSContext, _ wire: TLSWire, _ ticket: TLSTicket?
    ) throws(TLSFailure) -> OpaquePointer {
        ERR_clear_error()
        guard let made = unsafe SSL_new(context.raw) else { throw .last("TLS session") }
        guard let bio = unsafe wire.makeBIO(takesKeys: !context.offload.isEmpty) else {
            unsafe SSL_free(made)
            throw .last("TLS session")
        }
        unsafe SSL_set_bio(made, bio, bio)
        switch context.role {
        case .server: unsafe SSL_set_accept_state(made)
        case .client(let hostName, let verifies, _):
            unsafe SSL_set_connect_state(made)
            guard unsafe TLSSession.setHost(made, hostName, verifies: verifies) else {
                unsafe SSL_free(made)
                throw .last("host name \"\(hostName)\"")
            }
            if let ticket { _ = unsafe SSL_set_session(made, ticket.raw) }
        }
        return unsafe made
    }

    deinit {
        // Without it OpenSSL takes the session for broken, and its ticket would be of no use.
        unsafe SSL_set_shutdown(raw, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN)
        unsafe SSL_free(raw)
    }

    /// What the certificate must name, and what is asked for: addresses are not (RFC 6066, section 3).
    private static func setHost(_ raw: OpaquePointer, _ name: String, verifies: Bool) -> Bool {
        let isAddress = unsafe X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(raw), name) == 1
        // A name that is no address leaves an error behind.
        ERR_clear_error()
        if isAddress { return true }
        if verifies {
            unsafe SSL_set_hostflags(raw, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
            guard unsafe SSL_set1_host(raw, name) == 1 else { return false }
        }
        return unsafe copenssl_ask_for_host(raw, name) == 1
    }

    // MARK: The handshake

    /// Whether plain text can go both ways.
    package var isEstablished: Bool { unsafe SSL_is_init_finished(raw) == 1 }

    /// Whether the handshake was a short one, with a ticket.
    package var isResumed: Bool { unsafe SSL_session_reused(raw) == 1 }

    /// The protocol version, such as `"TLSv1.3"`.
    package var version: String { unsafe String(cString: SSL_get_version(raw)) }

    /// SHA-1 of the certificate that the peer has shown and that was verified, in this handshake or in the one that it
    /// resumes; `nil` where there is none.
    package var peerCertificateSHA1: [UInt8]? {
        guard unsafe SSL_get_verify_result(raw) == Int(X509_V_OK),
            let certificate = unsafe SSL_get1_peer_certificate(raw)
        else { return nil }
        defer { unsafe X509_free(certificate) }
        var digest = [UInt8](repeating: 0, count: 20)
        let done = unsafe digest.withUnsafeMutableBufferPointer { output in
            unsafe X509_digest(certificate, EVP_sha1(), output.baseAddress, nil)
        }
        return done == 1 ? digest : nil
    }

    /// A client's first words.
    package mutating func start() throws(TLSFailure) {
        ERR_clear_error()
        // OpenSSL looks for an answer at once: it must not be that of another connection.
        wire.begin()
        wire.offload = offload
        let code = unsafe SSL_do_handshake(raw)
        guard code != 1, unsafe SSL_get_error(raw, code) != SSL_ERROR_WANT_READ else { return }
        isOver = true
        throw .last()
    }

    /// What a later connection of the same client context can resume; `nil` while there is nothing.
    package var ticket: TLSTicket? {
        guard let session = unsafe SSL_get1_session(raw) else { return nil }
        let ticket = unsafe TLSTicket(session)
        return unsafe SSL_SESSION_is_resumable(session) == 1 ? ticket : nil
    }

    // MARK: Bytes

    /// Works off what was received: appends its plain text to `buffer`. Whatever there is to answer is sealed.
    /// What a session that failed did not take is nobody's.
    package mutating func read(into buffer: inout ByteBuffer) -> Reading {
        defer { wire.begin() }
        guard !isOver else { return .ended }
        let hadBegun = isEstablished
        wire.offload = offload
        let writesBefore = wire.writes
        while true {
            ERR_clear_error()
            var code: Int32 = 0
            _ = unsafe buffer.fill(minimum: TLSSession.longestRecord) { free in
                var count = 0
                code = unsafe SSL_read_ex(raw, free.baseAddress, free.count, &count)
                return code == 1 ? count : 0
            }
            if code == 1 { continue }
            switch unsafe SSL_get_error(raw, code) {
            case SSL_ERROR_WANT_READ:
                // OpenSSL would answer with a key of its own before its next text, and the text is not its any more.
                if isLeftToKernel, unsafe SSL_get_key_update_type(raw) != SSL_KEY_UPDATE_NONE {
                    return .failed(TLSFailure("the peer asked for a new key, which kernel TLS does not change"))
                }
                // OpenSSL declines a renegotiation with a warning and goes on; there is no end to such requests.
                guard hadBegun, wire.writes > writesBefore, unsafe SSL_version(raw) <= TLS1_2_VERSION else {
                    return .waiting
                }
                isOver = true
                return .failed(TLSFailure("the peer asked for a renegotiation"))
            case SSL_ERROR_ZERO_RETURN: return .ended
            default:
                isOver = true
                return .failed(reason())
            }
        }
    }

    /// Encrypts at most one record's worth of `bytes` and returns how many.
    package mutating func seal(_ bytes: Span<UInt8>) throws(TLSFailure) -> Int {
        guard !isOver else { throw TLSFailure("the session has ended") }
        ERR_clear_error()
        let step = min(bytes.count, TLSSession.longestRecord)
        var count = 0
        let code = unsafe bytes.withUnsafeBytes { source in unsafe SSL_write_ex(raw, source.baseAddress, step, &count) }
        guard code == 1 else {
            isOver = true
            throw reason()
        }
        return count
    }

    /// Takes what was written: puts what is sealed behind what the socket did not take, keys and records behind that.
    package mutating func keepSealed() {
        if !wire.sealed.isEmpty {
            var fresh = ByteBuffer()
            swap(&fresh, &wire.sealed)
            if unsent.isEmpty { swap(&unsent, &fresh) } else { unsent.append(fresh.span) }
        }
        if let keys = wire.keys {
            sealing = .handingOver(keys)
            wire.keys = nil
        }
        if !wire.records.isEmpty {
            records += wire.records
            wire.records.removeAll()
        }
    }

    /// Says that nothing more will come (close_notify).
    package mutating func close() {
        guard !isOver, isEstablished else { return }
        isOver = true
        ERR_clear_error()
        _ = unsafe SSL_shutdown(raw)
        ERR_clear_error()
    }

    // MARK: The kernel

    /// Whether OpenSSL has left encrypting to the kernel.
    package var isLeftToKernel: Bool {
        switch sealing {
        case .openSSL: false
        case .handingOver, .kernel: true
        }
    }

    /// What is to be sent next, if there is any of it; ``Step/text`` and ``Step/sealed`` stand for what is queued.
    package var step: Step {
        if !unsent.isEmpty { return .unsent }
        switch sealing {
        case .openSSL: return .sealed
        case .handingOver: return .handOver
        case .kernel: return records.isEmpty ? .text : .record
        }
    }

    /// Whether there is anything to be done before text is sent.
    package var hasUnsent: Bool {
        switch step {
        case .unsent, .handOver, .record: true
        case .text, .sealed: false
        }
    }

    /// Lends `body` the keys, all that was sealed being sent. If it does not fail, the kernel has them.
    package mutating func handOver<Failure>(_ body: (KernelKeys) throws(Failure) -> Void) throws(Failure) {
        guard case .handingOver(let keys) = sealing, unsent.isEmpty else {
            preconditionFailure("keys are handed over once, behind what was sealed")
        }
        try body(keys)
        sealing = .kernel
    }

    /// What was to be sent goes nowhere any more.
    package mutating func dropUnsent() {
        unsent.removeAll(keepingCapacity: false)
        records.removeAll()
    }

    /// The socket has taken so much of the first of ``records``.
    package mutating func dropRecord(_ count: Int) {
        if count < records[0].bytes.count { records[0].bytes.removeFirst(count) } else { records.removeFirst() }
    }

    /// What failed; of a certificate that was not accepted also why.
    private func reason() -> TLSFailure {
        let failure = TLSFailure.last()
        let verification = unsafe SSL_get_verify_result(raw)
        guard failure.description.hasSuffix("verify failed"), verification != Int(X509_V_OK) else { return failure }
        guard let text = unsafe X509_verify_cert_error_string(verification) else { return failure }
        return TLSFailure("\(failure): \(unsafe String(cString: text))")
    }
}

/// What a client needs to go on with an earlier session.
@safe
package final class TLSTicket {
    let raw: OpaquePointer

    fileprivate init(_ raw: OpaquePointer) {
        unsafe self.raw = raw
    }

    deinit {
        unsafe SSL_SESSION_free(raw)
    }
}
