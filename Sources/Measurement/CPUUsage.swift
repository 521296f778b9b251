/// The CPU time a process has used since it started, in seconds.
package struct CPUSample: Equatable, Sendable {
    /// As the kernel accounts it, in ticks (`/proc/<pid>/stat`).
    package var user: Double
    package var system: Double
    /// Both together to the nanosecond; `nil` where the kernel does not tell.
    package var exact: Double?

    package init(user: Double, system: Double, exact: Double? = nil) {
        self.user = user
        self.system = system
        self.exact = exact
    }
}

/// CPU time spent between two samples, in seconds.
package struct CPUUsage: Codable, Equatable, Sendable {
    /// How the total divides; absent where it was too short for the kernel's ticks to tell.
    package var user: Double?
    package var system: Double?
    package var total: Double

    /// Less than this many seconds of ticks divide nothing: each is 10 ms, and falls to whom it happens to meet.
    private static let leastDivided = 0.2

    package init(user: Double, system: Double) {
        self.user = user
        self.system = system
        total = user + system
    }

    /// What is not known to be divided.
    package init(total: Double) {
        self.total = total
    }

    /// Where there is an exact time it is the total, divided as the ticks are. Counters never run backwards, but a sample may
    /// be of another process by mistake: never less than zero.
    package init(from start: CPUSample, to end: CPUSample) {
        let (user, system) = (max(0, end.user - start.user), max(0, end.system - start.system))
        guard let before = start.exact, let after = end.exact, after >= before else {
            self.init(user: user, system: system)
            return
        }
        self.init(total: after - before)
        guard user + system >= CPUUsage.leastDivided else { return }
        self.user = total * user / (user + system)
        self.system = total * system / (user + system)
    }

    /// Of two windows together.
    package static func + (one: CPUUsage, other: CPUUsage) -> CPUUsage {
        var sum = CPUUsage(total: one.total + other.total)
        if let first = one.user, let second = other.user { sum.user = first + second }
        if let first = one.system, let second = other.system { sum.system = first + second }
        return sum
    }

    /// Brought to another length of time.
    package static func * (usage: CPUUsage, scale: Double) -> CPUUsage {
        var scaled = CPUUsage(total: usage.total * scale)
        scaled.user = usage.user.map { $0 * scale }
        scaled.system = usage.system.map { $0 * scale }
        return scaled
    }

    /// The part of its cores that the process kept busy: 1 is all of them, all the time.
    ///
    /// - Parameters:
    ///   - seconds: length of the window.
    ///   - cores: cores the process may use, pinned or by its number of threads, whichever is less.
    package func share(ofSeconds seconds: Double, cores: Int) -> Double {
        guard seconds > 0, cores > 0 else { return 0 }
        return total / (seconds * Double(cores))
    }

    /// CPU cost of one message, in microseconds; nothing where there was no message.
    package func microseconds(perMessageOf messages: UInt64) -> CPUPerMessage? {
        guard messages > 0 else { return nil }
        let cost = self * (1_000_000 / Double(messages))
        return CPUPerMessage(user: cost.user, system: cost.system, total: cost.total)
    }
}

/// CPU microseconds per message.
package struct CPUPerMessage: Codable, Equatable, Sendable {
    /// Absent as in ``CPUUsage``.
    package var user: Double?
    package var system: Double?
    package var total: Double

    package init(user: Double?, system: Double?, total: Double) {
        self.user = user
        self.system = system
        self.total = total
    }
}
