/// Which of many like events have a line in the log: a few at once, then so many a second. The next line says how many before it
/// had none, so that no flood of events floods the log, and none goes uncounted. Time is handed in, in nanoseconds.
struct LineRate {
    /// Lines at once, after a time without any.
    static let burst: UInt64 = 10
    /// Nanoseconds for each further line.
    static let interval: UInt64 = 1_000_000_000

    /// Events.
    private(set) var total: UInt64 = 0
    /// Since the last line.
    private var untold: UInt64 = 0
    private var credit = LineRate.burst
    private var creditedAt: UInt64 = 0

    /// An event.
    ///
    /// - Returns: `nil`: it has no line; otherwise how many have had none since the last.
    mutating func admit(at now: UInt64) -> UInt64? {
        total += 1
        let due = now > creditedAt ? (now - creditedAt) / LineRate.interval : 0
        credit = min(LineRate.burst, credit + min(due, LineRate.burst))
        creditedAt += due * LineRate.interval
        guard credit > 0 else {
            untold += 1
            return nil
        }
        credit -= 1
        defer { untold = 0 }
        return untold
    }
}
