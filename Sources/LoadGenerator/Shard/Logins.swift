import RennbahnAuthentication
import RennbahnCrypto
import RennbahnTransport
import RennbahnWAMP

/// The logins of a shard's clients: whom each of them logs in as, and those that are under way.
///
/// ```
/// begin ──► CHALLENGE ── queued ── answer ──► WELCOME
///   └────────────────────────────────────────►
/// ```
/// A challenge waits for the turn that follows: a key that is derived from a password may take seconds, and between two of them
/// the shard looks at its orders.
struct Logins {
    private struct Attempt {
        var authentication: ClientAuthentication
        /// Has come, and waits for its answer.
        var challenge: (method: String, extra: WAMPDictionary)?
    }

    private let principals: [LoadPrincipal]
    private let shard: Int
    private let shards: Int
    /// By principal.
    private var keys: [DerivedKeys]
    /// By principal: HELLO, where it is the same for each login and was written before.
    private var hellos: [[UInt8]?]
    private var attempts: [Int: Attempt] = [:]
    /// Those whose challenge waits, longest first; one that was given up may be among them.
    private(set) var challenged: [Int] = []

    /// - Parameter principals: none: all clients are anonymous, and their HELLO says nothing of it.
    init(_ principals: [LoadPrincipal], shard: Int, of shards: Int) {
        self.principals = principals
        self.shard = shard
        self.shards = shards
        keys = Array(repeating: DerivedKeys(), count: principals.count)
        hellos = Array(repeating: nil, count: principals.count)
    }

    var isEmpty: Bool { principals.isEmpty }

    /// Whether some wait for their challenge to be answered.
    var areBehind: Bool { !challenged.isEmpty }

    /// Clients have the principals in turn, counted over all shards.
    private func place(of client: Int) -> Int { (client * shards + shard) % principals.count }

    func opening(of client: Int) -> OwnOpening? { isEmpty ? nil : principals[place(of: client)].opening }

    /// How messages name the login of a client; `nil`: it has none, and is anonymous.
    func name(of client: Int) -> LoginName? {
        guard !isEmpty else { return nil }
        let principal = principals[place(of: client)]
        return principal.authentication.isAnonymous ? nil : principal.name
    }

    /// Whether the client's WELCOME must be looked into.
    func mustBeProved(to client: Int) -> Bool { attempts[client]?.authentication.needsNonce ?? false }

    /// Begins the login of a client; returns its HELLO.
    ///
    /// - Parameter write: a whole HELLO that offers an authentication.
    mutating func begin(_ client: Int, write: (ClientAuthentication) -> [UInt8]) -> [UInt8] {
        let place = place(of: client)
        let authentication = principals[place].authentication
        guard authentication.needsNonce else {
            attempts[client] = Attempt(authentication: authentication)
            if let hello = hellos[place] { return hello }
            let hello = write(authentication)
            hellos[place] = hello
            return hello
        }
        var nonce = [UInt8](repeating: 0, count: ClientAuthentication.nonceCount)
        SecureRandom.fillBytes(&nonce)
        let own = authentication.again(nonce: nonce)
        attempts[client] = Attempt(authentication: own)
        return write(own)
    }

    /// A challenge has come; false where another one still waits.
    mutating func challenge(_ client: Int, method: String, extra: WAMPDictionary) -> Bool {
        guard attempts[client]?.challenge == nil else { return false }
        attempts[client]?.challenge = (method, extra)
        challenged.append(client)
        return true
    }

    /// The first of those that wait have had their turn.
    mutating func dismiss(_ count: Int) { challenged.removeFirst(count) }

    /// What the client's AUTHENTICATE says; `nil`: nothing waits for it any more.
    mutating func answer(_ client: Int) throws(ClientAuthFailure) -> String? {
        guard let challenge = attempts[client]?.challenge, var attempt = attempts.removeValue(forKey: client) else {
            return nil
        }
        attempt.challenge = nil
        let place = place(of: client)
        let signature = try attempt.authentication.answer(
            method: challenge.method, extra: challenge.extra, keys: &keys[place])
        attempts[client] = attempt
        return signature
    }

    /// Takes WELCOME.
    ///
    /// - Parameter details: `null` where it need not be looked into.
    mutating func welcomed(_ client: Int, _ details: WAMPValue) throws(ClientAuthFailure) {
        guard var attempt = attempts.removeValue(forKey: client) else { return }
        try attempt.authentication.welcomed(details)
    }

    /// The client's connection is gone.
    mutating func forget(_ client: Int) { attempts[client] = nil }
}
