import CRennbahnLinux

/// The clock that timers and measurements run on.
package enum MonotonicClock {
    /// Nanoseconds since some moment before the process started; never goes back. About 20 ns a call: read it once per
    /// loop turn.
    package static func now() -> UInt64 { nanoseconds(CLOCK_MONOTONIC) }

    fileprivate static func nanoseconds(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        _ = unsafe clock_gettime(clock, &time)
        return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
    }
}

/// The CPU time of the calling thread.
package enum ThreadClock {
    /// Nanoseconds that this thread has spent on a processor, in its own code and in the kernel.
    package static func now() -> UInt64 { MonotonicClock.nanoseconds(CLOCK_THREAD_CPUTIME_ID) }
}

/// The CPU time of a whole process.
package enum ProcessClock {
    /// The kernel gives no larger one (PID_MAX_LIMIT).
    private static let largestPID: Int32 = 1 << 22

    /// Nanoseconds that the process has spent on processors: all its threads, those that run right now and those that have
    /// ended included. `nil`: there is no such process.
    package static func now(of pid: Int32) -> UInt64? {
        var clock = clockid_t()
        var time = timespec()
        // The clock's number has no room for a larger one, and would be that of another process.
        guard (1...ProcessClock.largestPID).contains(pid) else { return nil }
        guard unsafe clock_getcpuclockid(pid, &clock) == 0, unsafe clock_gettime(clock, &time) == 0 else { return nil }
        return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
    }
}

/// The calendar's clock, for timestamps that people read.
package enum WallClock {
    /// Nanoseconds since 1970-01-01 UTC.
    package static func now() -> UInt64 { MonotonicClock.nanoseconds(CLOCK_REALTIME) }
}
