import Logging
package import RennbahnTransport

/// One of the places where a node accepts connections, and what they are there.
package struct ListeningTransport: Sendable {
    /// What it is called in messages.
    package var id: String
    package var endpoint: ListeningEndpoint
    package var profile: AcceptProfile
    /// `debug`: what passes is written to the log, whatever the log's level.
    package var isTraced = false
    /// Of a universal or web transport: its WebSocket services, by the first component of their paths.
    package var services: [String: Service] = [:]
    /// Whether the service at `/` is for all paths that have no other.
    package var leadsRestToRoot = false
    /// `access_log`: each answer of a web service is written to the log, whatever the log's level.
    package var logsAccess = false

    /// The scheme of its URL, without TLS: of a universal transport that of its WebSocket services.
    package var scheme: String {
        if profile.web != nil, profile.rawSocket == nil { return "http" }
        return profile.webSocket == .nowhere && services.isEmpty ? "rs" : "ws"
    }

    package init(id: String, endpoint: ListeningEndpoint, profile: AcceptProfile) {
        self.id = id
        self.endpoint = endpoint
        self.profile = profile
    }
}

extension ListeningTransport {
    /// A WebSocket service of a universal or web transport.
    package struct Service: Sendable {
        package var profile: AcceptProfile
        package var isTraced: Bool

        package init(profile: AcceptProfile, isTraced: Bool) {
            self.profile = profile
            self.isTraced = isTraced
        }
    }

    /// What connections to each of ``profiles(of:shard:_:)`` came by, in the same order.
    static func names(of transports: [ListeningTransport]) -> [String] {
        transports.map(\.id)
            + transports.flatMap { transport in transport.services.keys.sorted().map { "\(transport.id).\($0)" } }
    }

    /// What the loop of a shard accepts for these transports: one profile for each, in their order, and behind them those of
    /// services, to which the former lead.
    static func profiles(of transports: [ListeningTransport], shard: Int, _ logger: Logger) -> [AcceptProfile] {
        var log = logger
        log.logLevel = .debug
        func traced(_ profile: AcceptProfile, _ isTraced: Bool, _ name: String) -> AcceptProfile {
            guard isTraced else { return profile }
            var profile = profile
            profile.tracer = WAMPTracer(transport: name, shard: shard, logger: log)
            return profile
        }
        var profiles = transports.map { traced($0.profile, $0.isTraced, $0.id) }
        for (index, transport) in transports.enumerated() {
            if transport.logsAccess { profiles[index].webLog = AccessLog(transport: transport.id, logger: log) }
            guard !transport.services.isEmpty else { continue }
            var places: [String: Int] = [:]
            for (name, service) in transport.services.sorted(by: { $0.key < $1.key }) {
                var profile = traced(service.profile, service.isTraced, "\(transport.id).\(name)")
                profile.quota = transport.profile.quota
                profile.addresses = transport.profile.addresses
                places[name] = profiles.count
                profiles.append(profile)
            }
            profiles[index].webSocket = .byPath(places, rest: transport.leadsRestToRoot ? places["/"] : nil)
        }
        return profiles
    }
}
