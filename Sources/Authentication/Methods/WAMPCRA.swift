import RennbahnBytes
import RennbahnCrypto
import RennbahnWAMP

/// What both sides of the method `wampcra` compute (WAMP specification, "Challenge Response Authentication").
enum ChallengeResponse {
    /// Base64 of the HMAC with SHA-256.
    static func signature(of challenge: String, key: [UInt8]) -> String {
        Base64.encode(SHA256.hmac(key: key, Array(challenge.utf8)))
    }

    /// The key that a salted password stands for: the Base64 text of what PBKDF2 derives.
    static func signingKey(_ derived: [UInt8]) -> [UInt8] { Array(Base64.encode(derived).utf8) }
}

extension Authenticator {
    func wampcra(_ request: AuthRequest, _ realms: RealmDirectory) throws(AuthRefusal) -> AuthAnswer {
        let authID = try request.requiredAuthID()
        try realms.check(realm: request.realm)
        let rule = policy.wampcra?[authID]
        // Made for those who exist as well: the time shall not tell who does.
        let decoy = decoy(request, authID)
        let user = rule ?? decoy
        let challenge = challengeText(request, authID: authID, role: user.role)
        var extra: WAMPDictionary = ["challenge": .string(challenge)]
        if let salting = user.salting {
            extra["salt"] = .string(salting.salt)
            extra["iterations"] = .integer(Int64(salting.iterations))
            extra["keylen"] = .integer(Int64(salting.keyLength))
        }
        let expected = Secret(ChallengeResponse.signature(of: challenge, key: user.secret.octets))
        let principal = rule.map {
            Principal(authID: authID, role: $0.role, realm: request.realm, method: AuthMethod.wampcra.rawValue)
        }
        return .challenge(.wampcra, extra: extra, PendingProof(proof: .wampcra(expected), principal: principal))
    }

    /// The role is that of somebody, since one must be told before anything is proved.
    private func decoy(_ request: AuthRequest, _ authID: String) -> AuthPolicy.WAMPCRA {
        let secret = Secret(request.random(32))
        guard var user = craDecoy.model(for: authID) else {
            return AuthPolicy.WAMPCRA(role: "anonymous", secret: secret)
        }
        user.secret = secret
        if let salt = user.salting?.salt { user.salting?.salt = craDecoy.text(like: salt, for: authID) }
        return user
    }

    /// JSON; the client signs it as it is.
    private func challengeText(_ request: AuthRequest, authID: String, role: String) -> String {
        let fields: WAMPValue = [
            "authid": .string(authID), "authrole": .string(role), "authmethod": .string(AuthMethod.wampcra.rawValue),
            "authprovider": "static", "session": WAMPValue(request.session.value),
            "nonce": .string(Base64.encode(request.random(48))),
            "timestamp": .string(Timestamp.text(nanoseconds: request.time)),
        ]
        var text = ByteBuffer(capacity: 384)
        fields.encode(.json, into: &text)
        return text.span.text()
    }
}
