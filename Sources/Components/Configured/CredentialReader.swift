package import RennbahnAuthentication
import RennbahnBytes
package import RennbahnConfiguration
package import RennbahnRouterNode

/// Reads what somebody logs in with, of a checked tree: the `auth` of a component, or a principal of a load. Collects what only
/// shows when it is used.
package struct CredentialReader {
    private var secrets: AuthReader

    package init(_ surroundings: NodeConfiguration.Surroundings) {
        secrets = AuthReader(surroundings)
    }

    package var problems: [Problem] { secrets.problems }

    /// Credentials in the order of the file.
    package mutating func credentials(_ tree: Tree?, _ path: String) -> [ClientCredential] {
        var found: [ClientCredential] = []
        for entry in tree?.entries ?? [] {
            if let credential = credential(entry.key, entry.value, "\(path).\(entry.key)") { found.append(credential) }
        }
        return found
    }

    /// The cookie that a principal logs in with; `nil`: it has none, or a problem is told.
    package mutating func cookie(_ tree: Tree, _ path: String) -> Secret? {
        let method = Keys.LoadPrincipal.cookie
        guard let section = tree[method] else { return nil }
        let key = Keys.PrincipalCookie.cookie
        return secrets.secret(section[key], key.place(in: method.place(in: path)))
    }

    private mutating func credential(_ method: String, _ tree: Tree, _ path: String) -> ClientCredential? {
        func secret(_ key: Key<Tree>) -> Secret? { secrets.secret(tree[key], key.place(in: path)) }
        let authID = Keys.Credential.authID
        switch AuthMethod(rawValue: method) {
        case .anonymous: return .anonymous(authID: tree[Keys.Credential.wantedAuthID])
        case .tls: return .tls
        case .cookie: return .cookie
        case .ticket: return secret(Keys.Credential.ticket).map { .ticket(authID: tree[authID], ticket: $0) }
        case .wampcra: return secret(Keys.Credential.secret).map { .wampcra(authID: tree[authID], secret: $0) }
        case .scram: return secret(Keys.Credential.password).map { .scram(authID: tree[authID], password: $0) }
        case .cryptosign:
            guard let key = secret(Keys.Credential.privateKey) else { return nil }
            let octets = Hexadecimal.decode(String(decoding: key.octets, as: UTF8.self))
            guard let octets, octets.count == 32 else {
                return secrets.add(
                    Keys.Credential.privateKey.place(in: path), tree[Keys.Credential.privateKey],
                    "the environment variable holds no private key of 64 hexadecimal digits")
            }
            return .cryptosign(authID: tree[Keys.Credential.keyOwner], privateKey: Secret(octets))
        case nil: return nil
        }
    }
}
