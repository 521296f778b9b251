/// Tokens that come evenly, up to those of one second. Without a clock: times are nanoseconds, and handed in.
///
/// More may be taken than there is; then the debt has to be paid before anything passes. So within any time no more passes than
/// the tokens of that time and of one second.
struct TokenBucket: Equatable {
    private static let second = 1_000_000_000
    /// What a rate may be: with it nothing overflows.
    static let rates = 1...1_000_000_000
    /// What is taken at once, and owed, at most.
    private static let mostAtOnce = 1 << 31

    /// Tokens of a second.
    private let rate: Int
    /// What there is, in parts of a token, of which there are as many as a second has nanoseconds; below 0: what is owed.
    private var level: Int
    private var time: UInt64

    /// - Parameter rate: tokens of a second; of ``rates``.
    init(rate: Int, at now: UInt64) {
        precondition(TokenBucket.rates.contains(rate))
        self.rate = rate
        level = rate * TokenBucket.second
        time = now
    }

    /// Takes so many.
    ///
    /// - Returns: when what is owed then is paid; `now` or before: it is.
    mutating func take(_ count: Int, at now: UInt64) -> UInt64 {
        fill(now)
        let most = TokenBucket.mostAtOnce * TokenBucket.second
        level = max(level - min(count, TokenBucket.mostAtOnce) * TokenBucket.second, -most)
        return level >= 0 ? time : time + UInt64(TokenBucket.roundedUp(-level, by: rate))
    }

    private mutating func fill(_ now: UInt64) {
        guard now > time else { return }
        let missing = rate * TokenBucket.second - level
        let elapsed = now - time
        time = now
        if elapsed < UInt64(TokenBucket.roundedUp(missing, by: rate)) {
            level += Int(elapsed) * rate
        } else {
            level += missing
        }
    }

    private static func roundedUp(_ dividend: Int, by divisor: Int) -> Int { (dividend + divisor - 1) / divisor }
}
