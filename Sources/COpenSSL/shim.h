#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>

// What Swift cannot import: macros with arguments or casts. Nothing here decides anything.

static const uint64_t copenssl_server_options =
    SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE;
static const uint64_t copenssl_client_options = SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION;
static const uint64_t copenssl_no_ticket = SSL_OP_NO_TICKET;

static inline void copenssl_release_buffers(SSL_CTX *context) { SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS); }
static inline int copenssl_set_versions(SSL_CTX *context, int least, int most) {
    return SSL_CTX_set_min_proto_version(context, least) && SSL_CTX_set_max_proto_version(context, most);
}
static inline void copenssl_no_session_cache(SSL_CTX *context) {
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
}
// A key with a password is an error, since OpenSSL would ask for it on the terminal: the callback gives none, and notes where
// it is told to that it was asked for one.
static inline int copenssl_no_password(char *buffer, int size, int writing, void *asked) {
    (void)buffer;
    (void)size;
    (void)writing;
    if (asked) *(int *)asked = 1;
    return -1;
}
static inline void copenssl_refuse_passwords(SSL_CTX *context) {
    SSL_CTX_set_default_passwd_cb(context, copenssl_no_password);
}
static inline int copenssl_use_key(SSL_CTX *context, const char *file, int *is_encrypted) {
    *is_encrypted = 0;
    SSL_CTX_set_default_passwd_cb_userdata(context, is_encrypted);
    int result = SSL_CTX_use_PrivateKey_file(context, file, SSL_FILETYPE_PEM);
    SSL_CTX_set_default_passwd_cb_userdata(context, NULL);
    return result;
}
// Whether an error is that a key and a certificate do not belong together.
static inline int copenssl_is_mismatch(unsigned long code) {
    int reason = ERR_GET_REASON(code);
    return ERR_GET_LIB(code) == ERR_LIB_X509 && (reason == X509_R_KEY_VALUES_MISMATCH || reason == X509_R_KEY_TYPE_MISMATCH);
}
static inline int copenssl_dh_auto(SSL_CTX *context) { return (int)SSL_CTX_set_dh_auto(context, 1); }
static inline int copenssl_add_chain(SSL_CTX *context, X509 *certificate) {
    return (int)SSL_CTX_add1_chain_cert(context, certificate);
}
static inline int copenssl_ask_for_host(SSL *session, const char *name) {
    return (int)SSL_set_tlsext_host_name(session, name);
}
static inline void copenssl_retry_read(BIO *bio) {
    BIO_clear_retry_flags(bio);
    BIO_set_retry_read(bio);
}
static inline int copenssl_is_system_error(unsigned long code) { return ERR_SYSTEM_ERROR(code); }
// The errno value of a system error.
static inline int copenssl_system_error(unsigned long code) { return ERR_GET_REASON(code); }
static inline void copenssl_clear_retry(BIO *bio) { BIO_clear_retry_flags(bio); }

static const int copenssl_utf8 = MBSTRING_UTF8;
static inline EVP_PKEY *copenssl_new_p256(void) { return EVP_EC_gen("P-256"); }
// A new file that its owner alone can read.
static inline BIO *copenssl_new_private_file(const char *path) {
    int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor < 0) {
        ERR_raise_data(ERR_LIB_SYS, errno, "open");
        return NULL;
    }
    return BIO_new_fd(descriptor, BIO_CLOSE);
}

// What OpenSSL asks a BIO for where the kernel shall encrypt: openssl/bio.h lists the numbers, in a comment.
static const int copenssl_ctrl_set_ktls = 72;
static const int copenssl_ctrl_ktls_record_type = 74;
static const int copenssl_ctrl_ktls_text = 75;
static const uint64_t copenssl_enable_ktls = SSL_OP_ENABLE_KTLS;
// The flag that says so of a BIO; openssl/bio.h keeps it for that.
static inline void copenssl_set_ktls(BIO *bio) { BIO_set_flags(bio, 0x4000); }
static inline int copenssl_has_ktls(const BIO *bio) { return BIO_test_flags(bio, 0x4000) != 0; }
