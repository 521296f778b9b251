import RennbahnBytes
import RennbahnReactor

extension LinkLoop {
    /// As ``wait(milliseconds:)``, but at most until `deadline` of the monotonic clock, to the microsecond: for owners
    /// that send by a timetable.
    package func wait(until deadline: UInt64) {
        var bound = deadline
        if let timer = timers.value.nextDeadline { bound = min(bound, timer) }
        let hasWork = !turn.value.scheduled.isEmpty || !turn.value.ended.isEmpty || isOverdue
        let before = kernel.now()
        turn.value.eventCount = poller.value.wait(
            timeoutNanoseconds: hasWork || bound <= before ? 0 : bound - before)
        beginTurn(at: kernel.now())
    }

    /// Looks for events without sleeping, until there are some, ``Limits/busyPoll`` is over, or `isOver` says that there
    /// is other work. Instead of ``wait(milliseconds:)`` if it returns true: then ``next()`` has something.
    package func pollBusily(until isOver: () -> Bool) -> Bool {
        guard limits.busyPoll > 0 else { return false }
        let start = kernel.now()
        repeat {
            let hasWork = !turn.value.scheduled.isEmpty || !turn.value.ended.isEmpty || isOverdue
            wait(milliseconds: 0)
            if hasWork || turn.value.eventCount > 0 || !turn.value.expired.isEmpty { return true }
        } while now < start + limits.busyPoll && !isOver()
        return false
    }

    /// Whether permessage-deflate was agreed to on this connection.
    package func isCompressed(_ id: LinkID) -> Bool {
        guard let slot = slot(id) else { return false }
        return links.value[slot].inflater != nil
    }
}
