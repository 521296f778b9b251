/// What one connection may send by now, of ``Limits/messageRate`` and ``Limits/octetRate``. Times are nanoseconds, and handed
/// in.
struct Ration: Equatable {
    /// Who has sent too much is not read for at least so long, since what is read in between is copied each time. Its tokens
    /// come meanwhile.
    static let shortestWait: UInt64 = 100_000_000

    private var messages: TokenBucket?
    private var octets: TokenBucket?

    /// `nil` where both rates are 0.
    init?(messageRate: Int, octetRate: Int, at now: UInt64) {
        guard messageRate > 0 || octetRate > 0 else { return nil }
        messages = messageRate > 0 ? TokenBucket(rate: messageRate, at: now) : nil
        octets = octetRate > 0 ? TokenBucket(rate: octetRate, at: now) : nil
    }

    /// A frame of so many octets, its head included, is about to be read: until when it has to wait; `nil`: it need not.
    mutating func take(octets count: Int, at now: UInt64) -> UInt64? {
        let paid = max(messages?.take(1, at: now) ?? now, octets?.take(count, at: now) ?? now)
        return paid > now ? max(paid, now + Ration.shortestWait) : nil
    }
}
