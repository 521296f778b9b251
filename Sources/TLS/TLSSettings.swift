/// What a server proves itself with, and what it asks of its clients. Paths name PEM files.
package struct TLSServerSettings: Sendable, Equatable {
    /// The server's certificate; the chain may follow it in the same file.
    package var certificate: String
    /// Its private key.
    package var key: String
    /// Certificates between the server's and the one that clients trust, one or more to a file.
    package var chain: [String] = []
    /// If there are any, a client must show a certificate that one of these has signed.
    package var clientAuthorities: [String] = []
    /// The ciphers of TLS 1.2 in OpenSSL's notation; `nil`: OpenSSL's choice.
    package var ciphers: String?
    /// The cipher suites of TLS 1.3 in OpenSSL's notation; `nil`: OpenSSL's choice.
    package var cipherSuites: String?
    /// Diffie-Hellman parameters for the DHE ciphers of TLS 1.2; `nil`: OpenSSL's choice by the key's strength.
    package var dhParameters: String?
    package var versions = TLSVersions.both
    /// Whether clients get tickets to resume their session with (RFC 5077, RFC 8446, section 2.2).
    package var resumption = true
    /// Whether the kernel may encrypt what is sent, where it can.
    package var usesKernel = true

    package init(certificate: String, key: String) {
        self.certificate = certificate
        self.key = key
    }
}

/// How a client checks its server, and what it proves itself with. Paths name PEM files.
package struct TLSClientSettings: Sendable, Equatable {
    /// The name to ask for (SNI) and to look for in the server's certificate; an IP address is looked for, not asked for.
    package var hostName: String
    /// Whose certificates are trusted; empty: those that the system trusts.
    package var authorities: [String] = []
    package var certificate: String?
    /// The private key of ``certificate``.
    package var key: String?
    /// False: anybody may be the server. For tests alone.
    package var verifiesServer = true
    package var versions = TLSVersions.both
    /// Whether the tickets of one connection shorten the handshake of the next.
    package var resumption = true

    package init(hostName: String) {
        self.hostName = hostName
    }
}

/// The protocol versions that are spoken. Nothing below TLS 1.2 ever is (RFC 8996).
package enum TLSVersions: String, Sendable, CaseIterable {
    case both = "1.2,1.3"
    case onlyTLS12 = "1.2"
    case onlyTLS13 = "1.3"
}
