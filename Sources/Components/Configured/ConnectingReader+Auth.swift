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
        let authID = tree["authid"]?.text
        switch AuthMethod(rawValue: method) {
        case .anonymous: return .anonymous(authID: authID)
        case .tls: return .tls
        case .ticket:
            return secrets.secret(tree["ticket"], path + ".ticket").map { .ticket(authID: authID ?? "", ticket: $0) }
        case .wampcra:
            return secrets.secret(tree["secret"], path + ".secret").map { .wampcra(authID: authID ?? "", secret: $0) }
        case .scram:
            return secrets.secret(tree["password"], path + ".password")
                .map { .scram(authID: authID ?? "", password: $0) }
        case .cryptosign:
            guard let key = secrets.secret(tree["privkey"], path + ".privkey") else { return nil }
            let octets = Hexadecimal.decode(String(decoding: key.octets, as: UTF8.self))
            guard let octets, octets.count == 32 else {
                return secrets.add(
                    path + ".privkey", tree["privkey"] ?? tree,
                    "the environment variable holds no private key of 64 hexadecimal digits")
            }
            return .cryptosign(authID: authID, privateKey: Secret(octets))
        case .cookie, nil: return nil
        }
    }
}
