import RennbahnReactor
import Synchronization

/// Tells the thread that looks after the memory of all shards that connections have ended.
package final class ConnectionEnds: Sendable {
    private let count = Atomic<UInt64>(0)
    let wakeUp: WakeUp

    init() throws(SystemError) {
        wakeUp = try WakeUp()
    }

    /// From the thread of any shard. A system call where the other thread sleeps, once until it has looked.
    func note() {
        count.add(1, ordering: .relaxed)
        wakeUp.wake()
    }

    var total: UInt64 { count.load(ordering: .relaxed) }
}
