import RennbahnAuthentication
import RennbahnBytes
import RennbahnConfiguration
import RennbahnRouterNode

extension ConnectingReader {
    /// The `auth` of a component, in the order of the file.
    mutating func credentials(_ tree: Tree?, _ path: String) -> [ClientCredential] {
        var found: [ClientCredential] = []
        for entry in tree?.entries ?? [] {
            if let credential = credential(entry.key, entry.value, "\(path).\(entry.key)") { found.append(credential) }
        }
        return found
    }

    private mutating func credential(_ method: String, _ tree: Tree, _ path: String) -> ClientCredential? {
        func secret(_ key: Key<Tree>) -> Secret? { secrets.secret(tree[key], key.place(in: path)) }
        let authID = Keys.Credential.authID
        switch AuthMethod(rawValue: method) {
        case .anonymous: return .anonymous(authID: tree[Keys.Credential.wantedAuthID])
        case .tls: return .tls
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
        case .cookie, nil: return nil
        }
    }
}
