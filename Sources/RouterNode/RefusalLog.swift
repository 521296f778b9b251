import Logging
import RennbahnReactor
import RennbahnTransport

/// Tells of connections that were not taken: a line for the first, the second, the fourth … of them, so that nobody can fill
/// the log.
struct RefusalLog {
    private let logger: Logger
    /// ``LinkCounters/refused`` as it was when it was looked at last.
    private(set) var seen: UInt64 = 0
    /// Likewise ``LinkCounters/malformedForwards``.
    private(set) var seenForwards: UInt64 = 0
    private var failures = Doublings()
    private var turnedAway = Doublings()
    private var crowded = Doublings()
    private var forwards = Doublings()

    init(_ logger: Logger) {
        self.logger = logger
    }

    /// Out of the way of the messages.
    ///
    /// - Parameter last: who was turned away last for what its address has.
    @inline(never)
    mutating func tell(_ counters: borrowing LinkCounters, last: RefusedPeer? = nil) {
        seen = counters.refused
        seenForwards = counters.malformedForwards
        let failed = counters.failedAccepts
        if failures.areReached(by: failed) {
            let why = SystemError.text(counters.acceptErrno)
            logger.warning("connections cannot be accepted: \(why); attempts that failed so far: \(failed)")
        }
        let byAddress = counters.refusedByAddress
        if crowded.areReached(by: byAddress) {
            let who = last.map { "; the last one of \($0)" } ?? ""
            logger.warning("connections turned away for the limits of their address: \(byAddress)\(who)")
        }
        if forwards.areReached(by: seenForwards) {
            logger.warning(
                "requests of trusted proxies whose X-Forwarded-For names no address, which is taken as absent: \(seenForwards)"
            )
        }
        let others = counters.refused - failed - byAddress
        if turnedAway.areReached(by: others) {
            logger.warning("connections turned away, since there is no room for more: \(others)")
        }
    }
}

/// Which counts are worth a line: those that reach another power of two.
private struct Doublings {
    private var told: UInt64 = 0

    mutating func areReached(by count: UInt64) -> Bool {
        guard count.leadingZeroBitCount < told.leadingZeroBitCount else { return false }
        told = count
        return true
    }
}
