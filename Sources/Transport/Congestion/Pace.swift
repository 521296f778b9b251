/// Whether a peer takes anything of what it is sent: looked at now and then, by what the kernel still holds of it. Without
/// sockets and clock: times are nanoseconds, and handed in.
///
/// What the kernel took says nothing: it may have had room left. What it holds becomes less only by what the peer took.
struct Pace: Equatable {
    /// So often it is looked at within the time that a peer may take nothing: that time is exact to a tenth.
    static let looks: UInt64 = 10

    private var lastProgress: UInt64
    /// What the kernel would hold if the peer had taken nothing since the last look; -1: there was none.
    private var held = -1

    /// More waits than there is room for, from now on.
    init(at now: UInt64) {
        lastProgress = now
    }

    /// The socket took more.
    mutating func sent(_ count: Int) {
        if held >= 0 { held += count }
    }

    /// A first look that comes when the time is over, from a loop that was away for so long, has seen nothing: the time begins
    /// with it.
    ///
    /// - Parameter holds: octets that the kernel holds.
    mutating func look(_ holds: Int, at now: UInt64, timeout: UInt64) {
        let hasMoved = held >= 0 ? holds < held : isStuck(at: now, timeout: timeout)
        if hasMoved { lastProgress = now }
        held = holds
    }

    func isStuck(at now: UInt64, timeout: UInt64) -> Bool { now >= lastProgress + timeout }

    func nextLook(after now: UInt64, timeout: UInt64) -> UInt64 {
        min(now + max(1, timeout / Pace.looks), max(now + 1, lastProgress + timeout))
    }
}
