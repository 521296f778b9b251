package import Logging
import RennbahnReactor
package import RennbahnRouterNode
package import RennbahnSimulationKit
package import RennbahnTLS
package import RennbahnTransport
package import RennbahnWebSocketDeflate

/// A router of some shards in one thread, over a network and a clock in memory, for the realm `realm1`. Whoever has it lets time
/// pass and gives the shards their turns; ids are the same in every run.
package final class SimulatedNode {
    private static let firstPort: UInt16 = 8000
    /// Where TLS is spoken, by the first shard.
    package static let securePort: UInt16 = 9000

    package let network: SimulatedNetwork
    package let group: ShardGroup

    /// - Parameters:
    ///   - profiles: of the connections of every shard; the first is what is listened for.
    ///   - change: what else is other than usual.
    package init(
        _ network: SimulatedNetwork, shards: Int = 1, _ limits: Limits, profiles: [AcceptProfile],
        codecMemory: CodecMemory = .pages, rolesWithoutHolds: [String: Set<String>] = [:],
        tls: TLSContext? = nil, logger: Logger? = nil, _ change: (inout NodeConfiguration) -> Void = { _ in }
    ) throws {
        self.network = network
        var loops: [LinkLoop] = []
        for shard in 0..<shards {
            let loop = try LinkLoop(
                limits: limits, accept: profiles, kernel: Kernel(simulatedBy: network), codecMemory: codecMemory)
            try loop.listen(on: network.listen(SimulatedNode.port(shard)))
            if shard == 0, let tls { try loop.listen(on: network.listen(SimulatedNode.securePort), tls: tls) }
            loops.append(loop)
        }
        var configuration = NodeConfiguration(service: .router(realms: ["realm1"]), transports: [], limits: limits)
        configuration.hasFixedIDs = true
        configuration.rolesWithoutHolds = rolesWithoutHolds
        if let logger { configuration.logger = logger }
        change(&configuration)
        group = try ShardGroup(configuration, realms: ["realm1"], loops: loops)
    }

    /// Where a shard listens.
    package static func port(_ shard: Int) -> UInt16 { firstPort + UInt16(shard) }

    package func turn(times: Int) {
        for _ in 0..<times { for shard in 0..<group.count { _ = group.turn(shard) } }
    }

    /// Of all shards together.
    package func figure(_ path: KeyPath<ShardFigures, UInt64>) -> UInt64 {
        (0..<group.count).reduce(0) { $0 + group.figures($1)[keyPath: path] }
    }
}
