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
        switch tree[Keys.Endpoint.kind] {
        case .tcp:
            guard let ports = ports(tree, path) else { return nil }
            var tcp = ListeningEndpoint.TCP(ports: ports)
            // Without the key the text is empty, which is every interface.
            tcp.interface = tree[Keys.Listening.interface] ?? ""
            tcp.version = tree[Keys.Endpoint.version] == 6 ? .v6 : .v4
            tcp.isShared = tree[Keys.Listening.isShared]
            tcp.userTimeout = tree[Keys.Listening.userTimeout].map { UInt16(clamping: $0) }
            endpoint = ListeningEndpoint(.tcp(tcp), tls: tree[Keys.Listening.tls].map(tls))
        case .unix:
            guard let name = expanded(tree[Keys.Endpoint.path], Keys.Endpoint.path.place(in: path)) else { return nil }
            var unix = ListeningEndpoint.UNIX(path: placed(name))
            unix.permissions = tree[Keys.Listening.permissions].flatMap { UInt16($0, radix: 8) }
            endpoint = ListeningEndpoint(.unix(unix))
        }
        endpoint.backlog = Int32(clamping: tree[Keys.Listening.backlog])
        return endpoint
    }

    private func tls(_ tree: Tree) -> TLSServerSettings {
        var settings = TLSServerSettings(
            certificate: placed(tree[Keys.ServerTLS.certificate]), key: placed(tree[Keys.ServerTLS.key]))
        settings.chain = tree[Keys.ServerTLS.chain].map(placed)
        settings.clientAuthorities = tree[Keys.ServerTLS.authorities].map(placed)
        settings.ciphers = tree[Keys.ServerTLS.ciphers]
        settings.dhParameters = tree[Keys.ServerTLS.dhParameters].map(placed)
        return settings
    }

    package func placed(_ path: String) -> String { surroundings.placed(path) }

    private mutating func ports(_ tree: Tree, _ path: String) -> ClosedRange<UInt16>? {
        if let range = tree[Keys.Listening.portRange] {
            let ends = range.compactMap { UInt16(exactly: $0) }
            guard ends.count == 2, ends[0] <= ends[1] else { return nil }
            return ends[0]...ends[1]
        }
        guard let port = tree[Keys.Listening.port] else { return nil }
        if let number = port.integer.flatMap({ UInt16(exactly: $0) }) { return number...number }
        let place = Keys.Listening.port.place(in: path)
        let name = String((port.text ?? "").dropFirst())
        guard let text = surroundings.environment(name) else {
            return add(place, port, "the environment variable \(name) is not set")
        }
        guard let number = UInt16(text), number > 0 else {
            let range = Keys.Connecting.port.range
            return add(
                place, port,
                "the environment variable \(name) holds \(text.quoted), which is no port from \(range.lowerBound) to \(range.upperBound)"
            )
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
