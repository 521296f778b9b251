/// How long the blocks of a quartet work, and how often they take turns. Times are nanoseconds.
struct GateTurns {
    /// In turns before those that are measured: connections that are new, or were silent while others connected, cost more.
    var warmUp: UInt64
    /// What is measured of each router under each load.
    var duration: UInt64
    /// What is measured of it in one turn. While three others have theirs it rests; the kernel takes a connection that was
    /// silent for 200 ms as a new one and acknowledges its first messages one by one, so a turn is shorter than a third of that.
    var turn: UInt64

    /// Load that is not measured at the start of each turn, in which caches and queues fill.
    var leadIn: UInt64 { turn / 10 }

    var warmUpCount: Int { Int((warmUp + turn - 1) / turn) }

    /// Of those that are measured.
    var count: Int { max(1, Int(duration / turn)) }
}
