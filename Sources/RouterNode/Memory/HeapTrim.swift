package import RennbahnReactor

/// Gives the memory of connections that have ended back to the system, on a thread that has time for it: no shard waits, unless
/// it allocates meanwhile, which none does for messages.
package struct HeapTrim {
    private let ends: ConnectionEnds
    private var seen: UInt64 = 0
    private var schedule: TrimSchedule

    package init(_ node: Node) {
        self.init(node.ends, resident: SystemMemory.resident)
    }

    init(_ ends: ConnectionEnds, resident: Int?) {
        self.ends = ends
        schedule = TrimSchedule(resident: resident)
    }

    /// Lets `poller` report with `token` that there may be something to do; the events need no handling.
    package func register(in poller: inout Poller, token: UInt64) throws(SystemError) {
        try ends.wakeUp.register(in: &poller, token: token)
    }

    /// Does what is due, and says how many milliseconds the thread may sleep; -1: until it is woken. Then ``finishSleep()``.
    package mutating func prepareToSleep(at now: UInt64) -> Int32 {
        if schedule.isDue(at: now) {
            let resident = SystemMemory.resident
            if schedule.looked(resident: resident), let resident {
                let start = MonotonicClock.now()
                Heap.trim()
                let took = MonotonicClock.now() - start
                schedule.trimmed(from: resident, to: SystemMemory.resident ?? resident, took: took)
            }
        }
        // While it is clear when to look next, nobody need wake the thread.
        if schedule.deadline == nil {
            ends.wakeUp.prepareToSleep()
            let total = ends.total
            if total != seen {
                seen = total
                schedule.connectionsEnded(at: now)
            }
        }
        guard let deadline = schedule.deadline else { return -1 }
        return Int32(clamping: (deadline - min(now, deadline)) / 1_000_000 + 1)
    }

    package func finishSleep() {
        ends.wakeUp.finishSleep()
    }
}
