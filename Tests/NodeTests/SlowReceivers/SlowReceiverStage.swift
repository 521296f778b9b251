import Logging
import RennbahnAuthentication
import RennbahnNodeSimulation
import RennbahnReactor
import RennbahnSimulationKit
import RennbahnTLS
import RennbahnTransport
import RennbahnWAMP
import RennbahnWebSocket
import Testing

@testable import RennbahnRouterNode

/// A whole router in memory, whose clock is the test's, with the limits that users have.
final class SlowReceiverStage {
    static let millisecond: UInt64 = 1_000_000
    static let hello = #"[1,"realm1",{"roles":{"publisher":{},"subscriber":{},"caller":{},"callee":{}}}]"#
    static let goodbye = #"[6,{},"wamp.close.close_realm"]"#

    private let node: SimulatedNode

    /// - Parameters:
    ///   - roles: besides `anonymous`, and what each says of its sessions; whoever has one logs in with a ticket.
    ///   - tls: what the secure port speaks TLS by; `nil`: there is none.
    init(
        shards: Int = 1, maxConnections: Int = 64, fanOutTime: UInt64 = Limits().fanOutTime,
        slowReceivers: SlowReceivers = .disconnect, maxQueuedOfAll: Int = Limits().maxQueuedOfAll,
        maxUnfinished: Int = Limits().maxUnfinished, maxState: Int = Limits().maxState,
        maxPausedInput: Int = Limits().maxPausedInput, maxQueuedOutput: Int = Limits().maxQueuedOutput,
        serializers: [Serializer] = [.json], deflate: DeflatePolicy? = DeflatePolicy(),
        rolesWithoutHolds: [String: Set<String>] = [:], roles: [String: SlowReceivers] = [:], tls: TLSContext? = nil,
        logger: Logger? = nil
    ) throws {
        var weather = SimulatedNetwork.Weather()
        // Of the kernel, in each direction.
        weather.capacity = 256 * 1024
        var limits = Limits()
        limits.maxConnections = maxConnections
        limits.fanOutTime = fanOutTime
        limits.slowReceivers = slowReceivers
        limits.maxQueuedOfAll = maxQueuedOfAll
        limits.maxUnfinished = maxUnfinished
        limits.maxState = maxState
        limits.maxPausedInput = maxPausedInput
        limits.setMaxQueuedOutput(maxQueuedOutput)
        let configuration = NodeConfiguration(
            service: .router(realms: ["realm1"]), listen: .loopback(port: 0), serializers: serializers,
            deflate: deflate, limits: limits)
        let profiles = configuration.service.withFarewells(
            configuration.transports.map { transport in
                var profile = transport.profile
                profile.rawSocket = LoopPeer.rawSocket
                if !roles.isEmpty { profile.authenticator = SlowReceiverStage.authenticator(roles) }
                return profile
            })
        node = try SimulatedNode(
            SimulatedNetwork(seed: 1, weather: weather), shards: shards, limits, profiles: profiles,
            rolesWithoutHolds: rolesWithoutHolds, tls: tls, logger: logger
        ) {
            $0.roles = ["realm1": Set(roles.keys).union(["anonymous"])]
            $0.slowReceiversOfRoles = ["realm1": roles]
        }
    }

    private static func authenticator(_ roles: [String: SlowReceivers]) -> Authenticator {
        var policy = AuthPolicy()
        policy.anonymous = AuthPolicy.Anonymous(role: "anonymous")
        policy.ticket = Dictionary(
            uniqueKeysWithValues: roles.keys.map { ($0, AuthPolicy.Ticket(role: $0, ticket: Secret("sesame"))) })
        return Authenticator(policy)
    }

    var network: SimulatedNetwork { node.network }
    var group: ShardGroup { node.group }

    /// Milliseconds since the beginning.
    private(set) var time = 0

    /// One step of time, in which every shard has some turns.
    func tick(milliseconds: Int = 1, turns: Int = 4) {
        network.advance(UInt64(milliseconds) * Self.millisecond)
        time += milliseconds
        node.turn(times: turns)
    }

    /// A session that has said all of `requests` and has got their answers.
    ///
    /// - Parameter role: one of the stage's; `nil`: it is anonymous.
    func join(shard: Int = 0, as role: String? = nil, _ requests: String...) throws -> BarePeer {
        let peer = try BarePeer(network, port: SimulatedNode.port(shard))
        try begin(over: peer, as: role, requests)
        return peer
    }

    /// As ``join(shard:as:_:)``, over a connection that has no session.
    func begin(over peer: BarePeer, as role: String?, _ requests: [String]) throws {
        let words = Self.login(as: role) + requests
        for word in words { peer.say(word) }
        var answers = 0
        for _ in 0..<50 where answers < words.count {
            tick()
            answers += peer.read().count
        }
        try #require(answers == words.count, "not everything was answered")
    }

    /// What begins a session, in which each word has an answer.
    static func login(as role: String?) -> [String] {
        guard let role else { return [hello] }
        let details = #"{"authmethods":["ticket"],"authid":"\#(role)","roles":{"subscriber":{},"callee":{}}}"#
        return [#"[1,"realm1",\#(details)]"#, #"[5,"sesame",{}]"#]
    }

    /// The session ends when all that was on its way to it is read; its connection stays.
    func leave(_ peer: BarePeer) throws {
        peer.say(Self.goodbye)
        var isOver = false
        for _ in 0..<1000 where !isOver {
            tick()
            isOver = peer.read().contains { $0.hasPrefix("[6,") }
        }
        try #require(isOver, "the session does not end")
    }

    func figure(_ path: KeyPath<ShardFigures, UInt64>) -> UInt64 { node.figure(path) }

    /// As ``join(shard:as:_:)``, of a client that has the transport of programs.
    func join(over way: LoopPeer.Way, _ requests: String...) throws -> LoopPeer {
        let peer = try LoopPeer(network, port: way == .secure ? SimulatedNode.securePort : SimulatedNode.port(0), way)
        for _ in 0..<20 where !peer.isOpen {
            peer.turn()
            tick()
        }
        peer.say(#"[1,"realm1",{"roles":{"subscriber":{}}}]"#)
        for request in requests { peer.say(request) }
        for _ in 0..<50 where peer.messages.count <= requests.count {
            peer.turn()
            tick()
        }
        try #require(peer.messages.count == 1 + requests.count, "not everything was answered")
        peer.forgetMessages()
        return peer
    }
}

/// How long somebody had nothing, at most.
struct Silence {
    private(set) var longest = 0
    private var last: Int

    init(since time: Int) { last = time }

    mutating func heard(at time: Int) {
        longest = max(longest, time - last)
        last = time
    }
}
