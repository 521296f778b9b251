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
        return Authenticator(policy(tree, path))
    }

    package mutating func policy(_ tree: Tree, _ path: String) -> AuthPolicy {
        var policy = AuthPolicy()
        if let anonymous = tree["anonymous"] {
            policy.anonymous = AuthPolicy.Anonymous(
                role: anonymous["role"]?.text ?? "anonymous", authID: anonymous["authid"]?.text)
        }
        policy.ticket = principals(tree, "ticket", "principals", path) { reader, principal, path in
            guard let ticket = reader.secret(principal["ticket"], path + ".ticket") else { return nil }
            return AuthPolicy.Ticket(role: AuthReader.role(principal), ticket: ticket)
        }
        policy.wampcra = principals(tree, "wampcra", "users", path) { $0.user($1, $2) }
        policy.scram = principals(tree, "scram", "principals", path) { _, principal, _ in
            AuthPolicy.Scram(configured: principal)
        }
        policy.cryptosign = principals(tree, "cryptosign", "principals", path) { _, principal, _ in
            AuthPolicy.Cryptosign(
                role: AuthReader.role(principal), realm: principal["realm"]?.text,
                keys: (principal["authorized_keys"]?.elements ?? []).compactMap { $0.text.flatMap(Hexadecimal.decode) })
        }
        policy.tls = principals(tree, "tls", "principals", path) { _, principal, _ in
            let digits = (principal["certificate-sha1"]?.text ?? "").replacing(":", with: "")
            return AuthPolicy.Certificate(
                role: AuthReader.role(principal), sha1: Hexadecimal.decode(digits) ?? [])
        }
        policy.takesCookies = tree["cookie"] != nil
        return policy
    }

    /// The principals of a method; `nil` where there is no such method.
    private mutating func principals<Item>(
        _ tree: Tree, _ method: String, _ key: String, _ path: String,
        _ read: (inout AuthReader, Tree, String) -> Item?
    ) -> [String: Item]? {
        guard let entries = tree[method]?[key]?.entries else { return nil }
        var found: [String: Item] = [:]
        for entry in entries {
            if let item = read(&self, entry.value, "\(path).\(method).\(key).\(entry.key)") { found[entry.key] = item }
        }
        return found
    }

    private mutating func user(_ tree: Tree, _ path: String) -> AuthPolicy.WAMPCRA? {
        guard let secret = secret(tree["secret"], path + ".secret") else { return nil }
        var user = AuthPolicy.WAMPCRA(role: AuthReader.role(tree), secret: secret)
        guard let salt = tree["salt"]?.text else { return user }
        let salting = AuthPolicy.Salting(
            salt: salt, iterations: tree["iterations"]?.integer ?? 1000, keyLength: tree["keylen"]?.integer ?? 32)
        user.salting = salting
        // A password in its place would let nobody in, and nothing would say why.
        guard Base64.decode(String(decoding: secret.octets, as: UTF8.self))?.count == salting.keyLength else {
            return add(
                path + ".secret", tree["secret"] ?? tree,
                "with salt the secret is the key that was derived with PBKDF2, \(salting.keyLength) octets in Base64")
        }
        return user
    }

    /// A text, or the environment variable that `"${NAME}"` names.
    package mutating func secret(_ tree: Tree?, _ path: String) -> Secret? {
        guard let tree, let text = tree.text else { return nil }
        guard TextForm.bracedVariable.matches(text) else { return Secret(text) }
        let name = String(text.dropFirst(2).dropLast())
        guard let value = surroundings.environment(name) else {
            return add(path, tree, "the environment variable \(name) is not set")
        }
        return Secret(value)
    }

    private static func role(_ tree: Tree) -> String { tree["role"]?.text ?? "" }

    package mutating func add<T>(_ path: String, _ tree: Tree, _ message: String) -> T? {
        problems.append(Problem(.invalid, path, at: tree.place, message))
        return nil
    }
}

extension AuthPolicy.Scram {
    fileprivate init(configured tree: Tree) {
        func octets(_ key: String) -> [UInt8] { tree[key]?.text.flatMap(Hexadecimal.decode) ?? [] }
        self.init(
            role: tree["role"]?.text ?? "", kdf: tree["kdf"]?.text ?? "", salt: octets("salt"),
            iterations: tree["iterations"]?.integer ?? 0, memory: tree["memory"]?.integer,
            storedKey: Secret(octets("stored-key")), serverKey: Secret(octets("server-key")))
    }
}
