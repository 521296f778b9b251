/// When to try again: the section `reconnect` of a connecting transport.
package struct ReconnectPolicy: Sendable, Equatable {
    /// Retries in a row; `nil`: no end.
    package var maxRetries: Int?
    /// Nanoseconds.
    package var initialDelay: UInt64 = 500_000_000
    /// Nanoseconds that no delay exceeds.
    package var maxDelay: UInt64 = 30_000_000_000
    /// What one delay is multiplied by for the next; at least 1.
    package var growth = 1.5
    /// The share of a delay that it is made shorter or longer at random, 0…1.
    package var jitter = 0.2

    package init() {}
}

/// The delays before the retries of one connection. Randomness is handed in, time is the caller's.
package struct ReconnectSchedule: Sendable {
    package let policy: ReconnectPolicy
    /// Since the last success.
    package private(set) var retries = 0

    package init(_ policy: ReconnectPolicy) {
        self.policy = policy
    }

    /// The delay before the next retry in nanoseconds; `nil`: there were enough.
    ///
    /// - Parameters:
    ///   - random: 0 to 1, evenly distributed.
    ///   - pause: nanoseconds that the server asks to wait for: no delay is shorter, but for the longest one. Jitter makes it
    ///     longer, so that not all whom it told so come back at once.
    package mutating func next(random: Double, atLeast pause: UInt64 = 0) -> UInt64? {
        if let most = policy.maxRetries, retries >= most { return nil }
        var delay = Double(policy.initialDelay)
        let most = Double(policy.maxDelay)
        // It has grown beyond the bound long before the number of steps matters.
        for _ in 0..<min(retries, 10_000) where delay < most { delay *= policy.growth }
        retries += 1
        let chance = min(max(random, 0), 1)
        let shaken = min(delay, most) * (1 + policy.jitter * (2 * chance - 1))
        let asked = Double(pause) * (1 + policy.jitter * chance)
        // Beyond 64 bits, and where it is no number at all, it is the longest.
        return UInt64(exactly: min(max(shaken, asked, 0), most).rounded(.down)) ?? policy.maxDelay
    }

    /// A session was joined: the next trouble is a new one.
    package mutating func succeeded() {
        retries = 0
    }
}
