/// For how long one connection has waited for receivers in vain. Times are nanoseconds, and handed in.
///
/// Receivers that take turns at being slow would make a sender wait for each of them; so what it waits for all of them
/// together is bounded. Waiting that has helped is not charged: it is what keeps a fast sender and a slower receiver together.
///
/// Nor is it bounded in another way, although receivers that each drain just in time can have a sender wait after each message.
/// A share of the time that waiting may take would be no honest bound: a good receiver whose sender is simply faster is waited
/// for nearly all of the time. Nor would it be one that somebody else is waited for each time: equal receivers take turns at
/// being the slowest. What tells them apart is what a sender gets through between two waits, which is about the distance of the
/// marks wherever receivers read while others are waited for; that would have to be counted for each message.
struct HoldAccount: Equatable {
    private struct Charge: Equatable {
        /// When the first and the last wait of it ended.
        var first: UInt64
        var last: UInt64
        var duration: UInt64
    }

    /// Of ``period``.
    static let allowance: UInt64 = 500_000_000
    static let period: UInt64 = 10_000_000_000
    /// Waits that end within this are charged as one, so that there are few charges.
    private static let grain: UInt64 = 1_000_000_000

    /// Whether no receiver may make it wait, however short.
    var isExempt = false
    private var charges: [Charge] = []
    /// Receivers that are waited for.
    private var holds = 0
    /// When the waiting began, or up to when it is charged.
    private var since: UInt64 = 0

    /// Whether one more receiver may make it wait.
    func mayHold(at now: UInt64) -> Bool {
        !isExempt && spent(at: now) + Congestion.holdTime <= HoldAccount.allowance
    }

    private func spent(at now: UInt64) -> UInt64 {
        let charged = charges.reduce(0) { $1.last + HoldAccount.period > now ? $0 + $1.duration : $0 }
        return holds > 0 ? charged + (now - since) : charged
    }

    mutating func begin(at now: UInt64) {
        if holds == 0 { since = now }
        holds += 1
    }

    /// - Parameter inVain: whether the receiver is still behind.
    mutating func end(at now: UInt64, inVain: Bool) {
        guard holds > 0 else { return }
        holds -= 1
        if inVain { charge(now) }
    }

    private mutating func charge(_ now: UInt64) {
        // What a timer is late is not charged: else the second wait would always be a little too long.
        let duration = min(now - since, Congestion.holdTime)
        since = now
        guard duration > 0 else { return }
        charges.removeAll { $0.last + HoldAccount.period <= now }
        if let index = charges.indices.last, now < charges[index].first + HoldAccount.grain {
            charges[index].duration += duration
            charges[index].last = now
        } else {
            charges.append(Charge(first: now, last: now, duration: duration))
        }
    }
}
