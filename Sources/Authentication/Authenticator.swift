import RennbahnCrypto
package import RennbahnWAMP

/// What HELLO asks for, and what is known of the connection that it came over.
package struct AuthRequest {
    /// Empty for `null`.
    package var realm: String
    package var details: HelloDetails
    /// The id that the session will have.
    package var session: SessionID
    /// Nanoseconds since 1970-01-01 UTC.
    package var time: UInt64
    /// SHA-1 of the certificate that the TLS client has shown and that was verified.
    package var certificate: [UInt8]?
    /// Whom the connection's cookie stands for.
    package var remembered: Principal?
    /// The `authid` of an anonymous session that the policy gives none.
    package var anonymousID: String?
    /// Octets that nobody can guess.
    package var random: (Int) -> [UInt8]

    package init(
        realm: String, details: HelloDetails, session: SessionID, time: UInt64, random: @escaping (Int) -> [UInt8]
    ) {
        self.realm = realm
        self.details = details
        self.session = session
        self.time = time
        self.random = random
    }
}

/// What comes of a HELLO that is not refused.
package enum AuthAnswer: Sendable {
    case welcome(Principal)
    /// CHALLENGE with this Extra; the client's AUTHENTICATE is for ``PendingProof/accept(signature:extra:_:)``.
    case challenge(AuthMethod, extra: WAMPDictionary, PendingProof)
}

/// Decides who the sessions of a transport are (WAMP specification, "Authentication"). It knows neither sockets nor
/// clocks; it never changes, so that all shards share it.
///
/// ```
///        hello                    accept
/// HELLO ───────► CHALLENGE ─────────────────► WELCOME
///   │   └──────► WELCOME      └── refused ──► ABORT
///   └─ refused ► ABORT
/// ```
/// A ``PendingProof`` is good for one AUTHENTICATE. An `authid` that does not exist gets a CHALLENGE like any other
/// (``Decoy``), and fails as a wrong signature does.
package final class Authenticator: Sendable {
    package let policy: AuthPolicy
    let craDecoy: Decoy<AuthPolicy.WAMPCRA>
    let scramDecoy: Decoy<AuthPolicy.Scram>
    /// The `authid` of each certificate and public key.
    private let certificateOwners: [[UInt8]: String]
    let keyOwners: [[UInt8]: Set<String>]

    /// - Parameter decoySecret: what nobody else knows, the same for all time if it can be; an `authid` that does not exist gets
    ///   a challenge that is made of it.
    package init(_ policy: AuthPolicy, decoySecret: [UInt8] = []) {
        self.policy = policy
        craDecoy = Decoy(policy.wampcra ?? [:], secret: decoySecret, .wampcra)
        scramDecoy = Decoy(policy.scram ?? [:], secret: decoySecret, .scram)
        certificateOwners = Dictionary(
            (policy.tls ?? [:]).map { ($0.value.sha1, $0.key) }, uniquingKeysWith: { first, _ in first })
        var owners: [[UInt8]: Set<String>] = [:]
        for (authID, principal) in policy.cryptosign ?? [:] {
            for key in principal.keys { owners[key, default: []].insert(authID) }
        }
        keyOwners = owners
    }

    /// Everybody is anonymous.
    package static let open = Authenticator(.open)

    /// Takes HELLO. The first of the client's methods that this transport takes decides; without any it is
    /// `anonymous`.
    package func hello(_ request: AuthRequest, _ realms: RealmDirectory) throws(AuthRefusal) -> AuthAnswer {
        if let authID = request.details.authID, authID.utf8.count > AuthLimits.longestText {
            throw AuthRefusal(.notAuthorized, "the authid is too long")
        }
        let asked = request.details.authMethods ?? []
        for name in asked.isEmpty ? [AuthMethod.anonymous.rawValue] : asked {
            guard let method = AuthMethod(rawValue: name), takes(method, request) else { continue }
            return try begin(method, request, realms)
        }
        throw AuthRefusal(.noAuthMethod, "cannot authenticate using any of the offered authmethods")
    }

    private func takes(_ method: AuthMethod, _ request: AuthRequest) -> Bool {
        switch method {
        case .anonymous: policy.anonymous != nil
        case .cookie: policy.takesCookies && request.remembered != nil
        case .cryptosign: policy.cryptosign != nil
        case .scram: policy.scram != nil
        case .ticket: policy.ticket != nil
        case .tls: policy.tls != nil
        case .wampcra: policy.wampcra != nil
        }
    }

    private func begin(
        _ method: AuthMethod, _ request: AuthRequest, _ realms: RealmDirectory
    ) throws(AuthRefusal) -> AuthAnswer {
        switch method {
        case .anonymous: .welcome(try anonymous(request, realms))
        case .cookie: .welcome(try remembered(request, realms))
        case .tls: .welcome(try certified(request, realms))
        case .ticket: try ticket(request, realms)
        case .wampcra: try wampcra(request, realms)
        case .scram: try scram(request, realms)
        case .cryptosign: try cryptosign(request, realms)
        }
    }

    // MARK: Methods without a challenge

    private func anonymous(_ request: AuthRequest, _ realms: RealmDirectory) throws(AuthRefusal) -> Principal {
        guard let rule = policy.anonymous else { preconditionFailure("the method is taken") }
        let principal = Principal(
            authID: rule.authID ?? request.anonymousID ?? RandomAuthID.make(request.random), role: rule.role,
            realm: request.realm, method: AuthMethod.anonymous.rawValue, extra: request.echoedExtra)
        try realms.check(principal)
        return principal
    }

    /// The realm is that of the first time, whatever the client asks for.
    private func remembered(_ request: AuthRequest, _ realms: RealmDirectory) throws(AuthRefusal) -> Principal {
        guard var principal = request.remembered else { preconditionFailure("the method is taken") }
        principal.provider = AuthMethod.cookie.rawValue
        try realms.check(principal)
        return principal
    }

    private func certified(_ request: AuthRequest, _ realms: RealmDirectory) throws(AuthRefusal) -> Principal {
        guard let certificate = request.certificate else {
            throw AuthRefusal(.notAuthorized, "client did not send a TLS client certificate")
        }
        guard let authID = certificateOwners[certificate], let rule = policy.tls?[authID] else {
            throw AuthRefusal(.notAuthorized, "the TLS client certificate is nobody's")
        }
        let principal = Principal(
            authID: authID, role: rule.role, realm: request.realm, method: AuthMethod.tls.rawValue)
        try realms.check(principal)
        return principal
    }
}

extension AuthRequest {
    /// `authextra`, as some methods give it back; empty where it is too long for that.
    var echoedExtra: WAMPDictionary {
        guard let extra = details.authExtra, extra.fits(AuthLimits.longestExtra) else { return [:] }
        return extra
    }

    /// - Throws: for methods that do without it nowhere.
    func requiredAuthID() throws(AuthRefusal) -> String {
        guard let authID = details.authID else {
            throw AuthRefusal(.noSuchPrincipal, "cannot identify client: no authid requested")
        }
        return authID
    }

    /// A text of `authextra`; `nil` for none, for `null` and for one that is too long.
    func extra(_ key: String) -> String? {
        guard let text = details.authExtra?[key]?.stringValue, text.utf8.count <= AuthLimits.longestText else {
            return nil
        }
        return text
    }

    /// Channel binding is not spoken: what asks for it must not believe that it was done.
    func refuseChannelBinding() throws(AuthRefusal) {
        guard let binding = details.authExtra?["channel_binding"], !binding.isNull else { return }
        if binding == "tls-unique" {
            throw AuthRefusal(.notAuthorized, "channel binding type \"tls-unique\" is not supported by this router")
        }
        throw AuthRefusal(.notAuthorized, "invalid channel binding type requested")
    }
}

/// An `authid` for a session that has none, as Crossbar.io makes them: 24 characters of an alphabet without look-alikes.
package enum RandomAuthID {
    private static let alphabet = Array("345679ACEFGHJKLMNPQRSTUVWXY".utf8)

    /// - Parameter random: so many random octets.
    package static func make(_ random: (Int) -> [UInt8]) -> String {
        var text: [UInt8] = []
        while text.count < 29 {
            // 27 characters: of 256 octets the last 13 would make some more likely.
            for octet in random(32) where octet < 243 && text.count < 29 {
                text.append(alphabet[Int(octet) % alphabet.count])
                if [4, 9, 14, 19, 24].contains(text.count) { text.append(UInt8(ascii: "-")) }
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
