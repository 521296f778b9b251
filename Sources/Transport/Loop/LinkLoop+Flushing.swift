import RennbahnBytes
import RennbahnReactor

extension LinkLoop {
    /// Sends what the turn has queued, all of it.
    package func flush() {
        if isOverdue { writeOverdue() }
        while let dirty = turn.value.dirty.popLast() {
            let slot = Int(dirty)
            if !turn.value.dirty.isEmpty { links.value.prefetch(Int(turn.value.dirty[turn.value.dirty.count - 1])) }
            guard links.value.contains(slot) else { continue }
            links.value[slot].isDirty = false
            if !links.value[slot].life.wantsWrite { write(slot) } else { noteCrowd(slot) }
        }
        pool.value.endTurn()
    }

    /// As ``flush()``, for as long as ``Limits/fanOutTime`` allows. What is left then is sent in the coming turns, beside what
    /// those queue; the shared frames of the turn stay for as long.
    package func flushForAWhile() {
        let isShort =
            turn.value.dirty.count < WorkSlice.piecesBetweenLooks
            && pool.value.queuedBytes < WorkSlice.piecesBetweenLooks * WorkSlice.octetsOfPiece
        if isShort, !isOverdue { flush() } else { flushInParts() }
    }

    /// Whether something that a turn has queued waits for one that has time for it.
    @inline(__always)
    package var isOverdue: Bool { !turn.value.overdue.isEmpty }

    /// The clock as it is; ``now`` stands still for a turn.
    package func lookAtClock() -> UInt64 { kernel.now() }

    /// What this turn has queued, which is for few as a rule, and as much time again for what is overdue.
    @inline(never)
    private func flushInParts() {
        var slice = WorkSlice(nanoseconds: limits.fanOutTime)
        while let dirty = turn.value.dirty.popLast() {
            if slice.isLookDue(after: writePart(dirty)), slice.isOver(at: kernel.now()) { break }
        }
        // Those that became dirty first go first.
        for index in 0..<turn.value.dirty.count { turn.value.overdue.append(turn.value.dirty[index]) }
        turn.value.dirty.removeAll(keepingCapacity: true)
        slice = WorkSlice(nanoseconds: limits.fanOutTime)
        while let dirty = nextOverdue() {
            if slice.isLookDue(after: writePart(dirty)), slice.isOver(at: kernel.now()) { break }
        }
        // Writing may queue something, too.
        if !isOverdue { flush() }
    }

    private func writeOverdue() {
        while let dirty = nextOverdue() { _ = writePart(dirty) }
    }

    /// Writes what a connection has queued; how many pieces of work that was.
    private func writePart(_ dirty: UInt32) -> Int {
        let slot = Int(dirty)
        guard links.value.contains(slot) else { return 1 }
        links.value[slot].isDirty = false
        let count = links.value[slot].output.count
        if !links.value[slot].life.wantsWrite { writeAside(slot) } else { noteCrowd(slot) }
        return 1 + count / WorkSlice.octetsOfPiece
    }

    private func nextOverdue() -> UInt32? {
        guard isOverdue else { return nil }
        let dirty = turn.value.overdue[turn.value.overdueIndex]
        turn.value.overdueIndex += 1
        if turn.value.overdueIndex == turn.value.overdue.count {
            turn.value.overdue.removeAll(keepingCapacity: true)
            turn.value.overdueIndex = 0
        }
        return dirty
    }
}
