import CRennbahnLinux

/// The processors that this process may use.
package enum Processor {
    /// Words of the kernel's set: processors 0 to 1023.
    private static let words = 16

    /// The numbers of the processors that the calling thread may run on, ascending.
    package static var allowed: [Int] { allowed(ofThread: 0) ?? [0] }

    /// The same of any thread, by its number; `nil`: there is no such thread.
    package static func allowed(ofThread thread: Int32) -> [Int]? {
        var set = [UInt64](repeating: 0, count: words)
        guard unsafe clinux_get_affinity(thread, &set, words * 8) > 0 else { return nil }
        return (0..<words * 64).filter { set[$0 / 64] >> UInt64($0 % 64) & 1 == 1 }
    }

    /// How many processors the calling thread may run on.
    package static var count: Int { allowed.count }

    /// Binds the calling thread, and threads it creates later, to these processors.
    package static func pinCurrentThread(to processors: [Int]) throws(SystemError) {
        var set = [UInt64](repeating: 0, count: words)
        for processor in processors {
            guard processor >= 0 && processor < words * 64 else {
                throw SystemError(code: EINVAL, operation: "sched_setaffinity")
            }
            set[processor / 64] |= 1 << UInt64(processor % 64)
        }
        guard unsafe clinux_set_affinity(set, words * 8) == 0 else { throw .last("sched_setaffinity") }
    }
}
