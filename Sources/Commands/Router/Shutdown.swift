/// How a router ends. Asked for the first time, it says goodbye and drains, for which the shards have a limit of their own. The
/// second time, or where a shard is late, connections are dropped; a shard that does not come to that is not waited for.
///
/// ```
/// asked ──► stop ── asked, or drainPatience is over ──► abandon ── dropPatience is over ──► leave
/// ```
/// Time is handed in: nanoseconds of one clock.
struct Shutdown {
    enum Order: Equatable {
        case stop
        case abandon
        case leave
    }

    /// From the first request to dropping what is left: more than `Limits.shutdownTimeout`, after which shards do it themselves.
    static let drainPatience: UInt64 = 3_300_000_000
    /// From there to the end without the shards.
    static let dropPatience: UInt64 = 300_000_000
    /// From the first request to the end of the process.
    static let limit: UInt64 = 3_900_000_000

    private var stoppedAt: UInt64?
    private var abandonedAt: UInt64?

    var hasBegun: Bool { stoppedAt != nil }

    /// A signal came.
    mutating func asked(at now: UInt64) -> Order {
        guard hasBegun else {
            stoppedAt = now
            return .stop
        }
        abandonedAt = abandonedAt ?? now
        return .abandon
    }

    /// What is left of ``limit`` for whoever reads the log, but not more than `patience`.
    func left(at now: UInt64, atMost patience: UInt64) -> UInt64 {
        guard let stoppedAt else { return patience }
        let end = stoppedAt + Shutdown.limit
        return now < end ? min(patience, end - now) : 0
    }

    /// What time alone brings about.
    mutating func due(at now: UInt64) -> Order? {
        if let abandonedAt { return now >= abandonedAt + Shutdown.dropPatience ? .leave : nil }
        guard let stoppedAt, now >= stoppedAt + Shutdown.drainPatience else { return nil }
        abandonedAt = now
        return .abandon
    }
}
