import RennbahnConfiguration
import RennbahnCookies
import RennbahnReactor
import RennbahnTransport
import RennbahnWeb

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
        switch tree[Keys.Transport.kind] {
        case .webSocket: traced(tree, transport(tree, index, path, service(tree, path)))
        case .rawSocket: traced(tree, transport(tree, index, path, rawSocket(tree, on: tree, path)))
        case .universal: universal(tree, index, path)
        case .web: web(tree, index, path)
        }
    }

    private mutating func transport(
        _ tree: Tree, _ index: Int, _ path: String, _ profile: AcceptProfile
    ) -> ListeningTransport? {
        let key = Keys.Transport.endpoint
        guard let endpoint = endpoints.read(tree[key], key.place(in: path)) else { return nil }
        var profile = profile
        profile.addresses = AddressGuard(AddressLimits(configured: tree), proxies: proxies(tree, path))
        return ListeningTransport(
            id: tree[Keys.Transport.id] ?? ListeningTransport.generatedID(index), endpoint: endpoint, profile: profile)
    }

    private mutating func proxies(_ tree: Tree, _ path: String) -> [AddressRange] {
        let key = Keys.Transport.trustedProxies
        return tree[key].enumerated().compactMap { index, text -> AddressRange? in
            if let range = AddressRange(parsing: text) { return range }
            let place = "\(key.place(in: path))[\(index)]"
            let list = tree.entries.first { $0.key == key.name }?.value
            return endpoints.add(place, list?.elements[index] ?? tree, "\(text.quoted) is no address and no network")
        }
    }

    /// - Parameter part: what has the key `debug`.
    private func traced(_ part: Tree, _ transport: ListeningTransport?) -> ListeningTransport? {
        var transport = transport
        transport?.isTraced = part[Keys.Transport.isTraced]
        return transport
    }

    private mutating func universal(_ tree: Tree, _ index: Int, _ path: String) -> ListeningTransport? {
        let part = tree[Keys.Universal.rawSocket]
        let profile = rawSocket(part, on: tree, Keys.Universal.rawSocket.place(in: path))
        guard var transport = transport(tree, index, path, profile) else { return nil }
        transport.isTraced = part[Keys.RawSocket.isTraced]
        for entry in tree[Keys.Universal.webSocket].entries {
            addService(entry, "\(Keys.Universal.webSocket.place(in: path)).\(entry.key)", to: &transport)
        }
        if let part = tree[Keys.Universal.web] { addSite(part, Keys.Universal.web.place(in: path), to: &transport) }
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
            profile: service(entry.value, path), isTraced: entry.value[Keys.Transport.isTraced])
    }

    /// The services of a web transport, or of the web part of a universal one, whose own WebSocket services go first.
    private mutating func addSite(_ tree: Tree, _ path: String, to transport: inout ListeningTransport) {
        for entry in tree[Keys.Web.paths].entries {
            let place = "\(Keys.Web.paths.place(in: path)).\(entry.key)"
            switch entry.value[Keys.WebService.kind] {
            case .webSocket where transport.services[entry.key] == nil:
                addService(entry, place, to: &transport)
                if entry.key == "/" { transport.leadsRestToRoot = true }
            case .webSocket:
                let _: Never? = endpoints.add(
                    place, entry.value, "a WebSocket service of the key websocket is at this path")
            case .files:
                let directory = surroundings.placed(entry.value[Keys.Files.directory])
                if !ServedFile.isFolder(directory) {
                    let _: Never? = endpoints.add(
                        Keys.Files.directory.place(in: place), entry.value,
                        "\(directory.quoted) is no folder that can be read")
                }
            case .json, .nodeInfo, .redirect: break
            }
        }
        let isSecure = transport.endpoint.tls != nil
        transport.profile.web = WebSite(configured: tree, isSecure: isSecure, surroundings)
        transport.logsAccess = tree[Keys.Web.options][Keys.Web.logsAccess]
    }

    /// A RawSocket transport, or the RawSocket part of another one.
    private mutating func rawSocket(_ part: Tree?, on transport: Tree, _ path: String) -> AcceptProfile {
        var profile = AcceptProfile(configuredRawSocket: part, on: transport)
        profile.authenticator = auth.read(part[Keys.Transport.auth], Keys.Transport.auth.place(in: path))
        return profile
    }

    /// A listening WebSocket transport, or a WebSocket service in another one.
    private mutating func service(_ tree: Tree, _ path: String) -> AcceptProfile {
        var profile = AcceptProfile(configured: tree, surroundings.version)
        let login = tree[Keys.Transport.auth]
        profile.authenticator = auth.read(login, Keys.Transport.auth.place(in: path))
        let place = Keys.Cookie.store.place(in: Keys.Transport.cookie.place(in: path))
        guard let cookie = tree[Keys.Transport.cookie], let store = store(cookie, place) else { return profile }
        profile.cookies = CookieUse(
            store, authenticates: login[Keys.Auth.cookie] != nil, namesSessions: login == nil)
        return profile
    }

    private mutating func store(_ tree: Tree, _ path: String) -> CookieStore? {
        let policy = CookiePolicy(configured: tree)
        let store = tree[Keys.Cookie.store]
        guard store[Keys.CookieStore.kind] == .file else { return CookieStore(policy) }
        do throws(CookieFileFailure) {
            return try CookieStore(
                policy, path: surroundings.placed(store[Keys.CookieStore.fileName]),
                purges: store[Keys.CookieStore.purgesOnStartup], report: surroundings.report)
        } catch {
            return endpoints.add(
                Keys.CookieStore.fileName.place(in: path), store, "cookies cannot be kept: \(error)")
        }
    }
}
