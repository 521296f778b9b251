import RennbahnBytes
import RennbahnReactor

extension LinkLoop {
    /// Sends what the turn has queued, all of it.
    package func flush() {
        if isOverdue { writeOverdue() }
        // Written out, and not by `writePart(_:)`: it is what every turn does.
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
    package var isOverdue: Bool { !turn.value.overdue.output.isEmpty }

    package var overdue: OverdueOutput { turn.value.overdue.output }

    /// Whether what is queued for a connection may be overdue, and waits for nothing else.
    func awaitsTurn(_ slot: Int) -> Bool {
        isOverdue && links.value[slot].isDirty && !links.value[slot].life.wantsWrite
    }

    /// The clock as it is; ``now`` stands still for a turn.
    package func lookAtClock() -> UInt64 { kernel.now() }

    /// What this turn has queued, which is for few as a rule, and as much time again for what is overdue.
    @inline(never)
    private func flushInParts() {
        var slice = WorkSlice(nanoseconds: limits.fanOutTime)
        var dirty = FlatList<UInt32>()
        swap(&dirty, &turn.value.dirty)
        // From both ends: what goes to many stands together, and what is for one before or behind it is not to wait for that.
        var (first, last) = (0, dirty.count - 1)
        var takesFirst = true
        while first <= last {
            let slot = dirty[takesFirst ? first : last]
            if takesFirst { first += 1 } else { last -= 1 }
            takesFirst.toggle()
            if slice.isLookDue(after: writePart(slot)), slice.isOver(at: kernel.now()) { break }
        }
        if first <= last { for index in first...last { turn.value.overdue.putOff(dirty[index]) } }
        slice = WorkSlice(nanoseconds: limits.fanOutTime)
        while let slot = turn.value.overdue.next() {
            if slice.isLookDue(after: writePart(slot)), slice.isOver(at: kernel.now()) { break }
        }
        // Writing may queue something, too.
        if !isOverdue { flush() }
    }

    private func writeOverdue() {
        while let slot = turn.value.overdue.next() { _ = writePart(slot) }
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
}
