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
    /// - Parameter random: 0 to 1, evenly distributed.
    package mutating func next(random: Double) -> UInt64? {
        if let most = policy.maxRetries, retries >= most { return nil }
        var delay = Double(policy.initialDelay)
        let most = Double(policy.maxDelay)
        // It has grown beyond the bound long before the number of steps matters.
        for _ in 0..<min(retries, 10_000) where delay < most { delay *= policy.growth }
        retries += 1
        let shaken = min(delay, most) * (1 + policy.jitter * (2 * min(max(random, 0), 1) - 1))
        return UInt64(min(max(shaken, 0), most))
    }

    /// A session was joined: the next trouble is a new one.
    package mutating func succeeded() {
        retries = 0
    }
}
