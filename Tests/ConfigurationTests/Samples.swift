import RennbahnConfiguration

/// Values to try at a row: good ones from its shape, those at and beyond each bound, and one of every type.
enum Samples {
    static func of(_ key: Row) -> [Tree] {
        var values = anyType + of(key.shape)
        if case .only(let only, _) = key.support { values += only }
        return values.map(tree)
    }

    private static let anyType: [Tree.Value] = [
        .null, .boolean(true), .boolean(false), .integer(0), .integer(-1), .number(1.5), .text(""),
        .text("no such value"),
        .list([]), .mapping([]), mapping(["no_such_key": .null]),
    ]

    private static func mapping(_ entries: KeyValuePairs<String, Tree.Value>) -> Tree.Value {
        .mapping(entries.map { Tree.Entry(key: $0.key, place: somewhere, value: tree($0.value)) })
    }

    private static func of(_ shape: Shape) -> [Tree.Value] {
        switch shape {
        case .boolean, .anything: return []
        case .integer(let range, _):
            return [range.lowerBound, range.upperBound, range.lowerBound - 1, range.upperBound + 1].map { .integer($0) }
        case .integers(let numbers): return (numbers + [numbers.max()! + 1]).map { .integer($0) }
        case .text(let form): return texts(form).map { .text($0) }
        case .choice(let choices): return choices.map { .text($0.name) }
        case .list(let element, _):
            let elements = of(element)
            return elements.map { .list([tree($0)]) } + [.list([tree(.null)]), .list(elements.prefix(2).map(tree))]
        case .portRange:
            return [[1, 65535], [5, 5], [0, 5], [5, 65536], [5], [1, 2, 3]].map { (pair: [Int]) in
                .list(pair.map { tree(.integer($0)) })
            }
        case .section(let name): return [minimal(name)]
        case .variants(let variants):
            return variants.map { $0.section.isEmpty ? mapping(["type": .text($0.type)]) : minimal($0.section) }
        case .map(_, let element):
            return (of(element) + [.null]).map { mapping(["ws": $0]) } + [mapping(["/": .mapping([]), "a b": .null])]
        case .either(let first, let second): return of(first) + of(second)
        }
    }

    /// A section with its required keys, and what its rules ask for.
    private static func minimal(_ name: String) -> Tree.Value {
        var entries: [Tree.Entry] = []
        func add(_ key: String, _ value: Tree.Value) {
            entries.append(Tree.Entry(key: key, place: somewhere, value: tree(value)))
        }
        for key in Schema.section(name).keys
        where key.isRequired || ["port", "permissions"].contains(key.name)
            || (name, key.name) == ("universal", "rawsocket") || (name, key.name) == ("scramPrincipal", "memory")
        {
            switch (name, key.name) {
            case ("realm", "roles"): add("roles", .list([tree(minimal("role"))]))
            case ("role", "name"): add("name", .text("anonymous"))
            case ("role", "permissions"): add("permissions", .list([tree(minimal("permission"))]))
            case ("scramPrincipal", "memory"): add("memory", .integer(4096))
            case ("permission", "uri"):
                add("uri", .text("*"))
                let yes = Tree.Value.boolean(true)
                add("allow", mapping(["call": yes, "register": yes, "publish": yes, "subscribe": yes]))
            default:
                let good = of(key.shape).first { Checker.check(tree($0), key, path: "").isEmpty }
                add(key.name, good ?? of(key.shape).first ?? .boolean(true))
            }
        }
        return .mapping(entries)
    }

    private static func texts(_ form: TextForm) -> [String] {
        switch form {
        case .any, .secret: ["a", "ä b"]
        case .hexadecimal: ["00", "aF09", "0", "0g", "0x00"]
        case .key:
            [String(repeating: "aB", count: 32), String(repeating: "a", count: 63), String(repeating: "g", count: 64)]
        case .fingerprint:
            [
                String(repeating: "aB:", count: 19) + "09", String(repeating: "AB", count: 20),
                String(repeating: "AB:", count: 20),
            ]
        case .network:
            ["192.0.2.1", "10.0.0.0/8", "::1", "2001:db8::/32", "1.2.3", "localhost", "1.2.3.4/", "10.0.0.0/8 "]
        case .bracedVariable: ["${KEY}", "$KEY", "${}", "${1}", "a${KEY}"]
        case .id:
            ["abc", "ab", "1bc", "aBc", String(repeating: "a", count: 64), String(repeating: "a", count: 65), "abc\n"]
        case .realm: ["realm1", "com.example-x@y", "r1", "1realm", "re alm"]
        case .webSocketURL:
            ["ws://localhost:8080/ws", "wss://[::1]", "http://a", "ws://", "ws://a?b", "ws://a/b#c", "ws://a:123456"]
        case .rawSocketURL:
            [
                "rs://localhost:8080", "rss://[::1]:1", "rs://unix:/run/a b", "rs://unix:a", "rs://a", "ws://a:1",
                "rs://a:1/b",
            ]
        case .uri: ["com.example.x", "com..x", "com x", "com.x#"]
        case .permissionURI: ["com.example.", "*", "a b", "#"]
        case .cookieName: ["cbtid", "c", "Cb", "1b"]
        case .pathName: ["ws", "/", "a/b", "ä"]
        case .environmentVariable: ["$PORT", "PORT", "$", "${PORT}", "$1"]
        case .role: ["anonymous", "1", "a b"]
        case .fileExtension: [".svg", "svg", ".", ".a b"]
        case .mediaType: ["text/html", "text/html; charset=utf-8", "text", "text/html\r\nX: y", "a/b;"]
        case .location: ["/a", "https://a/b?c#d", "a b", "/ä", "/\r\nX: y"]
        case .permissions: ["660", "777", "888", "0660", "66", "rw-"]
        }
    }
}
