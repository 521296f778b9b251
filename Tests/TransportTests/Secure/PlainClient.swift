import CRennbahnOpenSSL
import RennbahnTLS

/// A client that is OpenSSL and nothing of ours: bytes in, bytes out.
final class PlainClient {
    private let context = SSL_CTX_new(TLS_client_method())
    private let session: OpaquePointer?
    private let incoming = BIO_new(BIO_s_mem())
    private let outgoing = BIO_new(BIO_s_mem())

    init(_ versions: TLSVersions = .both, suites: String? = nil, resuming ticket: OpaquePointer? = nil) {
        session = SSL_new(context)
        SSL_set_bio(session, incoming, outgoing)
        SSL_set_connect_state(session)
        if versions == .onlyTLS12 {
            SSL_ctrl(session, SSL_CTRL_SET_MAX_PROTO_VERSION, Int(TLS1_2_VERSION), nil)
            if let suites { SSL_set_cipher_list(session, suites) }
        } else if let suites {
            SSL_set_ciphersuites(session, suites)
        }
        if let ticket { SSL_set_session(session, ticket) }
        SSL_do_handshake(session)
    }

    deinit {
        SSL_free(session)
        SSL_CTX_free(context)
    }

    var isEstablished: Bool { SSL_is_init_finished(session) == 1 }
    var isResumed: Bool { SSL_session_reused(session) == 1 }
    /// To come back with; the caller frees it.
    var ticket: OpaquePointer? { SSL_get1_session(session) }
    /// Whether the server has said that nothing more comes.
    var hasEnded: Bool { SSL_get_shutdown(session) & SSL_RECEIVED_SHUTDOWN != 0 }

    /// What there is to send.
    func output() -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = BIO_read(outgoing, &bytes, Int32(bytes.count))
        return Array(bytes.prefix(max(0, Int(count))))
    }

    /// Takes what was received; returns its text. `nil`: it was no TLS, or not for us.
    func receive(_ bytes: [UInt8]) -> [UInt8]? {
        BIO_write(incoming, bytes, Int32(bytes.count))
        var text: [UInt8] = []
        var room = [UInt8](repeating: 0, count: 20_000)
        while true {
            let count = SSL_read(session, &room, Int32(room.count))
            if count > 0 {
                text += room.prefix(Int(count))
                continue
            }
            let code = SSL_get_error(session, count)
            return code == SSL_ERROR_WANT_READ || code == SSL_ERROR_ZERO_RETURN ? text : nil
        }
    }

    func write(_ text: [UInt8]) {
        SSL_write(session, text, Int32(text.count))
    }

    /// Takes a new key, and with `asking` wants the server to.
    func updateKey(asking: Bool) {
        SSL_key_update(session, asking ? SSL_KEY_UPDATE_REQUESTED : SSL_KEY_UPDATE_NOT_REQUESTED)
        SSL_do_handshake(session)
    }

    func close() {
        SSL_shutdown(session)
    }
}
