package import Logging
package import Reactor
package import Transport
package import WAMP
package import WebSocket

/// What one router process runs.
package struct NodeConfiguration: Sendable {
    package enum Service: Sendable {
        /// A WAMP router for these realms.
        case router(realms: [String], serializers: [Serializer])
        /// Every message goes back as it came: the floor that a router is compared with.
        case echo
    }

    package var service: Service
    /// Where to listen: one place or more.
    package var endpoints: [ListeningEndpoint]
    /// Threads, each with its own connections.
    package var shards: Int
    /// Every shard listens on TCP ports of its own: the asked one for the first, others that the kernel chooses. So tests and
    /// measurements place connections; else the kernel spreads them.
    package var hasPortPerShard = false
    /// Processors to pin the shards to, in turn; empty: none are pinned.
    package var processors: [Int]
    /// `nil`: permessage-deflate is declined.
    package var deflate: DeflatePolicy?
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
        service: Service, endpoints: [ListeningEndpoint], shards: Int = 1, processors: [Int] = [],
        deflate: DeflatePolicy? = nil, limits: Limits = Limits(),
        logger: Logger = Logger(label: "rennbahn.router", factory: { _ in SwiftLogNoOpLogHandler() })
    ) {
        self.service = service
        self.endpoints = endpoints
        self.shards = shards
        self.processors = processors
        self.deflate = deflate
        self.limits = limits
        self.logger = logger
    }

    /// Listens at one address; port 0 lets the kernel choose.
    package init(
        service: Service, listen: SocketAddress, shards: Int = 1, processors: [Int] = [],
        deflate: DeflatePolicy? = nil, limits: Limits = Limits()
    ) {
        self.init(
            service: service, endpoints: [ListeningEndpoint(listen)], shards: shards, processors: processors,
            deflate: deflate, limits: limits)
    }

    var acceptProfile: AcceptProfile {
        switch service {
        case .router(_, let serializers):
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
