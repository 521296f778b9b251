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
        for entry in tree["paths"]?.entries ?? [] {
            services[entry.key] = WebService(configured: entry.value, surroundings)
        }
        self.init(services: services)
        let options = tree["options"]
        if isSecure, options?["hsts"]?.boolean == true {
            strictTransportSecurity = options?["hsts_max_age"]?.integer ?? 31_536_000
        }
        if let timeout = options?["client_timeout"]?.integer { idleTimeout = UInt64(clamping: timeout) * 1_000_000_000 }
    }
}

extension WebService {
    /// `nil` for a WebSocket service.
    fileprivate init?(configured tree: Tree, _ surroundings: NodeConfiguration.Surroundings) {
        switch tree["type"]?.text {
        case "static": self = .files(StaticFiles(configured: tree, surroundings))
        case "json":
            let json = tree["value"]?.value.json ?? .null
            let options = tree["options"]
            self = .value(
                JSONValue(
                    text: options?["prettify"]?.boolean == true ? json.text : json.compact,
                    allowsCrossOrigin: options?["allow_cross_origin"]?.boolean ?? true,
                    discouragesCaching: options?["discourage_caching"]?.boolean ?? false))
        case "nodeinfo":
            self = .nodeInfo(
                NodeInfo(
                    release: "Rennbahn \(surroundings.version)", started: surroundings.started,
                    processID: surroundings.processID))
        case "redirect": self = .redirect(tree["url"]?.text ?? "/")
        default: return nil
        }
    }
}

extension StaticFiles {
    fileprivate init(configured tree: Tree, _ surroundings: NodeConfiguration.Surroundings) {
        self.init(directory: surroundings.placed(tree["directory"]?.text ?? "."))
        let options = tree["options"]
        listsFolders = options?["enable_directory_listing"]?.boolean ?? false
        for entry in options?["mime_types"]?.entries ?? [] { mediaTypes[entry.key] = entry.value.text }
        if let timeout = options?["cache_timeout"]?.integer { cacheTimeout = timeout }
        allowsCrossOrigin = options?["allow_cross_origin"]?.boolean ?? true
        fallback = options?["default_file"]?.text
    }
}
