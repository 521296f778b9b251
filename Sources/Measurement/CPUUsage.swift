/// The CPU time a process has used since it started, as read from `/proc/<pid>/stat`, in seconds.
package struct CPUSample: Equatable, Sendable {
    package var user: Double
    package var system: Double

    package init(user: Double, system: Double) {
        self.user = user
        self.system = system
    }
}

/// CPU time spent between two samples, in seconds.
package struct CPUUsage: Codable, Equatable, Sendable {
    package var user: Double
    package var system: Double
    package var total: Double

    package init(user: Double, system: Double) {
        self.user = user
        self.system = system
        total = user + system
    }

    /// Tick counters never run backwards, but a sample may be of another process by mistake: never less than zero.
    package init(from start: CPUSample, to end: CPUSample) {
        self.init(user: max(0, end.user - start.user), system: max(0, end.system - start.system))
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
        let scale = 1_000_000 / Double(messages)
        return CPUPerMessage(user: user * scale, system: system * scale, total: total * scale)
    }
}

/// CPU microseconds per message.
package struct CPUPerMessage: Codable, Equatable, Sendable {
    package var user: Double
    package var system: Double
    package var total: Double

    package init(user: Double, system: Double, total: Double) {
        self.user = user
        self.system = system
        self.total = total
    }
}
