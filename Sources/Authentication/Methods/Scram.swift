import RennbahnBytes
import RennbahnCrypto
import RennbahnWAMP

/// What both sides of the method `scram` compute: RFC 5802, section 3, with SHA-256, and messages as Crossbar.io puts them
/// together.
struct ScramExchange: Sendable, Equatable {
    var authID: String
    /// Nonces and salt are texts in Base64.
    var clientNonce: String
    var nonce: String
    var salt: String
    var iterations: Int

    /// What is signed. Crossbar.io leaves the channel binding `c=` empty, where RFC 5802 has `biws`.
    var message: [UInt8] {
        Array(
            ("n=\(authID),r=\(clientNonce),r=\(nonce),s=\(salt),i=\(iterations),c=,r=\(nonce)").utf8)
    }

    static func clientKey(_ saltedPassword: [UInt8]) -> [UInt8] {
        SHA256.hmac(key: saltedPassword, Array("Client Key".utf8))
    }

    static func serverKey(_ saltedPassword: [UInt8]) -> [UInt8] {
        SHA256.hmac(key: saltedPassword, Array("Server Key".utf8))
    }

    /// ClientProof.
    static func proof(_ saltedPassword: [UInt8], _ message: [UInt8]) -> [UInt8] {
        let clientKey = clientKey(saltedPassword)
        return exclusiveOr(clientKey, SHA256.hmac(key: SHA256.digest(clientKey), message))
    }

    static func isProof(_ proof: [UInt8], _ message: [UInt8], storedKey: [UInt8]) -> Bool {
        guard proof.count == SHA256.digestCount else { return false }
        let clientKey = exclusiveOr(proof, SHA256.hmac(key: storedKey, message))
        return constantTimeEquals(SHA256.digest(clientKey), storedKey)
    }

    private static func exclusiveOr(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] { zip(left, right).map { $0 ^ $1 } }
}

/// The router's side of one exchange.
struct ScramServer: Sendable {
    let exchange: ScramExchange
    let storedKey: Secret
    let serverKey: Secret

    /// - Parameter extra: of AUTHENTICATE: clients may repeat the nonce there.
    func accepts(proof: String, _ extra: WAMPDictionary) -> Bool {
        if let nonce = extra["nonce"], !nonce.isNull, nonce != .string(exchange.nonce) { return false }
        guard let proof = Base64.decode(proof) else { return false }
        return ScramExchange.isProof(proof, exchange.message, storedKey: storedKey.octets)
    }

    var serverSignature: [UInt8] { SHA256.hmac(key: serverKey.octets, exchange.message) }
}

extension Authenticator {
    /// Octets that the router adds to the client's nonce.
    private static let nonceCount = 16

    func scram(_ request: AuthRequest, _ realms: RealmDirectory) throws(AuthRefusal) -> AuthAnswer {
        let authID = try request.requiredAuthID()
        try request.refuseChannelBinding()
        guard let clientNonce = request.extra("nonce") else {
            throw AuthRefusal(.notAuthorized, "client must send a nonce")
        }
        guard let octets = Base64.decode(clientNonce), !octets.isEmpty else {
            throw AuthRefusal(.notAuthorized, "client nonce must be base64")
        }
        try realms.check(realm: request.realm)
        let rule = policy.scram?[authID]
        // Made for those who exist as well: the time shall not tell who does.
        guard var known = scramDecoy.model(for: authID) else {
            throw AuthRefusal(.notAuthorized, "SCRAM authentication failed")
        }
        known.salt = scramDecoy.octets(known.salt.count, for: authID, purpose: 1)
        known.storedKey = Secret(request.random(SHA256.digestCount))
        if let rule { known = rule }
        let exchange = ScramExchange(
            authID: authID, clientNonce: clientNonce,
            nonce: Base64.encode(octets + request.random(Authenticator.nonceCount)), salt: Base64.encode(known.salt),
            iterations: known.iterations)
        var extra: WAMPDictionary = [
            "nonce": .string(exchange.nonce), "kdf": .string(known.kdf), "salt": .string(exchange.salt),
            "iterations": .integer(Int64(known.iterations)),
        ]
        if let memory = known.memory { extra["memory"] = .integer(Int64(memory)) }
        let server = ScramServer(exchange: exchange, storedKey: known.storedKey, serverKey: known.serverKey)
        let principal = rule.map {
            Principal(authID: authID, role: $0.role, realm: request.realm, method: AuthMethod.scram.rawValue)
        }
        return .challenge(.scram, extra: extra, PendingProof(proof: .scram(server), principal: principal))
    }
}
