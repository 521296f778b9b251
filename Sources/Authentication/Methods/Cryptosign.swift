import RennbahnBytes
import RennbahnCrypto
import RennbahnWAMP

/// What both sides of the method `cryptosign` compute (WAMP specification, "Cryptosign-based Authentication"), without
/// channel binding.
enum CryptosignProof {
    /// Octets of a challenge.
    static let challengeCount = 32

    /// Hexadecimal: the signature, and the message that it is of.
    static func make(_ challenge: [UInt8], privateKey: [UInt8]) -> String? {
        Ed25519.sign(challenge, privateKey: privateKey).map { Hexadecimal.encode($0 + challenge) }
    }

    /// The message must be the challenge that was given: a signature of something else proves nothing now.
    static func holds(_ text: String, of challenge: [UInt8], by key: [UInt8]) -> Bool {
        guard let octets = Hexadecimal.decode(text), octets.count == Ed25519.signatureCount + challengeCount else {
            return false
        }
        let message = Array(octets[Ed25519.signatureCount...])
        return constantTimeEquals(message, challenge)
            && Ed25519.verifies(Array(octets[..<Ed25519.signatureCount]), of: challenge, publicKey: key)
    }
}

extension Authenticator {
    func cryptosign(_ request: AuthRequest, _ realms: RealmDirectory) throws(AuthRefusal) -> AuthAnswer {
        try request.refuseChannelBinding()
        guard let key = request.extra("pubkey").flatMap(Hexadecimal.decode), key.count == Ed25519.publicKeyCount else {
            throw AuthRefusal(.notAuthorized, "cannot identify client: no pubkey, which is 64 hexadecimal digits")
        }
        let owners = keyOwners[key] ?? []
        // Without an authid it is the key's; a key of two could be either.
        let authID = request.details.authID ?? (owners.count == 1 ? owners.first : nil)
        let rule = authID.flatMap { owners.contains($0) ? policy.cryptosign?[$0] : nil }
        // A principal with a realm of its own may ask for any; then which exist is told who has proved to be somebody.
        if policy.cryptosign?.values.allSatisfy({ $0.realm == nil }) ?? true {
            try realms.check(realm: request.realm)
        }
        let challenge = request.random(CryptosignProof.challengeCount)
        let extra: WAMPDictionary = [
            "challenge": .string(Hexadecimal.encode(challenge)), "channel_binding": .null,
        ]
        var principal: Principal?
        if let rule, let authID {
            principal = Principal(
                authID: authID, role: rule.role, realm: rule.realm ?? request.realm,
                method: AuthMethod.cryptosign.rawValue)
        }
        let proof = PendingProof.Proof.cryptosign(challenge: challenge, key: key)
        return .challenge(.cryptosign, extra: extra, PendingProof(proof: proof, principal: principal))
    }
}
