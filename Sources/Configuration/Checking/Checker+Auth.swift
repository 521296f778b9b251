/// Rules of authentication.
extension Checker {
    /// A place where sessions begin: something with `auth`, or without it.
    private struct Entrance {
        var tree: Tree
        var path: String
        var transport: Tree
    }

    mutating func logins(_ tree: Tree, _ path: String) {
        let realms = tree["realms"]?.elements ?? []
        let transports = Checker.join(path, "transports")
        let entrances = (tree["transports"]?.elements ?? []).enumerated().flatMap { index, transport in
            Checker.entrances(transport, "\(transports)[\(index)]")
        }
        let known = Set(realms.flatMap { realm in (realm["roles"]?.elements ?? []).compactMap { $0["name"]?.text } })
        var obtainable: Set<String> = []
        for entrance in entrances {
            guard let auth = entrance.tree["auth"] else {
                obtainable.insert("anonymous")
                continue
            }
            for (role, place, name) in Checker.roles(auth, Checker.join(entrance.path, "auth")) {
                obtainable.insert(name)
                guard !known.contains(name) else { continue }
                add(.invalid, place, role.place, "found \(name.quoted); no realm has such a role")
            }
            certificates(auth, entrance)
        }
        // Where nobody gets a role at all, that has been told.
        guard !obtainable.isEmpty else { return }
        for (index, realm) in realms.enumerated() {
            guard let roles = realm["roles"], case .list(let list) = roles.value else { continue }
            if list.contains(where: { obtainable.contains($0["name"]?.text ?? "") }) { continue }
            let names = obtainable.sorted().map { "\"\($0)\"" }.joined(separator: ", ")
            add(
                .invalid, "\(Checker.join(path, "realms"))[\(index)].roles", roles.place,
                "nobody could join: the roles that a transport gives are \(names)")
        }
    }

    private static func entrances(_ transport: Tree, _ path: String) -> [Entrance] {
        func services(_ key: String) -> [Entrance] {
            (transport[key]?.entries ?? []).map {
                Entrance(tree: $0.value, path: join(join(path, key), $0.key), transport: transport)
            }
        }
        switch transport["type"]?.text {
        case "websocket", "rawsocket": return [Entrance(tree: transport, path: path, transport: transport)]
        case "universal":
            let rawSocket = transport["rawsocket"].map {
                Entrance(tree: $0, path: join(path, "rawsocket"), transport: transport)
            }
            return [rawSocket].compactMap(\.self) + services("websocket")
        case "web": return services("paths").filter { $0.tree["type"]?.text == "websocket" }
        case _: return []
        }
    }

    /// Every role that a transport's `auth` names or means, where it stands.
    private static func roles(_ auth: Tree, _ path: String) -> [(tree: Tree, path: String, name: String)] {
        auth.entries.flatMap { entry -> [(tree: Tree, path: String, name: String)] in
            let path = join(path, entry.key)
            if entry.key == "anonymous" {
                let key = Keys.Anonymous.role
                guard let name = entry.value.value(of: key) else { return [] }
                return [(entry.value[key.name] ?? entry.value, join(path, key.name), name)]
            }
            let key = entry.key == "wampcra" ? "users" : "principals"
            return (entry.value[key]?.entries ?? []).compactMap { principal in
                guard let role = principal.value["role"], let name = role.text else { return nil }
                return (role, join(join(join(path, key), principal.key), "role"), name)
            }
        }
    }

    /// Method `tls` needs clients that show certificates, each of which is one principal's.
    private mutating func certificates(_ auth: Tree, _ entrance: Entrance) {
        guard let tls = auth["tls"] else { return }
        let path = Checker.join(Checker.join(entrance.path, "auth"), "tls")
        if entrance.transport["endpoint"]?["tls"]?["ca_certificates"]?.elements.isEmpty ?? true {
            add(.invalid, path, tls.place, "no client has a certificate here: needs endpoint.tls.ca_certificates")
        }
        var seen: Set<String> = []
        for principal in tls["principals"]?.entries ?? [] {
            guard let value = principal.value["certificate-sha1"], let text = value.text,
                !seen.insert(text.uppercased()).inserted
            else { continue }
            let place = Checker.join(Checker.join(Checker.join(path, "principals"), principal.key), "certificate-sha1")
            add(.invalid, place, value.place, "found \(value.quoted), which stands here twice")
        }
    }

    mutating func saltedSecret(_ tree: Tree, _ path: String) {
        guard tree["salt"] == nil else { return }
        for key in ["iterations", "keylen"] {
            guard let value = tree[key] else { continue }
            add(.invalid, Checker.join(path, key), value.place, "without salt it would have no effect")
        }
    }

    /// Numbers that are out of their own range have been told.
    mutating func derivation(_ tree: Tree, _ path: String) {
        guard let key = tree["iterations"], let iterations = key.integer,
            Keys.ScramPrincipal.iterations.range.contains(iterations)
        else { return }
        let place = Checker.join(path, "iterations")
        let most = Keys.Derivation.mostSteps
        if tree["kdf"]?.text == "pbkdf2" {
            let range = Keys.Derivation.fewestScramIterations...most
            guard !range.contains(iterations) else { return }
            let allowed = "an integer from \(range.lowerBound) to \(range.upperBound), which clients do for pbkdf2"
            return add(.invalid, place, key.place, "found \(iterations); allowed: \(allowed) (legal in Crossbar.io)")
        }
        guard tree["kdf"] == nil, iterations <= most,
            let length = tree.value(of: Keys.WAMPCRAUser.keyLength), length > 0
        else { return }
        let blocks = (length - 1) / Keys.Derivation.block + 1
        guard iterations > most / blocks else { return }
        let allowed = "1 to \(most / blocks) beside keylen \(length), since clients do no more than \(most) steps"
        add(.invalid, place, key.place, "found \(iterations); allowed: \(allowed) (legal in Crossbar.io)")
    }

    mutating func argonMemory(_ tree: Tree, _ path: String) {
        guard tree["kdf"]?.text == "argon2id-13", tree["memory"]?.integer ?? 0 < 8 else { return }
        let place = tree["memory"]?.place ?? tree.place
        add(.invalid, Checker.join(path, "memory"), place, "argon2id-13 needs memory, 8 KiB or more")
    }

    mutating func oneAuthID(_ tree: Tree, _ path: String) {
        var first: String?
        for entry in tree.entries {
            guard let authID = entry.value["authid"], let text = authID.text else { continue }
            if let first, first != text {
                add(
                    .invalid, Checker.join(Checker.join(path, entry.key), "authid"), authID.place,
                    "found \(authID.quoted) beside \(first.quoted); HELLO has room for one authid")
            }
            first = first ?? text
        }
    }

    mutating func componentLogin(_ tree: Tree, _ path: String) {
        guard let tls = tree["auth"]?["tls"], tree["transport"]?["endpoint"]?["tls"]?["certificate"] == nil else {
            return
        }
        add(
            .invalid, Checker.join(Checker.join(path, "auth"), "tls"), tls.place,
            "the connection has no certificate to show: needs transport.endpoint.tls.certificate")
    }
}
