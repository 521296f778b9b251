import Logging
package import Transport

/// One of the places where a node accepts connections, and what they are there.
package struct ListeningTransport: Sendable {
    /// What it is called in messages.
    package var id: String
    package var endpoint: ListeningEndpoint
    package var profile: AcceptProfile
    /// `debug`: what passes is written to the log, whatever the log's level.
    package var isTraced = false

    package init(id: String, endpoint: ListeningEndpoint, profile: AcceptProfile) {
        self.id = id
        self.endpoint = endpoint
        self.profile = profile
    }
}

extension ListeningTransport {
    /// What connections of a shard are accepted by.
    func profile(of shard: Int, _ logger: Logger) -> AcceptProfile {
        guard isTraced else { return profile }
        var log = logger
        log.logLevel = .debug
        var profile = profile
        profile.tracer = WAMPTracer(transport: id, shard: shard, logger: log)
        return profile
    }
}
