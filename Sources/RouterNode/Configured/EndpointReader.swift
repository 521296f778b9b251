package import RennbahnConfiguration
import RennbahnTLS
import RennbahnTransport

/// Reads the listening endpoints of a checked tree; collects what only shows when they are used.
package struct EndpointReader {
    private let surroundings: NodeConfiguration.Surroundings
    package private(set) var problems: [Problem] = []

    package init(_ surroundings: NodeConfiguration.Surroundings) {
        self.surroundings = surroundings
    }

    mutating func read(_ tree: Tree, _ path: String) -> ListeningEndpoint? {
        var endpoint: ListeningEndpoint
        switch tree["type"]?.text {
        case "tcp":
            guard let ports = ports(tree, path) else { return nil }
            var tcp = ListeningEndpoint.TCP(ports: ports)
            tcp.interface = tree["interface"]?.text ?? ""
            tcp.version = tree["version"]?.integer == 6 ? .v6 : .v4
            tcp.isShared = tree["shared"]?.boolean ?? false
            tcp.userTimeout = tree["user_timeout"]?.integer.map { UInt16(clamping: $0) }
            endpoint = ListeningEndpoint(.tcp(tcp), tls: tree["tls"].map(tls))
        case "unix":
            guard let file = tree["path"], let name = expanded(file, "\(path).path") else { return nil }
            var unix = ListeningEndpoint.UNIX(path: placed(name))
            unix.permissions = tree["permissions"]?.text.flatMap { UInt16($0, radix: 8) }
            endpoint = ListeningEndpoint(.unix(unix))
        default:
            return add("\(path).type", tree, "not supported by this version")
        }
        endpoint.backlog = Int32(clamping: tree["backlog"]?.integer ?? 50)
        return endpoint
    }

    private func tls(_ tree: Tree) -> TLSServerSettings {
        func files(_ key: String) -> [String] { (tree[key]?.elements ?? []).compactMap(\.text).map(placed) }
        var settings = TLSServerSettings(
            certificate: placed(tree["certificate"]?.text ?? ""), key: placed(tree["key"]?.text ?? ""))
        settings.chain = files("chain_certificates")
        settings.clientAuthorities = files("ca_certificates")
        settings.ciphers = tree["ciphers"]?.text
        settings.dhParameters = tree["dhparam"]?.text.map(placed)
        return settings
    }

    package func placed(_ path: String) -> String { surroundings.placed(path) }

    private mutating func ports(_ tree: Tree, _ path: String) -> ClosedRange<UInt16>? {
        if let range = tree["portrange"] {
            let ends = range.elements.compactMap(\.integer).compactMap { UInt16(exactly: $0) }
            guard ends.count == 2, ends[0] <= ends[1] else { return nil }
            return ends[0]...ends[1]
        }
        guard let port = tree["port"] else { return nil }
        if let number = port.integer.flatMap({ UInt16(exactly: $0) }) { return number...number }
        let name = String((port.text ?? "").dropFirst())
        guard let text = surroundings.environment(name) else {
            return add("\(path).port", port, "the environment variable \(name) is not set")
        }
        guard let number = UInt16(text), number > 0 else {
            return add(
                "\(path).port", port,
                "the environment variable \(name) holds \"\(text)\", which is no port from 1 to 65535")
        }
        return number...number
    }

    /// A path with `$NAME` and `${NAME}` replaced.
    package mutating func expanded(_ tree: Tree, _ path: String) -> String? {
        var rest = Substring(tree.text ?? "")
        var result = ""
        while let dollar = rest.firstIndex(of: "$") {
            result += rest[..<dollar]
            rest = rest[rest.index(after: dollar)...]
            let isBraced = rest.first == "{"
            if isBraced { rest = rest.dropFirst() }
            let name = String(rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") })
            rest = rest.dropFirst(name.count)
            guard !name.isEmpty, !isBraced || rest.first == "}" else {
                return add(path, tree, "found \(tree.quoted); a $ begins $NAME or ${NAME}")
            }
            if isBraced { rest = rest.dropFirst() }
            guard let value = surroundings.environment(name) else {
                return add(path, tree, "the environment variable \(name) is not set")
            }
            result += value
        }
        return result + rest
    }

    package mutating func add<T>(_ path: String, _ tree: Tree, _ message: String) -> T? {
        problems.append(Problem(.invalid, path, at: tree.place, message))
        return nil
    }
}
