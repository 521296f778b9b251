package import RennbahnAuthentication
import RennbahnBytes
package import RennbahnConfiguration

/// Reads the `auth` of listening transports of a checked tree; collects what only shows when it is used.
package struct AuthReader {
    private let surroundings: NodeConfiguration.Surroundings
    package private(set) var problems: [Problem] = []

    package init(_ surroundings: NodeConfiguration.Surroundings) {
        self.surroundings = surroundings
    }

    /// `nil` without `auth`: everybody is anonymous.
    mutating func read(_ tree: Tree?, _ path: String) -> Authenticator? {
        guard let tree else { return nil }
        return Authenticator(policy(tree, path), decoySecret: surroundings.secret)
    }

    package mutating func policy(_ tree: Tree, _ path: String) -> AuthPolicy {
        var policy = AuthPolicy()
        policy.anonymous = tree[Keys.Auth.anonymous].map { anonymous in
            AuthPolicy.Anonymous(role: anonymous[Keys.Anonymous.role], authID: anonymous[Keys.Anonymous.authID])
        }
        policy.ticket = principals(tree, Keys.Auth.ticket, Keys.Principals.ticket, path) { reader, principal, path in
            let key = Keys.Principal.ticket
            return reader.secret(principal[key], key.place(in: path)).map {
                AuthPolicy.Ticket(role: principal[Keys.Principal.role], ticket: $0)
            }
        }
        policy.wampcra = principals(tree, Keys.Auth.wampcra, Keys.Principals.wampcra, path) { $0.user($1, $2) }
        policy.scram = principals(tree, Keys.Auth.scram, Keys.Principals.scram, path) { _, principal, _ in
            AuthPolicy.Scram(configured: principal)
        }
        policy.cryptosign = principals(tree, Keys.Auth.cryptosign, Keys.Principals.cryptosign, path) {
            _, principal, _ in
            AuthPolicy.Cryptosign(
                role: principal[Keys.Principal.role], realm: principal[Keys.Principal.realm],
                keys: principal[Keys.Principal.publicKeys].compactMap(Hexadecimal.decode))
        }
        policy.tls = principals(tree, Keys.Auth.tls, Keys.Principals.tls, path) { _, principal, _ in
            let digits = principal[Keys.Principal.fingerprint].replacing(":", with: "")
            return AuthPolicy.Certificate(
                role: principal[Keys.Principal.role], sha1: Hexadecimal.decode(digits) ?? [])
        }
        policy.takesCookies = tree[Keys.Auth.cookie] != nil
        return policy
    }

    /// The principals of a method; `nil` where there is no such method.
    private mutating func principals<Item>(
        _ tree: Tree, _ method: Key<Tree?>, _ principals: Key<Tree>, _ path: String,
        _ read: (inout AuthReader, Tree, String) -> Item?
    ) -> [String: Item]? {
        guard let configured = tree[method] else { return nil }
        let place = principals.place(in: method.place(in: path))
        var found: [String: Item] = [:]
        for entry in configured[principals].entries {
            if let item = read(&self, entry.value, "\(place).\(entry.key)") { found[entry.key] = item }
        }
        return found
    }

    private mutating func user(_ tree: Tree, _ path: String) -> AuthPolicy.WAMPCRA? {
        let key = Keys.WAMPCRAUser.secret
        guard let secret = secret(tree[key], key.place(in: path)) else { return nil }
        var user = AuthPolicy.WAMPCRA(role: tree[Keys.Principal.role], secret: secret)
        guard let salt = tree[Keys.WAMPCRAUser.salt] else { return user }
        let salting = AuthPolicy.Salting(
            salt: salt, iterations: tree[Keys.WAMPCRAUser.iterations], keyLength: tree[Keys.WAMPCRAUser.keyLength])
        user.salting = salting
        // A password in its place would let nobody in, and nothing would say why.
        guard Base64.decode(String(decoding: secret.octets, as: UTF8.self))?.count == salting.keyLength else {
            return add(
                key.place(in: path), tree[key],
                "with salt the secret is the key that was derived with PBKDF2, \(salting.keyLength) octets in Base64")
        }
        return user
    }

    /// A text, or the environment variable that `"${NAME}"` names.
    package mutating func secret(_ tree: Tree, _ path: String) -> Secret? {
        guard let text = tree.text else { return nil }
        guard TextForm.bracedVariable.matches(text) else { return Secret(text) }
        let name = String(text.dropFirst(2).dropLast())
        guard let value = surroundings.environment(name) else {
            return add(path, tree, "the environment variable \(name) is not set")
        }
        return Secret(value)
    }

    package mutating func add<T>(_ path: String, _ tree: Tree, _ message: String) -> T? {
        problems.append(Problem(.invalid, path, at: tree.place, message))
        return nil
    }
}

extension AuthPolicy.Scram {
    fileprivate init(configured tree: Tree) {
        func octets(_ key: Key<String>) -> [UInt8] { Hexadecimal.decode(tree[key]) ?? [] }
        self.init(
            role: tree[Keys.Principal.role], kdf: tree[Keys.ScramPrincipal.keyDerivation].rawValue,
            salt: octets(Keys.ScramPrincipal.salt), iterations: tree[Keys.ScramPrincipal.iterations],
            memory: tree[Keys.ScramPrincipal.memory], storedKey: Secret(octets(Keys.ScramPrincipal.storedKey)),
            serverKey: Secret(octets(Keys.ScramPrincipal.serverKey)))
    }
}
