/// When freed memory goes back to the system: a second after connections have ended, if there may be enough of it. Times are
/// nanoseconds, and handed in with the octets that are in memory.
///
/// What is in use and what is free cannot be told apart from outside of the allocator, so it is measured against the least that was
/// ever in memory. Where that is in use, because clients stay, giving it back gains nothing: then the next time is later, up to
/// ``longestDelay``, or longer where it takes long, but it comes. (What was left after one time had been taken for what is in use, for ever: a router that was told so
/// in the middle of a load kept 25 MiB that were free.)
struct TrimSchedule: Equatable {
    static let delay: UInt64 = 1_000_000_000
    static let longestDelay: UInt64 = 8_000_000_000
    /// Less is not worth the time that it takes.
    static let leastGain = 8 * 1024 * 1024

    /// When to look; `nil`: nothing has ended since the last time.
    private(set) var deadline: UInt64?
    /// Of the next time.
    private var delay = TrimSchedule.delay
    /// The least that was in memory: what a router is without its clients.
    private var least: Int

    /// - Parameter resident: `nil` where that is not known, as without descriptors to read it by.
    init(resident: Int?) {
        least = resident ?? .max
    }

    mutating func connectionsEnded(at now: UInt64) {
        if deadline == nil { deadline = now + delay }
    }

    func isDue(at now: UInt64) -> Bool { deadline.map { now >= $0 } ?? false }

    /// The time has come; whether giving memory back may be worth it.
    ///
    /// - Parameter resident: `nil` where that is not known.
    mutating func looked(resident: Int?) -> Bool {
        deadline = nil
        guard let resident else { return false }
        least = min(least, resident)
        let mayBeWorthIt = resident - least >= TrimSchedule.leastGain
        if !mayBeWorthIt { delay = TrimSchedule.delay }
        return mayBeWorthIt
    }

    /// Memory was given back: what that gained, and how long it took, says when the next time is.
    mutating func trimmed(from before: Int, to after: Int, took: UInt64) {
        least = min(least, after)
        let isWorthIt = before - after >= TrimSchedule.leastGain
        delay = isWorthIt ? TrimSchedule.delay : min(2 * delay, TrimSchedule.longestDelay)
        delay = max(delay, TrimSchedule.rest * min(took, TrimSchedule.longestTime))
    }

    /// Times as long as it took it rests: allocations of shards wait for it. Who takes a minute has slept, too.
    private static let rest: UInt64 = 100
    private static let longestTime: UInt64 = 60_000_000_000
}
