package import Logging
package import RennbahnReactor
package import RennbahnTransport
package import RennbahnWAMP
package import RennbahnWebSocket

/// What one router process runs.
package struct NodeConfiguration: Sendable {
    package enum Service: Sendable {
        /// A WAMP router for these realms.
        case router(realms: [String])
        /// Every message goes back as it came: the floor that a router is compared with.
        case echo
    }

    package var service: Service
    /// Of a router: the roles of its realms; a realm that is not here has the role `anonymous`.
    package var roles: [String: Set<String>] = [:]
    /// Of a router: those of the roles of its realms whose sessions wait for no receiver, not even for a moment: one that is
    /// behind is detached where they would.
    package var rolesWithoutHolds: [String: Set<String>] = [:]
    /// Of a router: by realm and role, what becomes of those who send to a session that takes less than it is sent. Where a role
    /// is not here, the transport says it.
    package var slowReceiversOfRoles: [String: [String: SlowReceivers]] = [:]
    /// Of a router: the rule for URIs of topics and procedures.
    package var uriStrictness = URIRules.Strictness.loose
    /// Where to listen, and how: one place or more.
    package var transports: [ListeningTransport]
    /// Threads, each with its own connections.
    package var shards: Int
    /// Every shard listens on TCP ports of its own: the asked one for the first, others that the kernel chooses. So tests and
    /// measurements place connections; else the kernel spreads them.
    package var hasPortPerShard = false
    /// Processors to pin the shards to, in turn; empty: none are pinned.
    package var processors: [Int]
    /// Of all transports; a transport's profile may say otherwise.
    package var limits: Limits
    /// CPU time to waste, as a share of what each turn of a router's shard needed: 0.1 is a tenth more. The regression gate
    /// is tested with it.
    package var wastedShare = 0.0
    /// The same ids and the same order of hash tables in every run, so that what is counted per message is exact. Never for a
    /// router that others can reach: its ids can be foretold.
    package var hasFixedIDs = false
    /// For what happens to connections; never used for a message.
    package var logger: Logger

    package init(
        service: Service, transports: [ListeningTransport], shards: Int = 1, processors: [Int] = [],
        limits: Limits = Limits(),
        logger: Logger = Logger(label: "rennbahn.router", factory: { _ in SwiftLogNoOpLogHandler() })
    ) {
        self.service = service
        self.transports = transports
        self.shards = shards
        self.processors = processors
        self.limits = limits
        self.logger = logger
    }

    /// Transports that differ in nothing but their place.
    ///
    /// - Parameter deflate: `nil`: permessage-deflate is declined.
    package init(
        service: Service, endpoints: [ListeningEndpoint], serializers: [Serializer] = Serializer.allCases,
        shards: Int = 1, processors: [Int] = [], deflate: DeflatePolicy? = nil, limits: Limits = Limits()
    ) {
        let profile = service.profile(serializers, deflate)
        self.init(
            service: service,
            transports: endpoints.enumerated().map { index, endpoint in
                ListeningTransport(
                    id: ListeningTransport.generatedID(index), endpoint: endpoint, profile: profile)
            }, shards: shards, processors: processors, limits: limits)
    }

    /// Listens at one address; port 0 lets the kernel choose.
    package init(
        service: Service, listen: SocketAddress, serializers: [Serializer] = Serializer.allCases, shards: Int = 1,
        processors: [Int] = [], deflate: DeflatePolicy? = nil, limits: Limits = Limits()
    ) {
        self.init(
            service: service, endpoints: [ListeningEndpoint(listen)], serializers: serializers, shards: shards,
            processors: processors, deflate: deflate, limits: limits)
    }
}

extension NodeConfiguration.Service {
    /// Who is too slow is told so in the words of the service.
    func withFarewells(_ profiles: [AcceptProfile]) -> [AcceptProfile] {
        guard case .router = self else { return profiles }
        return profiles.map { profile in
            var profile = profile
            profile.farewells = Farewell.goodbyes
            return profile
        }
    }

    /// What connections to a WebSocket transport of the service are, without options.
    func profile(_ serializers: [Serializer], _ deflate: DeflatePolicy?) -> AcceptProfile {
        switch self {
        case .router:
            // The scanner checks every text it reads, so the frames below need not.
            AcceptProfile(
                subprotocols: serializers.map(\.subprotocol), requiresSubprotocol: true, deflate: deflate,
                validatesText: false)
        case .echo:
            AcceptProfile(
                subprotocols: Serializer.allCases.map(\.subprotocol), requiresSubprotocol: false, deflate: deflate,
                validatesText: true)
        }
    }
}

extension ListeningTransport {
    /// The id of a transport that was given none, as Crossbar.io generates it.
    static func generatedID(_ index: Int) -> String {
        let number = String(index + 1)
        return "transport" + String(repeating: "0", count: max(0, 3 - number.count)) + number
    }
}
