import RennbahnBytes
import RennbahnReactor

/// The rings between all shards, one for each ordered pair, before the shards take their ends.
struct RingGrid: ~Copyable {
    private let shards: Int
    /// The ring from shard a to shard b is at a × shards + b; a shard has none to itself, but its slot is there.
    private let rings: Slab<Ring.Ends>

    init(shards: Int, capacity: Int) {
        self.shards = shards
        var rings = Slab<Ring.Ends>(capacity: shards * shards)
        for pair in 0..<shards * shards {
            let isOwn = pair / shards == pair % shards
            _ = rings.insert(Ring.make(capacity: isOwn ? 1024 : capacity))
        }
        self.rings = rings
    }

    /// The sending ends of the rings from `shard`, by the number of the other shard; its own is there and never used.
    func lines(from shard: Int) -> Slab<ShardLine> {
        var lines = Slab<ShardLine>(capacity: shards)
        for other in 0..<shards { _ = lines.insert(ShardLine(rings[shard * shards + other].takeProducer())) }
        return lines
    }

    /// The receiving ends of the rings to `shard`, likewise.
    func consumers(to shard: Int) -> Slab<RingConsumer> {
        var consumers = Slab<RingConsumer>(capacity: shards)
        for other in 0..<shards { _ = consumers.insert(rings[other * shards + shard].takeConsumer()) }
        return consumers
    }
}
