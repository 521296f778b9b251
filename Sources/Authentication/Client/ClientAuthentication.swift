import RennbahnBytes
import RennbahnCrypto
package import RennbahnWAMP

/// A client's side of the authentication of one session: what its HELLO offers, what it answers to a CHALLENGE, and
/// whether it believes the WELCOME.
///
/// ```
/// offered ── CHALLENGE ──► answered ── WELCOME ──► done
///    └────────────── WELCOME ──────────────────────► done
/// ```
package struct ClientAuthentication: Sendable {
    private enum State: Sendable {
        case offered
        /// With what the router must prove, where it must.
        case answered(serverSignature: [UInt8]?)
        case done
    }

    private let credentials: [ClientCredential]
    private var clientNonce: String
    private let publicKey: [UInt8]?
    private var state = State.offered

    /// Whether there is nothing to prove anything with.
    package var isAnonymous: Bool { credentials.isEmpty }

    /// Whether HELLO has the nonce, and WELCOME must prove something.
    package var needsNonce: Bool { credentials.contains(where: \.isScram) }

    /// Octets of the nonce that is handed in.
    package static let nonceCount = 16

    /// - Parameters:
    ///   - credentials: in the order of preference, one for each method; none: the client is anonymous and says nothing
    ///     of it.
    ///   - nonce: random octets, ``nonceCount`` of them.
    package init(_ credentials: [ClientCredential], nonce: [UInt8]) throws(ClientAuthFailure) {
        self.credentials = credentials
        clientNonce = Base64.encode(nonce)
        guard Set(credentials.map(\.method)).count == credentials.count else {
            throw ClientAuthFailure("credentials for one method twice")
        }
        guard Set(credentials.compactMap(\.authID)).count <= 1 else {
            throw ClientAuthFailure("credentials of different authids: HELLO has room for one")
        }
        var publicKey: [UInt8]?
        for case .cryptosign(_, let privateKey) in credentials {
            publicKey = Ed25519.publicKey(of: privateKey.octets)
            guard publicKey != nil else { throw ClientAuthFailure("a private key must have 32 octets") }
        }
        self.publicKey = publicKey
    }

    /// The authentication of another session with the same credentials.
    ///
    /// - Parameter nonce: as for the first.
    package func again(nonce: [UInt8]) -> ClientAuthentication {
        var other = self
        other.clientNonce = Base64.encode(nonce)
        other.state = .offered
        return other
    }

    /// Adds what HELLO says of it.
    package func offer(in details: inout WAMPDictionary) {
        guard !credentials.isEmpty else { return }
        details["authmethods"] = .list(credentials.map { .string($0.method.rawValue) })
        if let authID = credentials.lazy.compactMap(\.authID).first { details["authid"] = .string(authID) }
        var extra: WAMPDictionary = [:]
        if needsNonce { extra["nonce"] = .string(clientNonce) }
        if let publicKey {
            extra["pubkey"] = .string(Hexadecimal.encode(publicKey))
            extra["channel_binding"] = .null
        }
        if !extra.isEmpty { details["authextra"] = .dictionary(extra) }
    }

    /// Takes CHALLENGE, and returns the signature of AUTHENTICATE.
    package mutating func answer(method: String, extra: WAMPDictionary) throws(ClientAuthFailure) -> String {
        var keys = DerivedKeys()
        return try answer(method: method, extra: extra, keys: &keys)
    }

    /// The same for a client that logs in again and again.
    ///
    /// - Parameter keys: what it has derived before.
    package mutating func answer(
        method: String, extra: WAMPDictionary, keys: inout DerivedKeys
    ) throws(ClientAuthFailure) -> String {
        guard case .offered = state else { throw ClientAuthFailure("a second CHALLENGE") }
        guard let credential = credentials.first(where: { $0.method.rawValue == method }) else {
            throw ClientAuthFailure(
                "the router asks for authentication by a method that was not offered: \(method.legible(upTo: 64))")
        }
        switch credential {
        case .anonymous, .tls, .cookie: throw ClientAuthFailure("a CHALLENGE for \(method), which has none")
        case .ticket(_, let ticket):
            state = .answered(serverSignature: nil)
            return String(decoding: ticket.octets, as: UTF8.self)
        case .wampcra(_, let secret):
            state = .answered(serverSignature: nil)
            return try ClientAuthentication.sign(extra, secret, &keys)
        case .scram(let authID, let password):
            let (proof, serverSignature) = try scram(extra, authID, password, &keys)
            state = .answered(serverSignature: serverSignature)
            return proof
        case .cryptosign(_, let privateKey):
            state = .answered(serverSignature: nil)
            return try ClientAuthentication.sign(extra, privateKey: privateKey)
        }
    }

    /// Takes WELCOME.
    ///
    /// - Parameter details: `WELCOME.Details`.
    /// - Throws: where the router must have proved that it knows the password, and has not.
    package mutating func welcomed(_ details: WAMPValue) throws(ClientAuthFailure) {
        switch state {
        case .answered(let expected?):
            let text = details["authextra"]?["scram_server_signature"]?.stringValue ?? ""
            guard let found = Base64.decode(text), constantTimeEquals(found, expected) else {
                throw ClientAuthFailure("the router's SCRAM signature is wrong: it does not know the password")
            }
        case .offered where !credentials.isEmpty && credentials.allSatisfy(\.isScram):
            throw ClientAuthFailure("WELCOME without a SCRAM challenge: the router has proved nothing")
        case .offered, .answered(nil), .done: break
        }
        state = .done
    }

    // MARK: Signatures

    private static func sign(
        _ extra: WAMPDictionary, _ secret: Secret, _ keys: inout DerivedKeys
    ) throws(ClientAuthFailure) -> String {
        guard let challenge = extra["challenge"]?.stringValue else {
            throw ClientAuthFailure("a WAMP-CRA challenge without a text to sign")
        }
        guard challenge.utf8.count <= AuthLimits.longestChallenge else {
            throw ClientAuthFailure("a WAMP-CRA challenge of more than \(AuthLimits.longestChallenge) octets")
        }
        guard let salt = extra["salt"], !salt.isNull else {
            return ChallengeResponse.signature(of: challenge, key: secret.octets)
        }
        let iterations = extra["iterations"].map(\.integerValue) ?? 1000
        let count = extra["keylen"].map(\.integerValue) ?? 32
        guard let salt = salt.stringValue, let iterations, iterations > 0, let count,
            (1...Int64(AuthLimits.longestKey)).contains(count)
        else { throw ClientAuthFailure("a WAMP-CRA challenge with a salt, iterations or keylen out of range") }
        guard salt.utf8.count <= AuthLimits.longestText else {
            throw ClientAuthFailure("a WAMP-CRA challenge with a salt of more than \(AuthLimits.longestText) octets")
        }
        try boundSteps(iterations: iterations, keyCount: count)
        guard
            let key = keys.key(
                from: secret, salt: Array(salt.utf8), iterations: Int(iterations), count: Int(count))
        else { throw ClientAuthFailure("a WAMP-CRA challenge from which no key can be derived") }
        return ChallengeResponse.signature(of: challenge, key: ChallengeResponse.signingKey(key))
    }

    /// Refuses what would keep this client busy for as long as the router likes. PBKDF2 takes all iterations for each block of
    /// the key (RFC 8018, section 5.2), so that neither number alone says what it costs.
    private static func boundSteps(iterations: Int64, keyCount: Int64) throws(ClientAuthFailure) {
        let digestCount = Int64(SHA256.digestCount)
        let (steps, overflows) = iterations.multipliedReportingOverflow(
            by: (keyCount + digestCount - 1) / digestCount)
        guard !overflows, steps <= Int64(AuthLimits.mostDerivationSteps) else {
            throw ClientAuthFailure(
                """
                a WAMP-CRA challenge that asks for more than \(AuthLimits.mostDerivationSteps) steps of PBKDF2 (iterations × \
                blocks of \(digestCount) octets of keylen)
                """)
        }
    }

    private static func sign(_ extra: WAMPDictionary, privateKey: Secret) throws(ClientAuthFailure) -> String {
        if let binding = extra["channel_binding"], !binding.isNull {
            throw ClientAuthFailure("the router asks for channel binding, which is not supported")
        }
        guard let challenge = extra["challenge"]?.stringValue.flatMap(Hexadecimal.decode),
            challenge.count == CryptosignProof.challengeCount,
            let signature = CryptosignProof.make(challenge, privateKey: privateKey.octets)
        else { throw ClientAuthFailure("a cryptosign challenge that is not 64 hexadecimal digits") }
        return signature
    }

    private func scram(
        _ extra: WAMPDictionary, _ authID: String, _ password: Secret, _ keys: inout DerivedKeys
    ) throws(ClientAuthFailure) -> (proof: String, serverSignature: [UInt8]) {
        if let binding = extra["channel_binding"], !binding.isNull, binding != "" {
            throw ClientAuthFailure("the router asks for channel binding, which is not supported")
        }
        for key in ["nonce", "salt"] where (extra[key]?.stringValue?.utf8.count ?? 0) > AuthLimits.longestText {
            throw ClientAuthFailure("a SCRAM challenge with a \(key) of more than \(AuthLimits.longestText) octets")
        }
        guard let nonce = extra["nonce"]?.stringValue, let octets = Base64.decode(nonce),
            let own = Base64.decode(clientNonce), octets.count > own.count, octets.starts(with: own)
        else { throw ClientAuthFailure("a SCRAM challenge whose nonce does not go on from the client's") }
        let kdf = extra["kdf"]?.stringValue ?? ""
        guard kdf == "pbkdf2" else {
            throw ClientAuthFailure(
                "a SCRAM challenge with the KDF \"\(kdf.legible(upTo: 64))\": this client knows pbkdf2 alone")
        }
        // The key is one block, so that iterations are steps.
        let bounds = Int64(AuthLimits.fewestScramIterations)...Int64(AuthLimits.mostDerivationSteps)
        guard let iterations = extra["iterations"]?.integerValue, bounds.contains(iterations) else {
            throw ClientAuthFailure("a SCRAM challenge with iterations out of \(bounds)")
        }
        guard let salt = extra["salt"]?.stringValue, let saltOctets = Base64.decode(salt),
            let salted = keys.key(
                from: password, salt: saltOctets, iterations: Int(iterations), count: SHA256.digestCount)
        else { throw ClientAuthFailure("a SCRAM challenge without a salt in Base64") }
        let message = ScramExchange(
            authID: authID, clientNonce: clientNonce, nonce: nonce, salt: salt, iterations: Int(iterations)
        ).message
        return (
            Base64.encode(ScramExchange.proof(salted, message)),
            SHA256.hmac(key: ScramExchange.serverKey(salted), message)
        )
    }
}
