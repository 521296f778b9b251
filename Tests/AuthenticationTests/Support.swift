import RennbahnBytes
import RennbahnCrypto
import RennbahnWAMP

@testable import RennbahnAuthentication

/// Octets that are the same in every run, and others each time they are asked for.
final class Dice {
    private var count: UInt64 = 0

    func octets(_ wanted: Int) -> [UInt8] {
        var octets: [UInt8] = []
        while octets.count < wanted {
            count += 1
            octets += SHA256.digest(Array("\(count)".utf8))
        }
        return Array(octets.prefix(wanted))
    }
}

let realms = RealmDirectory(["realm1": ["anonymous", "user", "guest"], "realm2": ["user", "backend"]])

/// HELLO as a test writes it.
func hello(
    _ methods: [String]? = nil, authID: String? = nil, realm: String = "realm1", extra: WAMPDictionary? = nil
) -> AuthRequest {
    let dice = Dice()
    return AuthRequest(
        realm: realm,
        details: HelloDetails(roles: .all, authMethods: methods, authID: authID, authExtra: extra),
        session: 4711, time: 1_795_863_439_123_000_000, random: dice.octets)
}

extension Authenticator {
    /// The WELCOME that a HELLO gets without a challenge.
    func welcome(_ request: AuthRequest) throws -> Principal? {
        if case .welcome(let principal) = try hello(request, realms) { principal } else { nil }
    }

    /// The CHALLENGE that a HELLO gets.
    func challenge(_ request: AuthRequest) throws -> (method: AuthMethod, extra: WAMPDictionary, proof: PendingProof)? {
        if case .challenge(let method, let extra, let proof) = try hello(request, realms) {
            (method, extra, proof)
        } else {
            nil
        }
    }

    /// Who a client of ours with these credentials is, over a HELLO, a CHALLENGE and an AUTHENTICATE.
    func meet(_ credentials: [ClientCredential], realm: String = "realm1") throws -> Principal {
        var client = try ClientAuthentication(credentials, nonce: Dice().octets(ClientAuthentication.nonceCount))
        var details: WAMPDictionary = ["roles": ["caller": [:]]]
        client.offer(in: &details)
        var request = AuthenticationTests.hello(realm: realm)
        request.details = try HelloDetails(.dictionary(details))
        let principal: Principal
        switch try hello(request, realms) {
        case .welcome(let known): principal = known
        case .challenge(let method, let extra, let proof):
            let signature = try client.answer(method: method.rawValue, extra: extra)
            principal = try proof.accept(signature: signature, extra: [:], realms)
        }
        try client.welcomed(["authextra": .dictionary(principal.extra)])
        return principal
    }
}

extension AuthPolicy.Scram {
    /// Of a password, with PBKDF2.
    static func pbkdf2(_ password: String, role: String = "user", salt: String = "salt and pepper") -> AuthPolicy.Scram
    {
        let octets = Array(salt.utf8)
        let salted = SHA256.derive(from: Array(password.utf8), salt: octets, iterations: 4096, count: 32) ?? []
        return AuthPolicy.Scram(
            role: role, kdf: "pbkdf2", salt: octets, iterations: 4096, memory: nil,
            storedKey: Secret(SHA256.digest(ScramExchange.clientKey(salted))),
            serverKey: Secret(ScramExchange.serverKey(salted)))
    }
}

extension ChallengeResponse {
    /// The key that a salted password stands for.
    static func key(from password: [UInt8], salt: String, iterations: Int, count: Int) -> [UInt8]? {
        SHA256.derive(from: password, salt: Array(salt.utf8), iterations: iterations, count: count).map(signingKey)
    }
}

/// A policy with one method's principals.
func policy(_ change: (inout AuthPolicy) -> Void) -> Authenticator {
    var policy = AuthPolicy()
    change(&policy)
    return Authenticator(policy)
}
