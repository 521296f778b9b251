package import RennbahnConfiguration
import RennbahnCookies
import RennbahnReactor
import RennbahnTransport
import RennbahnWAMP
import RennbahnWeb
package import RennbahnWebSocket

/// Reads the listening transports of a checked tree: one kind of transport, one function.
struct TransportReader {
    private let surroundings: NodeConfiguration.Surroundings
    private var endpoints: EndpointReader
    private var auth: AuthReader

    init(_ surroundings: NodeConfiguration.Surroundings) {
        self.surroundings = surroundings
        endpoints = EndpointReader(surroundings)
        auth = AuthReader(surroundings)
    }

    /// What only shows when it is run, such as an environment variable that is not set.
    var problems: [Problem] { endpoints.problems + auth.problems }

    /// - Parameter index: the transport's place in the file, which generates its id.
    mutating func read(_ tree: Tree, _ index: Int, _ path: String) -> ListeningTransport? {
        switch tree["type"]?.text {
        case "websocket": transport(tree, index, path, service(tree, path))
        case "rawsocket": transport(tree, index, path, rawSocket(tree, on: tree, path))
        case "universal": universal(tree, index, path)
        case "web": web(tree, index, path)
        default: endpoints.add(path + ".type", tree, "not supported by this version")
        }
    }

    private mutating func transport(
        _ tree: Tree, _ index: Int, _ path: String, _ profile: AcceptProfile
    ) -> ListeningTransport? {
        guard let place = tree["endpoint"], let endpoint = endpoints.read(place, path + ".endpoint") else { return nil }
        var transport = ListeningTransport(
            id: tree["id"]?.text ?? ListeningTransport.generatedID(index), endpoint: endpoint,
            profile: profile)
        transport.isTraced = tree["debug"]?.boolean ?? false
        return transport
    }

    private mutating func universal(_ tree: Tree, _ index: Int, _ path: String) -> ListeningTransport? {
        let profile = rawSocket(tree["rawsocket"], on: tree, path + ".rawsocket")
        guard var transport = transport(tree, index, path, profile) else { return nil }
        transport.isTraced = tree["rawsocket"]?["debug"]?.boolean ?? false
        for entry in tree["websocket"]?.entries ?? [] {
            addService(entry, "\(path).websocket.\(entry.key)", to: &transport)
        }
        if let part = tree["web"] { addSite(part, path + ".web", to: &transport) }
        return transport
    }

    private mutating func web(_ tree: Tree, _ index: Int, _ path: String) -> ListeningTransport? {
        let profile = AcceptProfile(configuredRawSocket: nil, on: tree)
        guard var transport = transport(tree, index, path, profile) else { return nil }
        addSite(tree, path, to: &transport)
        return transport
    }

    private mutating func addService(_ entry: Tree.Entry, _ path: String, to transport: inout ListeningTransport) {
        transport.services[entry.key] = ListeningTransport.Service(
            profile: service(entry.value, path), isTraced: entry.value["debug"]?.boolean ?? false)
    }

    /// The services of a web transport, or of the web part of a universal one, whose own WebSocket services go first.
    private mutating func addSite(_ tree: Tree, _ path: String, to transport: inout ListeningTransport) {
        for entry in tree["paths"]?.entries ?? [] {
            let place = "\(path).paths.\(entry.key)"
            switch entry.value["type"]?.text {
            case "websocket" where transport.services[entry.key] == nil:
                addService(entry, place, to: &transport)
                if entry.key == "/" { transport.leadsRestToRoot = true }
            case "websocket":
                let _: Never? = endpoints.add(
                    place, entry.value, "a WebSocket service of the key websocket is at this path")
            case "static":
                let directory = surroundings.placed(entry.value["directory"]?.text ?? "")
                if !ServedFile.isFolder(directory) {
                    let _: Never? = endpoints.add(
                        place + ".directory", entry.value, "\"\(directory)\" is no folder that can be read")
                }
            default: break
            }
        }
        let isSecure = transport.endpoint.tls != nil
        transport.profile.web = WebSite(configured: tree, isSecure: isSecure, surroundings)
        transport.logsAccess = tree["options"]?["access_log"]?.boolean ?? false
    }

    /// A RawSocket transport, or the RawSocket part of another one.
    private mutating func rawSocket(_ part: Tree?, on transport: Tree, _ path: String) -> AcceptProfile {
        var profile = AcceptProfile(configuredRawSocket: part, on: transport)
        profile.authenticator = auth.read(part?["auth"], path + ".auth")
        return profile
    }

    /// A listening WebSocket transport, or a WebSocket service in another one.
    private mutating func service(_ tree: Tree, _ path: String) -> AcceptProfile {
        var profile = AcceptProfile(configured: tree, surroundings.version)
        profile.authenticator = auth.read(tree["auth"], path + ".auth")
        guard let cookie = tree["cookie"], let store = store(cookie, path + ".cookie.store") else { return profile }
        profile.cookies = CookieUse(
            store, authenticates: tree["auth"]?["cookie"] != nil, namesSessions: tree["auth"] == nil)
        return profile
    }

    private mutating func store(_ tree: Tree, _ path: String) -> CookieStore? {
        let policy = CookiePolicy(configured: tree)
        guard let store = tree["store"], let name = store["filename"]?.text else { return CookieStore(policy) }
        do throws(CookieFileFailure) {
            return try CookieStore(
                policy, path: surroundings.placed(name), purges: store["purge_on_startup"]?.boolean ?? false,
                report: surroundings.report)
        } catch {
            return endpoints.add(path + ".filename", store, "cookies cannot be kept: \(error)")
        }
    }
}

extension AcceptProfile {
    init(configured tree: Tree, _ version: String) {
        let options = tree["options"]
        self.init(
            subprotocols: AcceptProfile.serializers(tree["serializers"]).map(\.subprotocol),
            requiresSubprotocol: options?["require_websocket_subprotocol"]?.boolean ?? true,
            deflate: options?["compression"]?["deflate"].map(DeflatePolicy.init(configured:)),
            validatesText: false)
        self.options = WebSocketOptions(configured: options, version)
        self.options.url = tree["url"]?.text
        func nanoseconds(_ key: String) -> UInt64? {
            options?[key]?.integer.map { UInt64(clamping: $0) * 1_000_000 }
        }
        link.openHandshakeTimeout = nanoseconds("open_handshake_timeout")
        link.closeHandshakeTimeout = nanoseconds("close_handshake_timeout")
        link.maxMessageSize = options?["max_message_size"]?.integer.map { $0 == 0 ? Int.max : $0 }
        quota = ConnectionQuota(tree["max_connections"]?.integer ?? 50_000)
    }

    /// A RawSocket transport, or the RawSocket part of a universal one.
    ///
    /// - Parameter part: what holds for RawSocket; `nil`: it is not spoken.
    init(configuredRawSocket part: Tree?, on transport: Tree) {
        let serializers = part.map { AcceptProfile.serializers($0["serializers"]) } ?? []
        self.init(subprotocols: serializers.map(\.subprotocol))
        webSocket = .nowhere
        quota = ConnectionQuota(transport["max_connections"]?.integer ?? 50_000)
        guard let part else { return }
        rawSocket = RawSocketPolicy(
            serializers: serializers.enumerated().map { index, serializer in
                RawSocketPolicy.Serializer(
                    id: serializer.rawSocketID, kind: serializer.isBinary ? .binary : .text, subprotocol: index)
            }, maxMessageSize: part["options"]?["max_message_size"]?.integer ?? RawSocketHeader.longestPayload)
    }

    private static func serializers(_ list: Tree?) -> [Serializer] {
        guard let list else { return Serializer.allCases }
        return list.elements.compactMap { $0.text.flatMap { Serializer(name: $0) } }
    }
}

extension CookiePolicy {
    init(configured tree: Tree) {
        self.init()
        if let name = tree["name"]?.text { self.name = name }
        if let length = tree["length"]?.integer { self.length = length }
        if let age = tree["max_age"]?.integer { maxAge = UInt64(clamping: age) }
        isForTLSOnly = tree["secure"]?.boolean ?? false
        isHiddenFromScripts = tree["http_strict"]?.boolean ?? false
        sameSite = tree["same_site"]?.text.flatMap(SameSite.init)
    }
}

extension DeflatePolicy {
    package init(configured tree: Tree) {
        let requested = tree["request_max_window_bits"]?.integer ?? 0
        self.init(
            noContextTakeover: tree["no_context_takeover"]?.boolean, maxWindowBits: tree["max_window_bits"]?.integer,
            requestNoContextTakeover: tree["request_no_context_takeover"]?.boolean ?? false,
            requestMaxWindowBits: requested == 0 ? nil : requested, memoryLevel: tree["memory_level"]?.integer ?? 8)
        threshold = tree["threshold"]?.integer ?? 0
    }
}
