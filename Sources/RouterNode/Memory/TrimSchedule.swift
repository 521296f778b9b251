/// When freed memory goes back to the system: a second after connections have ended, if there is enough of it. Times are
/// nanoseconds, and handed in with the octets that are in memory.
struct TrimSchedule: Equatable {
    static let delay: UInt64 = 1_000_000_000
    /// Less is not worth the time that it takes.
    static let leastGain = 8 * 1024 * 1024

    /// When to look; `nil`: nothing has ended since the last time.
    private(set) var deadline: UInt64?
    /// The least that was in memory: what a router is without its clients, or with those that stay.
    private var floor: Int

    init(resident: Int) {
        floor = resident
    }

    mutating func connectionsEnded(at now: UInt64) {
        if deadline == nil { deadline = now + TrimSchedule.delay }
    }

    func isDue(at now: UInt64) -> Bool { deadline.map { now >= $0 } ?? false }

    /// The time has come; whether giving memory back is worth it.
    mutating func looked(resident: Int) -> Bool {
        deadline = nil
        floor = min(floor, resident)
        return resident - floor >= TrimSchedule.leastGain
    }

    /// What is left is in use.
    mutating func trimmed(resident: Int) {
        floor = resident
    }
}
