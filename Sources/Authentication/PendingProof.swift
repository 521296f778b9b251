import RennbahnBytes
import RennbahnCrypto
package import RennbahnWAMP

/// A challenge that the client has yet to answer: what its AUTHENTICATE must prove, and who it is then.
///
/// Good for one answer: whoever holds it gives it up with the first, right or wrong.
package struct PendingProof: Sendable {
    enum Proof: Sendable {
        case ticket(Secret)
        /// The one right signature.
        case wampcra(Secret)
        case scram(ScramServer)
        /// The challenge, and the key that must sign it.
        case cryptosign(challenge: [UInt8], key: [UInt8])
    }

    let proof: Proof
    /// `nil`: there is nobody of that name, whatever is proved.
    let principal: Principal?

    /// Takes AUTHENTICATE.
    ///
    /// - Throws: one refusal for all that can be wrong with it; those of the directory for whom it proves to be.
    package consuming func accept(
        signature: String, extra: WAMPDictionary, _ realms: RealmDirectory
    ) throws(AuthRefusal) -> Principal {
        let isProven = signature.utf8.count <= AuthLimits.longestSignature && holds(signature, extra)
        guard var principal, isProven else { throw refusal }
        try realms.check(principal)
        if case .scram(let server) = proof {
            principal.extra["scram_server_signature"] = .string(Base64.encode(server.serverSignature))
        }
        return principal
    }

    private func holds(_ signature: String, _ extra: WAMPDictionary) -> Bool {
        switch proof {
        case .ticket(let ticket):
            // Digests, since a comparison of texts tells whether they are equally long.
            constantTimeEquals(SHA256.digest(ticket.octets), SHA256.digest(Array(signature.utf8)))
        case .wampcra(let expected): constantTimeEquals(expected.octets, Array(signature.utf8))
        case .scram(let server): server.accepts(proof: signature, extra)
        case .cryptosign(let challenge, let key): CryptosignProof.holds(signature, of: challenge, by: key)
        }
    }

    private var refusal: AuthRefusal {
        switch proof {
        case .ticket: AuthRefusal(.notAuthorized, "ticket in static WAMP-Ticket authentication is invalid")
        case .wampcra: AuthRefusal(.notAuthorized, "WAMP-CRA client signature is invalid")
        case .scram: AuthRefusal(.notAuthorized, "SCRAM authentication failed")
        case .cryptosign: AuthRefusal(.notAuthorized, "cryptosign authentication failed")
        }
    }
}
