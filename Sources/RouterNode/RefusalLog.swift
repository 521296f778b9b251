import Logging
import RennbahnReactor
import RennbahnTransport

/// Tells of connections that were not taken: a line for the first, the second, the fourth … of them, so that nobody can fill
/// the log.
struct RefusalLog {
    private let logger: Logger
    /// ``LinkCounters/refused`` as it was when it was looked at last.
    private(set) var seen: UInt64 = 0
    private var failures = Doublings()
    private var turnedAway = Doublings()

    init(_ logger: Logger) {
        self.logger = logger
    }

    /// Out of the way of the messages.
    @inline(never)
    mutating func tell(_ counters: borrowing LinkCounters) {
        seen = counters.refused
        let failed = counters.failedAccepts
        if failures.areReached(by: failed) {
            let why = SystemError.text(counters.acceptErrno)
            logger.warning("connections cannot be accepted: \(why); attempts that failed so far: \(failed)")
        }
        let others = counters.refused - failed
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
