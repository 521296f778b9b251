package import RennbahnAuthentication

/// What a client proves itself with to a router (WAMP specification, "Authentication"), for one method.
///
/// The secret in it shows in nothing that prints it.
public struct WAMPCredential: Sendable, Hashable, CustomStringConvertible {
    package let credential: ClientCredential

    package init(_ credential: ClientCredential) {
        self.credential = credential
    }

    /// Method `anonymous`: no proof.
    ///
    /// - Parameter authID: who to be, for routers that care.
    public static func anonymous(authID: String? = nil) -> WAMPCredential {
        WAMPCredential(.anonymous(authID: authID))
    }

    /// Method `ticket`: the ticket is sent to the router as it is, so the connection should be one with TLS.
    public static func ticket(_ ticket: String, authID: String) -> WAMPCredential {
        WAMPCredential(.ticket(authID: authID, ticket: Secret(ticket)))
    }

    /// Method `wampcra`: a challenge is signed with the secret, or with a key that PBKDF2 derives from it where the router
    /// names a salt.
    public static func wampcra(secret: String, authID: String) -> WAMPCredential {
        WAMPCredential(.wampcra(authID: authID, secret: Secret(secret)))
    }

    /// Method `scram` with the key derivation `pbkdf2`; the router proves that it knows the password, too. A router that
    /// asks for `argon2id-13` is told in an error.
    ///
    /// - Parameters:
    ///   - password: as it is: texts that Unicode has several forms of must be in that of SASLprep (RFC 4013).
    ///   - authID: likewise.
    public static func scram(password: String, authID: String) -> WAMPCredential {
        WAMPCredential(.scram(authID: authID, password: Secret(password)))
    }

    /// Method `cryptosign`: a challenge is signed with Ed25519 (RFC 8032).
    ///
    /// - Parameters:
    ///   - privateKey: its 32 octets.
    ///   - authID: `nil`: the router knows whose the key is.
    public static func cryptosign(privateKey: [UInt8], authID: String? = nil) -> WAMPCredential {
        WAMPCredential(.cryptosign(authID: authID, privateKey: Secret(privateKey)))
    }

    /// The method and who is meant, without the secret.
    public var description: String {
        credential.method.rawValue + (credential.authID.map { " as \($0)" } ?? "")
    }
}
