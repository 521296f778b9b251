extension Checker {
    mutating func check(_ rule: Rule, _ tree: Tree, _ path: String) {
        switch rule {
        case .portOrRange: portOrRange(tree, path)
        case .openRole: openRole(tree, path)
        case .logins: logins(tree, path)
        case .saltedSecret: saltedSecret(tree, path)
        case .derivation: derivation(tree, path)
        case .argonMemory: argonMemory(tree, path)
        case .oneAuthID: oneAuthID(tree, path)
        case .componentLogin: componentLogin(tree, path)
        case .distinct: distinct(tree, path)
        case .restart: restart(tree, path)
        case .uriCheck: uriCheck(tree, path)
        case .oneRouter: oneRouter(tree)
        case .secureURL: secureURL(tree, path)
        case .componentExtra: componentExtra(tree, path)
        case .cookieLogin: cookieLogin(tree, path)
        case .someService: someService(tree, path)
        case .someVersion: someVersion(tree, path)
        }
    }

    private mutating func portOrRange(_ tree: Tree, _ path: String) {
        switch (tree["port"], tree["portrange"]) {
        case (nil, nil): add(.invalid, Checker.join(path, "port"), tree.place, "missing; expected port or portrange")
        case (let port?, .some):
            add(
                .invalid, Checker.join(path, "port"), port.place,
                "port beside portrange would have no effect: give one of them")
        case (.some, nil), (nil, .some): break
        }
    }

    private mutating func cookieLogin(_ tree: Tree, _ path: String) {
        guard let auth = tree["auth"], let cookie = auth["cookie"] else { return }
        let place = Checker.join(Checker.join(path, "auth"), "cookie")
        if tree["cookie"] == nil {
            add(.invalid, place, cookie.place, "there are no cookies here: the transport needs the key cookie, too")
        } else if tree["options"]?["allowed_origins"] == nil {
            let message = "pages of every origin could log in with it: needs options.allowed_origins"
            add(.invalid, place, cookie.place, message + " (legal in Crossbar.io)")
        }
        if auth.entries.count == 1 {
            add(.invalid, place, cookie.place, "the only method: nobody could be authenticated for the first time")
        }
    }

    private mutating func someService(_ tree: Tree, _ path: String) {
        guard tree["rawsocket"] == nil, tree["web"] == nil, tree["websocket"]?.entries.isEmpty ?? true else { return }
        add(.invalid, Checker.join(path, "websocket"), tree.place, "missing; expected rawsocket, websocket or web")
    }

    private mutating func someVersion(_ tree: Tree, _ path: String) {
        guard let key = tree["enable_rfc6455"], key.boolean == false, tree["enable_hybi10"]?.boolean == false else {
            return
        }
        add(
            .invalid, Checker.join(path, "enable_rfc6455"), key.place,
            "false, as enable_hybi10 is: no client could connect")
    }

    /// There is no authorization yet, and a permission that is not enforced must not look as if it were.
    private mutating func openRole(_ tree: Tree, _ path: String) {
        let permissions = tree["permissions"]
        if permissions != nil, let authorizer = tree["authorizer"] {
            add(
                .invalid, Checker.join(path, "authorizer"), authorizer.place,
                "authorizer beside permissions: give one of them")
        }
        if tree["authorizer"] != nil { return }
        if tree.value(of: Keys.Role.allowsByDefault) == true, permissions?.elements.isEmpty ?? true { return }
        let rules = permissions?.elements ?? []
        let why =
            "there is no authorization yet: the one permission must be uri \"*\" with call, register, publish and subscribe allowed"
        guard rules.count == 1, Checker.isForEverything(rules[0]) else {
            let place = permissions?.place ?? tree.place
            return add(.unsupported, Checker.join(path, "permissions"), place, why)
        }
        let allowed = rules[0]["allow"]
        for action in ["call", "register", "publish", "subscribe"] where allowed?[action] == nil {
            let place = allowed?.place ?? rules[0].place
            add(.unsupported, "\(path).permissions[0].allow.\(action)", place, "missing, which denies it; \(why)")
        }
    }

    private static func isForEverything(_ permission: Tree) -> Bool {
        switch (permission["uri"]?.text, permission["match"]?.text) {
        case ("*", nil), ("", "prefix"): true
        default: false
        }
    }

    private mutating func distinct(_ tree: Tree, _ path: String) {
        distinct(tree["realms"], "name", path: Checker.join(path, "realms"))
        distinct(tree["realms"], "id", path: Checker.join(path, "realms"))
        for (index, realm) in (tree["realms"]?.elements ?? []).enumerated() {
            distinct(realm["roles"], "name", path: "\(Checker.join(path, "realms"))[\(index)].roles")
        }
        distinct(tree["transports"], "id", path: Checker.join(path, "transports"))
        var places: Set<String> = []
        for (index, transport) in (tree["transports"]?.elements ?? []).enumerated() {
            guard let endpoint = transport["endpoint"], let port = endpoint["port"]?.integer else { continue }
            let interface = endpoint["interface"]?.text ?? ""
            guard let version = endpoint.value(of: Keys.Endpoint.version) else { continue }
            guard places.insert("\(version) \(interface) \(port)").inserted else {
                let duplicate = "\(Checker.join(path, "transports"))[\(index)].endpoint.port"
                add(
                    .invalid, duplicate, endpoint["port"]?.place ?? endpoint.place,
                    "found \(port); another transport listens there")
                continue
            }
        }
    }

    private mutating func distinct(_ list: Tree?, _ key: String, path: String) {
        var seen: Set<String> = []
        for (index, item) in (list?.elements ?? []).enumerated() {
            guard let value = item[key], let text = value.text, !seen.insert(text).inserted else { continue }
            add(.invalid, "\(path)[\(index)].\(key)", value.place, "found \(value.quoted), which stands here twice")
        }
    }

    private mutating func restart(_ tree: Tree, _ path: String) {
        guard let shutdown = tree["shutdown"]?.text, let restart = tree["restart"] else { return }
        let contradicts =
            switch restart.text {
            case "restart-always": shutdown.hasPrefix("shutdown-on-")
            case "restart-on-failed": shutdown == "shutdown-on-any-component-failed"
            default: false
            }
        if contradicts {
            add(
                .invalid, Checker.join(path, "restart"), restart.place,
                "found \(restart.quoted), which contradicts shutdown \"\(shutdown)\"")
        }
    }

    private mutating func uriCheck(_ tree: Tree, _ path: String) {
        let realms = tree["realms"]?.elements ?? []
        let key = Keys.Realm.uriCheck
        guard let first = realms.first?["options"].value(of: key) else { return }
        for (index, realm) in realms.enumerated() {
            let options = realm["options"]
            guard let rule = options.value(of: key), rule != first else { continue }
            add(
                .unsupported, key.place(in: "\(Checker.join(path, "realms"))[\(index)].options"),
                options?[key.name]?.place ?? realm.place,
                "\"\(rule.rawValue)\", and \"\(first.rawValue)\" in the first realm: all realms must have the same (legal in Crossbar.io)"
            )
        }
    }

    private mutating func oneRouter(_ tree: Tree) {
        let workers = (tree["workers"]?.elements ?? []).enumerated()
        for (index, worker) in workers.filter({ $0.element["type"]?.text == "router" }).dropFirst() {
            let message = "a second router; one process runs one, whose shards use several cores: --shards"
            add(.unsupported, "workers[\(index)]", worker.place, message + " (legal in Crossbar.io)")
        }
    }
}
