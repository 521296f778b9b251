import RennbahnConfiguration
import RennbahnWeb

extension WebSite {
    /// The web services of a checked transport.
    ///
    /// - Parameters:
    ///   - tree: with the keys `paths` and `options`.
    ///   - isSecure: whether the endpoint has TLS.
    init(configured tree: Tree, isSecure: Bool, _ surroundings: NodeConfiguration.Surroundings) {
        var services: [String: WebService] = [:]
        for entry in tree[Keys.Web.paths].entries {
            services[entry.key] = WebService(configured: entry.value, surroundings)
        }
        self.init(services: services)
        let options = tree[Keys.Web.options]
        if isSecure, options[Keys.Web.strictTransportSecurity] {
            strictTransportSecurity = options[Keys.Web.strictTransportSecurityAge]
        }
        idleTimeout = options[Keys.Web.clientTimeout].nanoseconds
    }
}

extension WebService {
    /// `nil` for a WebSocket service.
    fileprivate init?(configured tree: Tree, _ surroundings: NodeConfiguration.Surroundings) {
        switch tree[Keys.WebService.kind] {
        case .webSocket: return nil
        case .files: self = .files(StaticFiles(configured: tree, surroundings))
        case .json: self = .value(JSONValue(configured: tree))
        case .nodeInfo:
            self = .nodeInfo(
                NodeInfo(
                    release: "Rennbahn \(surroundings.version)", started: surroundings.started,
                    processID: surroundings.processID))
        case .redirect: self = .redirect(tree[Keys.Redirect.url])
        }
    }
}

extension JSONValue {
    fileprivate init(configured tree: Tree) {
        let json = tree[Keys.JSONService.value].value.json
        let options = tree[Keys.JSONService.options]
        self.init(
            text: options[Keys.JSONService.isPretty] ? json.text : json.compact,
            allowsCrossOrigin: options[Keys.WebService.allowsCrossOrigin],
            discouragesCaching: options[Keys.JSONService.discouragesCaching])
    }
}

extension StaticFiles {
    fileprivate init(configured tree: Tree, _ surroundings: NodeConfiguration.Surroundings) {
        self.init(directory: surroundings.placed(tree[Keys.Files.directory]))
        let options = tree[Keys.Files.options]
        listsFolders = options[Keys.Files.listsFolders]
        for entry in options[Keys.Files.mediaTypes].entries { mediaTypes[entry.key] = entry.value.text }
        cacheTimeout = options[Keys.Files.cacheTimeout]
        allowsCrossOrigin = options[Keys.WebService.allowsCrossOrigin]
        fallback = options[Keys.Files.fallback]
    }
}
