import CRennbahnOpenSSL
import Foundation
import Testing

/// Certificates of a test run, made when they are first asked for: files in a folder of their own, which goes when the process
/// exits.
struct Certificates: Sendable {
    struct Identity: Sendable {
        let certificate: String
        let key: String

        /// Of the certificate.
        var sha1: [UInt8] {
            get throws {
                let file = BIO_new_file(certificate, "r")
                defer { BIO_free(file) }
                let read = try #require(PEM_read_bio_X509(file, nil, nil, nil))
                defer { X509_free(read) }
                var digest = [UInt8](repeating: 0, count: 20)
                #expect(X509_digest(read, EVP_sha1(), &digest, nil) == 1)
                return digest
            }
        }
    }

    static let shared = Certificates()

    let folder: String
    let authority: Identity
    let otherAuthority: Identity
    /// Of `localhost` and 127.0.0.1.
    let server: Identity
    let expiredServer: Identity
    /// Of a host that is not this one.
    let strangeServer: Identity
    let client: Identity
    let expiredClient: Identity
    /// Signed by ``otherAuthority``.
    let strangeClient: Identity
    /// Signed by ``intermediate``, which ``authority`` has signed.
    let chainedServer: Identity
    let intermediate: Identity

    private init() {
        folder = NSTemporaryDirectory() + "/rennbahn-\(UUID().uuidString)"
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        // Nobody ends the life of what is static.
        atexit { try? FileManager.default.removeItem(atPath: Certificates.shared.folder) }
        let forge = Forge(folder)
        let here = "DNS:localhost,IP:127.0.0.1"
        authority = forge.make("authority", isAuthority: true)
        otherAuthority = forge.make("other-authority", isAuthority: true)
        server = forge.make("server", by: authority, names: here)
        expiredServer = forge.make("expired-server", by: authority, names: here, isExpired: true)
        strangeServer = forge.make("strange-server", by: authority, names: "DNS:elsewhere.example")
        client = forge.make("client", by: authority)
        expiredClient = forge.make("expired-client", by: authority, isExpired: true)
        strangeClient = forge.make("strange-client", by: otherAuthority)
        intermediate = forge.make("intermediate", by: authority, isAuthority: true)
        chainedServer = forge.make("chained-server", by: intermediate, names: here)
    }

    /// The server's key under a password.
    ///
    /// - Parameter isTraditional: in the form before PKCS #8.
    func encryptedKey(isTraditional: Bool) -> String {
        let path = "\(folder)/encrypted-\(isTraditional).pem"
        let source = BIO_new_file(server.key, "r")
        let key = PEM_read_bio_PrivateKey(source, nil, nil, nil)
        let file = BIO_new_file(path, "w")
        let password = Array("secret".utf8)
        let length = Int32(password.count)
        let written =
            isTraditional
            ? PEM_write_bio_PrivateKey_traditional(file, key, EVP_aes_256_cbc(), password, length, nil, nil)
            : PEM_write_bio_PrivateKey(file, key, EVP_aes_256_cbc(), password, length, nil, nil)
        precondition(written == 1, "\(path) could not be written")
        BIO_free(file)
        EVP_PKEY_free(key)
        BIO_free(source)
        return path
    }

    /// A key of another kind than those of the certificates.
    func strangeKey() -> String {
        let path = "\(folder)/strange-key.pem"
        let context = EVP_PKEY_CTX_new_id(EVP_PKEY_ED25519, nil)
        EVP_PKEY_keygen_init(context)
        var key: OpaquePointer?
        EVP_PKEY_keygen(context, &key)
        let file = BIO_new_file(path, "w")
        precondition(PEM_write_bio_PrivateKey(file, key, nil, nil, 0, nil, nil) == 1, "\(path) could not be written")
        BIO_free(file)
        EVP_PKEY_free(key)
        EVP_PKEY_CTX_free(context)
        return path
    }

    func write(_ text: String, to name: String) -> String {
        let path = "\(folder)/\(name)"
        _ = FileManager.default.createFile(atPath: path, contents: Data(text.utf8))
        return path
    }
}

/// Makes certificates with OpenSSL.
private struct Forge {
    private let folder: String

    init(_ folder: String) {
        self.folder = folder
    }

    func make(
        _ name: String, by issuer: Certificates.Identity? = nil, names: String? = nil, isAuthority: Bool = false,
        isExpired: Bool = false
    ) -> Certificates.Identity {
        let identity = Certificates.Identity(certificate: "\(folder)/\(name).pem", key: "\(folder)/\(name)-key.pem")
        let key = freshKey()
        let certificate = X509_new()
        X509_set_version(certificate, 2)
        ASN1_INTEGER_set(X509_get_serialNumber(certificate), Int.random(in: 1...0xffff_ffff))
        X509_gmtime_adj(X509_getm_notBefore(certificate), -7200)
        X509_gmtime_adj(X509_getm_notAfter(certificate), isExpired ? -3600 : 86_400)
        X509_set_pubkey(certificate, key)
        let subject = X509_get_subject_name(certificate)
        X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, "rennbahn \(name)", -1, -1, 0)
        add(NID_basic_constraints, isAuthority ? "critical,CA:TRUE" : "critical,CA:FALSE", to: certificate)
        if let names { add(NID_subject_alt_name, names, to: certificate) }
        if let issuer {
            let signer = read(issuer.certificate) { PEM_read_bio_X509($0, nil, nil, nil) }
            let signerKey = read(issuer.key) { PEM_read_bio_PrivateKey($0, nil, nil, nil) }
            X509_set_issuer_name(certificate, X509_get_subject_name(signer))
            X509_sign(certificate, signerKey, EVP_sha256())
            X509_free(signer)
            EVP_PKEY_free(signerKey)
        } else {
            X509_set_issuer_name(certificate, subject)
            X509_sign(certificate, key, EVP_sha256())
        }
        write(identity.certificate) { PEM_write_bio_X509($0, certificate) }
        write(identity.key) { PEM_write_bio_PrivateKey($0, key, nil, nil, 0, nil, nil) }
        X509_free(certificate)
        EVP_PKEY_free(key)
        return identity
    }

    private func freshKey() -> OpaquePointer? {
        let context = EVP_PKEY_CTX_new_id(EVP_PKEY_EC, nil)
        defer { EVP_PKEY_CTX_free(context) }
        EVP_PKEY_keygen_init(context)
        EVP_PKEY_CTX_set_group_name(context, "P-256")
        var key: OpaquePointer?
        EVP_PKEY_keygen(context, &key)
        return key
    }

    private func add(_ kind: Int32, _ value: String, to certificate: OpaquePointer?) {
        let made = X509V3_EXT_conf_nid(nil, nil, kind, value)
        X509_add_ext(certificate, made, -1)
        X509_EXTENSION_free(made)
    }

    private func read(_ path: String, _ body: (OpaquePointer?) -> OpaquePointer?) -> OpaquePointer? {
        let file = BIO_new_file(path, "r")
        defer { BIO_free(file) }
        return body(file)
    }

    private func write(_ path: String, _ body: (OpaquePointer?) -> Int32) {
        let file = BIO_new_file(path, "w")
        defer { BIO_free(file) }
        precondition(body(file) == 1, "\(path) could not be written")
    }
}
