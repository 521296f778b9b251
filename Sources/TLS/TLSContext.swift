import CRennbahnOpenSSL

/// What the connections of one endpoint have in common: certificates, trust, ciphers, the key of the tickets.
///
/// Made once, before the first connection, and shared by all shards, so that a session which one of them has begun is
/// resumed on another.
///
/// Sendable although it wraps a pointer: it is not changed after `init`, and OpenSSL locks what it counts in it.
@safe
package final class TLSContext: @unchecked Sendable {
    let raw: OpaquePointer
    let role: Role
    /// What its connections give to the kernel.
    let offload: KernelCiphers

    enum Role: Sendable {
        case server
        case client(hostName: String, verifies: Bool, resumes: Bool)
    }

    /// Reads the files that the settings name.
    ///
    /// - Parameter offload: what the kernel encrypts with. Connections that agree on one of these are handed over.
    package convenience init(
        _ settings: TLSServerSettings, offload: KernelCiphers = KernelCiphers()
    ) throws(TLSFailure) {
        unsafe try self.init(
            TLS_server_method(), .server, settings.versions, settings.usesKernel ? offload : KernelCiphers())
        unsafe SSL_CTX_set_options(raw, copenssl_server_options)
        // Sessions are the clients' to keep: a cache of ours would be one more lock and one more bound.
        unsafe copenssl_no_session_cache(raw)
        try loadIdentity(certificate: settings.certificate, key: settings.key)
        for file in settings.chain { try addChain(file) }
        if let ciphers = settings.ciphers { try setCiphers(ciphers) }
        if let suites = settings.cipherSuites {
            guard unsafe SSL_CTX_set_ciphersuites(raw, suites) == 1 else { throw .last("cipher suites \"\(suites)\"") }
        }
        if let file = settings.dhParameters { try loadParameters(file) } else { _ = unsafe copenssl_dh_auto(raw) }
        if !settings.clientAuthorities.isEmpty { try demandCertificates(settings.clientAuthorities) }
        try setTickets(settings.resumption)
    }

    /// Reads the files that the settings name.
    package convenience init(_ settings: TLSClientSettings) throws(TLSFailure) {
        unsafe try self.init(
            TLS_client_method(),
            .client(
                hostName: settings.hostName, verifies: settings.verifiesServer, resumes: settings.resumption),
            settings.versions, KernelCiphers())
        unsafe SSL_CTX_set_options(raw, copenssl_client_options)
        unsafe copenssl_no_session_cache(raw)
        if settings.authorities.isEmpty {
            guard unsafe SSL_CTX_set_default_verify_paths(raw) == 1 else { throw .last("the system's certificates") }
        }
        for file in settings.authorities { try trust(file) }
        unsafe SSL_CTX_set_verify(raw, settings.verifiesServer ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nil)
        switch (settings.certificate, settings.key) {
        case (let certificate?, let key?): try loadIdentity(certificate: certificate, key: key)
        case (nil, nil): break
        case (_?, nil): throw TLSFailure("a client certificate needs its key")
        case (nil, _?): throw TLSFailure("a client key needs its certificate")
        }
    }

    private init(
        _ method: OpaquePointer?, _ role: Role, _ versions: TLSVersions, _ offload: KernelCiphers
    ) throws(TLSFailure) {
        ERR_clear_error()
        guard let made = unsafe SSL_CTX_new(method) else { throw .last("TLS context") }
        unsafe raw = made
        self.role = role
        self.offload = offload
        if !offload.isEmpty { unsafe SSL_CTX_set_options(raw, copenssl_enable_ktls) }
        let least = versions == .onlyTLS13 ? TLS1_3_VERSION : TLS1_2_VERSION
        let most = versions == .onlyTLS12 ? TLS1_2_VERSION : TLS1_3_VERSION
        guard unsafe copenssl_set_versions(raw, least, most) == 1 else { throw .last("TLS versions") }
        // An idle connection has no record buffers.
        unsafe copenssl_release_buffers(raw)
        unsafe copenssl_refuse_passwords(raw)
    }

    deinit {
        unsafe SSL_CTX_free(raw)
    }

    /// Whether clients of this context go on with the session of the connection before.
    package var resumes: Bool {
        if case .client(_, _, let resumes) = role { resumes } else { false }
    }

    // MARK: Parts

    private func loadIdentity(certificate: String, key: String) throws(TLSFailure) {
        guard unsafe SSL_CTX_use_certificate_chain_file(raw, certificate) == 1 else {
            throw .last("certificate \(certificate)")
        }
        var isEncrypted: Int32 = 0
        let isLoaded = unsafe copenssl_use_key(raw, key, &isEncrypted) == 1
        if isEncrypted != 0 {
            ERR_clear_error()
            throw TLSFailure(
                "key \(key): it is encrypted; a key without a password is needed (openssl pkey -in … -out …)")
        }
        if !isLoaded, copenssl_is_mismatch(ERR_peek_error()) == 0 { throw .last("key \(key)") }
        // A key of another kind is loaded all the same, and has no certificate.
        guard isLoaded, unsafe SSL_CTX_check_private_key(raw) == 1 else {
            ERR_clear_error()
            throw TLSFailure("key \(key): it does not belong to the certificate \(certificate)")
        }
    }

    /// Every certificate of a file goes to the peer behind our own.
    private func addChain(_ file: String) throws(TLSFailure) {
        guard let source = unsafe BIO_new_file(file, "r") else { throw .last("chain \(file)") }
        defer { _ = unsafe BIO_free(source) }
        var count = 0
        while let certificate = unsafe PEM_read_bio_X509(source, nil, nil, nil) {
            defer { unsafe X509_free(certificate) }
            guard unsafe copenssl_add_chain(raw, certificate) == 1 else { throw .last("chain \(file)") }
            count += 1
        }
        guard count > 0 else { throw .last("chain \(file)") }
        // The end of the file is told as an error.
        ERR_clear_error()
    }

    private func setCiphers(_ ciphers: String) throws(TLSFailure) {
        guard unsafe SSL_CTX_set_cipher_list(raw, ciphers) == 1 else { throw .last("ciphers \"\(ciphers)\"") }
    }

    private func loadParameters(_ file: String) throws(TLSFailure) {
        guard let source = unsafe BIO_new_file(file, "r") else { throw .last("dhparam \(file)") }
        defer { _ = unsafe BIO_free(source) }
        guard let parameters = unsafe PEM_read_bio_Parameters(source, nil) else { throw .last("dhparam \(file)") }
        guard unsafe SSL_CTX_set0_tmp_dh_pkey(raw, parameters) == 1 else {
            unsafe EVP_PKEY_free(parameters)
            throw .last("dhparam \(file)")
        }
    }

    private func trust(_ file: String) throws(TLSFailure) {
        guard unsafe SSL_CTX_load_verify_file(raw, file) == 1 else { throw .last("CA \(file)") }
    }

    private func demandCertificates(_ files: [String]) throws(TLSFailure) {
        // What the server names in its request for a certificate.
        var names: OpaquePointer?
        for file in files {
            do throws(TLSFailure) {
                try trust(file)
                if let names = unsafe names {
                    guard unsafe SSL_add_file_cert_subjects_to_stack(names, file) == 1 else {
                        throw .last("CA \(file)")
                    }
                } else {
                    unsafe names = SSL_load_client_CA_file(file)
                    guard unsafe names != nil else { throw .last("CA \(file)") }
                }
            } catch {
                unsafe OPENSSL_sk_free(names)
                throw error
            }
        }
        unsafe SSL_CTX_set_client_CA_list(raw, names)
        unsafe SSL_CTX_set_verify(raw, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nil)
    }

    private func setTickets(_ isOn: Bool) throws(TLSFailure) {
        guard isOn else {
            unsafe SSL_CTX_set_options(raw, copenssl_no_ticket)
            _ = unsafe SSL_CTX_set_num_tickets(raw, 0)
            return
        }
        // One is enough: each resumed connection gets a fresh one.
        guard unsafe SSL_CTX_set_num_tickets(raw, 1) == 1 else { throw .last("tickets") }
        // Without it no session in which a client has shown a certificate is resumed.
        let name: [UInt8] = Array("rennbahn".utf8)
        let isSet = unsafe name.withUnsafeBufferPointer { bytes in
            unsafe SSL_CTX_set_session_id_context(raw, bytes.baseAddress, UInt32(bytes.count))
        }
        guard isSet == 1 else { throw .last("tickets") }
    }
}
