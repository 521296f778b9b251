import RennbahnAuthentication
import RennbahnBytes
import RennbahnCrypto
package import RennbahnReactor
import RennbahnRouter
package import RennbahnTransport

/// The shards of a router, with the rings between them and without threads: whoever has them gives each its turns. ``Node`` gives
/// each to a thread; a simulation gives turns as a seed says.
package final class ShardGroup {
    let controls: [ShardControl]
    package let shards: [RouterShard]

    /// - Parameters:
    ///   - loops: one for each shard, which listen already.
    ///   - ends: is told of connections that end; `nil`: nobody looks after the memory.
    package init(
        _ configuration: NodeConfiguration, realms names: [String], loops: [LinkLoop], ends: ConnectionEnds? = nil
    ) throws(SystemError) {
        var controls: [ShardControl] = []
        for _ in loops { controls.append(try ShardControl(ends: ends)) }
        let rings = RingGrid(shards: loops.count, capacity: configuration.limits.ringCapacity)
        let seed = configuration.hasFixedIDs ? 0x5eed : SecureRandom.word()
        var rules = RouterConfiguration(realms: names)
        rules.uriStrictness = configuration.uriStrictness
        rules.limits.memory = configuration.limits.maxState
        let directory = RealmDirectory(
            Dictionary(
                names.map { ($0, configuration.roles[$0] ?? ["anonymous"]) }, uniquingKeysWith: { first, _ in first }),
            withoutHolds: configuration.rolesWithoutHolds)
        var shards: [RouterShard] = []
        for (shard, loop) in loops.enumerated() {
            shards.append(
                try RouterShard(
                    shard: shard, loop: loop, controls: controls, outgoing: rings.lines(from: shard),
                    incoming: rings.consumers(to: shard), configuration: rules, realms: directory,
                    slowReceiversOfRoles: configuration.slowReceiversOfRoles, hashSeed: seed,
                    transports: ListeningTransport.names(of: configuration.transports),
                    hasFixedIDs: configuration.hasFixedIDs, wastedShare: configuration.wastedShare,
                    logger: configuration.logger))
        }
        self.controls = controls
        self.shards = shards
    }

    package var count: Int { shards.count }

    /// One turn of a shard; false when it has ended.
    package func turn(_ shard: Int) -> Bool { shards[shard].turn() }

    /// As SIGTERM does it: the shards say goodbye, drain and end.
    package func stop() {
        for control in controls { control.give(.stop) }
    }

    package func loop(_ shard: Int) -> LinkLoop { shards[shard].loop }

    package func figures(_ shard: Int) -> ShardFigures { shards[shard].figures }

    /// Whether other shards have sent something to this one that was not taken yet.
    package func ringsHaveRecords(to shard: Int) -> Bool { shards[shard].ringsHaveRecords }

    /// The tables of a shard that hold something of connections and sessions, by name: none when all are gone.
    package func occupiedTables(of shard: Int) -> [String] {
        shards[shard].loop.occupiedTables + shards[shard].occupiedTables
    }

    /// Whether the router of a shard has nothing left of any session.
    package func isEmpty(_ shard: Int) -> Bool {
        shards[shard].router.value.isEmpty && shards[shard].arrears.value.isEmpty
    }
}
