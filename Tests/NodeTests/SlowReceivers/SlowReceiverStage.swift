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
    static let firstPort: UInt16 = 8000
    /// Where TLS is spoken, by the first shard.
    static let securePort: UInt16 = 9000
    static let millisecond: UInt64 = 1_000_000

    let network: SimulatedNetwork
    let group: ShardGroup

    /// - Parameter tls: what the secure port speaks TLS by; `nil`: there is none.
    init(
        shards: Int = 1, slowReceivers: SlowReceivers = .disconnect, maxQueuedOfAll: Int = Limits().maxQueuedOfAll,
        maxQueuedOutput: Int = Limits().maxQueuedOutput, tls: TLSContext? = nil
    ) throws {
        var weather = SimulatedNetwork.Weather()
        // Of the kernel, in each direction.
        weather.capacity = 256 * 1024
        network = SimulatedNetwork(seed: 1, weather: weather)
        var limits = Limits()
        limits.maxConnections = 64
        limits.slowReceivers = slowReceivers
        limits.maxQueuedOfAll = maxQueuedOfAll
        limits.setMaxQueuedOutput(maxQueuedOutput)
        var configuration = NodeConfiguration(
            service: .router(realms: ["realm1"]), listen: .loopback(port: 0), serializers: [.json],
            deflate: DeflatePolicy(), limits: limits)
        configuration.hasFixedIDs = true
        let profiles = configuration.service.withFarewells(
            configuration.transports.map { transport in
                var profile = transport.profile
                profile.rawSocket = LoopPeer.rawSocket
                return profile
            })
        var loops: [LinkLoop] = []
        for shard in 0..<shards {
            let loop = try LinkLoop(limits: limits, accept: profiles, kernel: Kernel(simulatedBy: network))
            try loop.listen(on: network.listen(Self.firstPort + UInt16(shard)))
            if shard == 0, let tls { try loop.listen(on: network.listen(Self.securePort), tls: tls) }
            loops.append(loop)
        }
        group = try ShardGroup(configuration, realms: ["realm1"], loops: loops)
    }

    /// Milliseconds since the beginning.
    private(set) var time = 0

    /// One step of time, in which every shard has some turns.
    func tick(milliseconds: Int = 1) {
        network.advance(UInt64(milliseconds) * Self.millisecond)
        time += milliseconds
        for _ in 0..<4 { for shard in 0..<group.count { _ = group.turn(shard) } }
    }

    /// A session that has said all of `requests` and has got their answers.
    func join(shard: Int = 0, _ requests: String...) throws -> BarePeer {
        let peer = try BarePeer(network, port: Self.firstPort + UInt16(shard))
        peer.say(#"[1,"realm1",{"roles":{"publisher":{},"subscriber":{},"caller":{},"callee":{}}}]"#)
        for request in requests { peer.say(request) }
        var answers = 0
        for _ in 0..<50 where answers <= requests.count {
            tick()
            answers += peer.read().count
        }
        try #require(answers == 1 + requests.count, "not everything was answered")
        return peer
    }

    /// As ``join(shard:_:)``, of a client that has the transport of programs.
    func join(over way: LoopPeer.Way, _ requests: String...) throws -> LoopPeer {
        let peer = try LoopPeer(network, port: way == .secure ? Self.securePort : Self.firstPort, way)
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

    func figure(_ path: KeyPath<ShardFigures, UInt64>) -> UInt64 {
        (0..<group.count).reduce(0) { $0 + group.figures($1)[keyPath: path] }
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
