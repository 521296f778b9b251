#if canImport(Glibc)
import Glibc
#else
import Musl
#endif

/// How long a test waits for what another thread brings about, asking again and again, before it says that it will not come.
///
/// A lost answer costs a test two seconds. On a machine that is busy with other things it costs more, and a late answer is no
/// lost one: what counts is not only the time that went by, but also that the waiting thread ran for a good part of it.
package struct Patience {
    private let start = Patience.now(CLOCK_MONOTONIC)
    private let startOfWork = Patience.now(CLOCK_THREAD_CPUTIME_ID)
    private let seconds: Double

    package init(seconds: Double = 2) {
        self.seconds = seconds
    }

    /// The waiting thread has to ask from a loop that does not sleep.
    package var isOver: Bool {
        Patience.now(CLOCK_MONOTONIC) - start > seconds
            && Patience.now(CLOCK_THREAD_CPUTIME_ID) - startOfWork > seconds / 8
    }

    private static func now(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
