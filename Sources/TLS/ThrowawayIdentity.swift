import CRennbahnOpenSSL

/// A certificate of `localhost` and 127.0.0.1 that signs itself, for measurements and trials on one machine: P-256, good for a day.
package struct ThrowawayIdentity: Sendable, Equatable {
    /// PEM files; the certificate is also what a client trusts.
    package let certificate: String
    package let key: String

    private static let seconds = 86_400
    /// Clocks of one machine agree, but the second that it is made in shall have begun.
    private static let leeway = 60

    /// Makes one, in two files of `folder`, which must exist; only their owner can read the key.
    package init(in folder: String) throws(TLSFailure) {
        certificate = "\(folder)/certificate.pem"
        key = "\(folder)/key.pem"
        ERR_clear_error()
        guard let pair = unsafe copenssl_new_p256() else { throw .last("a key") }
        defer { unsafe EVP_PKEY_free(pair) }
        guard let made = unsafe X509_new() else { throw .last("a certificate") }
        defer { unsafe X509_free(made) }
        unsafe try ThrowawayIdentity.fill(made, pair)
        unsafe try ThrowawayIdentity.write(certificate) { unsafe PEM_write_bio_X509($0, made) }
        unsafe try ThrowawayIdentity.write(key) { unsafe PEM_write_bio_PrivateKey($0, pair, nil, nil, 0, nil, nil) }
    }

    private static func fill(_ certificate: OpaquePointer, _ pair: OpaquePointer) throws(TLSFailure) {
        unsafe X509_set_version(certificate, 2)
        unsafe ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1)
        unsafe X509_gmtime_adj(X509_getm_notBefore(certificate), -leeway)
        unsafe X509_gmtime_adj(X509_getm_notAfter(certificate), seconds)
        let name = unsafe X509_get_subject_name(certificate)
        let isNamed =
            unsafe X509_set_pubkey(certificate, pair) == 1
            && X509_NAME_add_entry_by_txt(name, "CN", copenssl_utf8, "rennbahn", -1, -1, 0) == 1
            && X509_set_issuer_name(certificate, name) == 1
        guard isNamed else { throw .last("a certificate") }
        for (kind, value) in [
            (NID_basic_constraints, "critical,CA:TRUE"), (NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1"),
        ] {
            guard let extra = unsafe X509V3_EXT_conf_nid(nil, nil, kind, value) else { throw .last("a certificate") }
            defer { unsafe X509_EXTENSION_free(extra) }
            guard unsafe X509_add_ext(certificate, extra, -1) == 1 else { throw .last("a certificate") }
        }
        guard unsafe X509_sign(certificate, pair, EVP_sha256()) > 0 else { throw .last("a signature") }
    }

    private static func write(
        _ path: String, _ body: (OpaquePointer?) -> Int32
    ) throws(TLSFailure) {
        guard let file = unsafe copenssl_new_private_file(path) else { throw .last(path) }
        defer { unsafe BIO_free(file) }
        guard unsafe body(file) == 1 else { throw .last(path) }
    }
}
