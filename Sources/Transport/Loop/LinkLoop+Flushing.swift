import RennbahnBytes
import RennbahnReactor

extension LinkLoop {
    /// Sends what the turn has queued, all of it.
    package func flush() {
        if isOverdue { writeOverdue() }
        while let dirty = turn.value.dirty.popLast() { writeDirty(dirty) }
        pool.value.endTurn()
    }

    /// As ``flush()``, for as long as ``Limits/fanOutTime`` allows. What is left then is sent in the coming turns, beside what
    /// those queue; the shared frames of the turn stay for as long.
    package func flushForAWhile() {
        guard !isOverdue else { return flushBeside() }
        var slice = WorkSlice(nanoseconds: limits.fanOutTime)
        while let dirty = turn.value.dirty.popLast() {
            if slice.isLookDue(after: writeDirty(dirty)), slice.isOver(at: kernel.now()), !turn.value.dirty.isEmpty {
                return putOff()
            }
        }
        pool.value.endTurn()
    }

    /// Whether something that a turn has queued waits for one that has time for it.
    @inline(__always)
    package var isOverdue: Bool { !turn.value.overdue.isEmpty }

    /// The clock as it is; ``now`` stands still for a turn.
    package func lookAtClock() -> UInt64 { kernel.now() }

    /// Writes what a connection has queued; how many pieces of work that was.
    @inline(__always)
    @discardableResult
    private func writeDirty(_ dirty: UInt32) -> Int {
        let slot = Int(dirty)
        if !turn.value.dirty.isEmpty { links.value.prefetch(Int(turn.value.dirty[turn.value.dirty.count - 1])) }
        guard links.value.contains(slot) else { return 1 }
        links.value[slot].isDirty = false
        let count = links.value[slot].output.count
        if !links.value[slot].life.wantsWrite { write(slot) } else { noteCrowd(slot) }
        return 1 &+ count / WorkSlice.octetsOfPiece
    }

    /// There is more than a turn has time for. Those that became dirty first go first.
    @inline(never)
    private func putOff() {
        for index in 0..<turn.value.dirty.count { turn.value.overdue.append(turn.value.dirty[index]) }
        turn.value.dirty.removeAll(keepingCapacity: true)
    }

    /// What this turn has queued, which is for few as a rule, and as much time again for what is overdue.
    @inline(never)
    private func flushBeside() {
        var slice = WorkSlice(nanoseconds: limits.fanOutTime)
        while let dirty = turn.value.dirty.popLast() {
            if slice.isLookDue(after: writeDirty(dirty)), slice.isOver(at: kernel.now()) { break }
        }
        putOff()
        slice = WorkSlice(nanoseconds: limits.fanOutTime)
        while let dirty = nextOverdue() {
            if slice.isLookDue(after: writeDirty(dirty)), slice.isOver(at: kernel.now()) { break }
        }
        guard !isOverdue else { return }
        // Writing may queue something, too.
        while let dirty = turn.value.dirty.popLast() { writeDirty(dirty) }
        pool.value.endTurn()
    }

    @inline(never)
    private func writeOverdue() {
        while let dirty = nextOverdue() { writeDirty(dirty) }
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
