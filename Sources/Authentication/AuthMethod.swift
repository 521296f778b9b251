/// The methods of authentication that this package speaks, by the names that HELLO and CHALLENGE have for them.
package enum AuthMethod: String, Sendable, CaseIterable {
    case anonymous
    /// The cookie of somebody who was authenticated before.
    case cookie
    case cryptosign
    case scram
    case ticket
    /// The certificate of a TLS client.
    case tls
    case wampcra
}

/// Every bound of what a peer can make this code keep or compute, in one place. Sizes in octets.
package enum AuthLimits {
    /// `HELLO.authid`, and each text of `authextra` that is looked at; for a client the salt and the nonce of a router.
    package static let longestText = 1024
    /// The text that a WAMP-CRA client signs for a router.
    package static let longestChallenge = 16 * 1024
    /// `HELLO.authextra` as JSON, where a method gives it back in WELCOME; a longer one is left out.
    package static let longestExtra = 4096
    /// AUTHENTICATE.Signature.
    package static let longestSignature = 4096
    /// A client does no more steps of PBKDF2 for a router, iterations times blocks of 32 octets: about two seconds, three times
    /// what is recommended (OWASP: 600,000 with SHA-256).
    package static let mostDerivationSteps = 2_000_000
    /// A client does no fewer for a SCRAM router (RFC 7677, section 4), since a few make its password easy to find.
    package static let fewestScramIterations = 4096
    /// Octets that a client derives with PBKDF2 for a router.
    package static let longestKey = 1024
}

/// What nobody else may see: not shown by whatever prints or dumps the value that holds it.
package struct Secret: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
    package let octets: [UInt8]

    package init(_ octets: [UInt8]) {
        self.octets = octets
    }

    package init(_ text: String) {
        octets = Array(text.utf8)
    }

    package var description: String { "***" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
