import RennbahnBytes
package import RennbahnReactor
import RennbahnTransport
import RennbahnWebSocket

/// What memory the limits of a node allow its clients to make it take, if all of them do their worst at once.
package struct WorstCase: Sendable, Equatable {
    package struct Part: Sendable, Equatable {
        package let name: String
        package let octets: Int

        init(_ name: String, _ octets: Int128) {
            self.name = name
            self.octets = Int(clamping: octets)
        }
    }

    /// Of all shards.
    package let connections: Int
    package let parts: [Part]

    package var octets: Int { Int(clamping: parts.reduce(Int128(0)) { $0 + Int128($1.octets) }) }

    /// - Parameters:
    ///   - descriptors: that the process may have open; 0: it is not known.
    ///   - sockets: what the kernel may take; `nil`: it is not known, and left out.
    package init(_ configuration: NodeConfiguration, descriptors: Int, sockets: SocketMemory?) {
        let limits = configuration.limits
        let connections = WorstCase.connections(configuration, descriptors)
        self.connections = connections
        let (all, shards) = (Int128(connections), Int128(configuration.shards))
        // Put together, inflated, and in another serializer.
        let inHand = 3 * Int128(WorstCase.largestMessage(configuration)) + Int128(limits.receiveBufferSize)
        var parts = [
            Part("unfinished messages", shards * Int128(limits.maxUnfinished)),
            Part("messages in hand", shards * inHand),
            Part("output", WorstCase.output(configuration, all)),
            Part("input that waits", WorstCase.input(configuration, all)),
            Part("connections", all * Int128(LinkLoop.octetsOfConnection)),
            Part("log", Int128(LineWriter.Bounds().octets)),
        ]
        if case .router = configuration.service {
            parts.append(Part("sessions", shards * Int128(limits.maxState)))
            parts.append(Part("rings", shards * (shards - 1) * Int128(limits.ringCapacity)))
            // What was taken out of them and has yet to be fanned out: a bound, and the message that exceeds it.
            let parked = Int128(limits.ringCapacity) + Int128(WorstCase.largestMessage(configuration))
            if shards > 1 { parts.append(Part("publications that wait", shards * parked)) }
        }
        if let policy = WorstCase.profiles(configuration).compactMap({ $0.deflate }).first(where: { $0.isEnabled }) {
            let share = (connections + configuration.shards - 1) / configuration.shards
            parts.append(Part("compression", shards * Int128(limits.codecMemory(connections: share, policy))))
        }
        if configuration.transports.contains(where: { $0.endpoint.tls != nil }) {
            parts.append(Part("TLS", all * WorstCase.sessionOfTLS))
        }
        let jars = WorstCase.profiles(configuration).filter { $0.cookies != nil }.count
        if jars > 0 { parts.append(Part("cookies", Int128(jars * CookieStore.mostCookies) * WorstCase.cookie)) }
        if let sockets, configuration.transports.contains(where: { $0.endpoint.isTCP }) {
            let sending = limits.socketSendBuffer.map { Int($0) } ?? sockets.sending
            parts.append(
                Part("buffers of sockets", min(all * Int128(sockets.receiving + sending), Int128(sockets.all))))
        }
        self.parts = parts.filter { $0.octets > 0 }
    }

    /// OpenSSL's state of a session with a record of 16 KiB in each direction, roughly.
    private static let sessionOfTLS: Int128 = 48 * 1024
    /// A cookie with who it is of, roughly.
    private static let cookie: Int128 = 512

    private static func connections(_ configuration: NodeConfiguration, _ descriptors: Int) -> Int {
        var most = configuration.shards * configuration.limits.maxConnections
        let quotas = configuration.transports.compactMap { $0.profile.quota?.limit }
        if quotas.count == configuration.transports.count { most = min(most, quotas.reduce(0, +)) }
        return descriptors > 0 ? min(most, descriptors) : most
    }

    /// One that is larger than what a shard has for unfinished messages never becomes whole.
    private static func largestMessage(_ configuration: NodeConfiguration) -> Int {
        let limits = configuration.limits
        let sizes = profiles(configuration).map { $0.link.maxMessageSize ?? limits.maxMessageSize }
        return min(sizes.max() ?? limits.maxMessageSize, limits.maxUnfinished)
    }

    private static func profiles(_ configuration: NodeConfiguration) -> [AcceptProfile] {
        configuration.transports.flatMap { transport in [transport.profile] + transport.services.values.map(\.profile) }
    }

    /// Whether anybody's senders wait as long as it takes, by transport or by role. A role that does not have it bounds nothing:
    /// without a session the transport counts.
    private static func holds(_ configuration: NodeConfiguration) -> Bool {
        profiles(configuration).contains { ($0.slowReceivers ?? configuration.limits.slowReceivers) == .hold }
            || configuration.slowReceiversOfRoles.values.contains { $0.values.contains(.hold) }
    }

    /// Of connections that are not read each may have all that was read at once, where senders wait as long as it takes; else
    /// they share. The others have the beginning of a frame at most.
    private static func input(_ configuration: NodeConfiguration, _ connections: Int128) -> Int128 {
        let limits = configuration.limits
        if holds(configuration) { return connections * Int128(limits.receiveBufferSize) }
        let shared = Int128(configuration.shards) * Int128(limits.maxPausedInput)
        return shared + connections * Int128(MessageReader.streamingThreshold)
    }

    /// Of receivers that hold their senders each may have all that one may; the others share.
    private static func output(_ configuration: NodeConfiguration, _ connections: Int128) -> Int128 {
        let limits = configuration.limits
        if holds(configuration) { return connections * Int128(limits.maxQueuedOutput) }
        return Int128(configuration.shards) * (Int128(limits.maxQueuedOfAll) + Int128(ChunkPool.retainedBytes))
    }
}

extension ListeningEndpoint {
    fileprivate var isTCP: Bool {
        switch place {
        case .tcp: true
        case .unix: false
        }
    }
}
