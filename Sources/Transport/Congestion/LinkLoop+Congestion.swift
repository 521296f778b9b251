import RennbahnBytes
import RennbahnReactor

// Who waits for a connection that is behind what it is sent.

extension LinkLoop {
    /// As the role of its session says, or else its transport. It is asked where a connection is behind or much waits, never for
    /// a message that is taken.
    func slowReceivers(_ slot: Int) -> SlowReceivers {
        if links.value[slot].hasRare, let ofSession = links.value[slot].withRare({ $0.slowReceivers }) {
            return ofSession
        }
        return slowReceiversOfTransport(slot)
    }

    private func slowReceiversOfTransport(_ slot: Int) -> SlowReceivers {
        profiles[Int(links.value[slot].profile)].slowReceivers ?? limits.slowReceivers
    }

    /// Whether those who send to it wait for it as long as it takes: ``SlowReceivers/hold``.
    package func holdsSenders(_ id: LinkID) -> Bool { openSlot(id).map { slowReceivers($0) == .hold } ?? false }

    // MARK: The receiver

    /// What becomes of those who send to a connection from here on, as the role of its session says; `nil`: as its transport
    /// says.
    ///
    /// One that is behind stays so, and who waits for it goes on waiting, by the new rule: with ``SlowReceivers/hold`` as long as
    /// it takes, although it was detached; with ``SlowReceivers/disconnect`` for a moment that begins now, since nothing else
    /// would end the wait.
    package func setSlowReceivers(_ id: LinkID, _ ofSession: SlowReceivers?) {
        guard let slot = openSlot(id) else { return }
        let ofTransport = slowReceiversOfTransport(slot)
        let wanted = ofSession ?? ofTransport
        guard wanted != slowReceivers(slot) else { return }
        links.value[slot].withRare { $0.slowReceivers = wanted == ofTransport ? nil : wanted }
        switch wanted {
        case .hold: holdAsLongAsItTakes(slot)
        case .disconnect: if links.value[slot].isBehind { beginHolding(slot) }
        }
    }

    /// What would end the wait for a connection is forgotten, and what would end it for the age of its output, or for its input.
    private func holdAsLongAsItTakes(_ slot: Int) {
        pausedInput.value.forget(slot)
        guard links.value[slot].isBehind else { return }
        cancelHoldTimer(slot)
        let now = now
        links.value[slot].withRare { rare in
            rare.congestion.suspend(at: now)
            rare.marks.removeAll()
        }
        // One that was detached may be below the low mark, where no write would tell so.
        noteTaken(slot, 0)
    }

    /// A connection is behind: others wait for it for a moment, unless it is detached.
    private func beginHolding(_ slot: Int) {
        let now = now
        links.value[slot].isBehind = true
        let answer = links.value[slot].withRare { $0.congestion.aboveHighMark(at: now) }
        if case .holds(let newUntil?) = answer { armHoldTimer(slot, newUntil) }
    }

    /// A message was queued, and more is queued now than the high mark.
    ///
    /// - Parameter rest: octets that are queued besides that message.
    @inline(never)
    func aboveHighMark(_ slot: Int, _ rest: Int) -> SendOutcome {
        guard rest <= limits.maxQueuedOutput else {
            counters.value.overflowed += 1
            giveUp(slot, .outputOverflow)
            return .gone
        }
        links.value[slot].isBehind = true
        switch slowReceivers(slot) {
        case .hold: return .congested
        case .disconnect: break
        }
        if pool.value.heldBytes > limits.maxQueuedOfAll {
            endFurthestBehind()
            guard links.value[slot].life.isOpen else { return .gone }
        }
        let now = now
        switch links.value[slot].withRare({ $0.congestion.aboveHighMark(at: now) }) {
        case .passes: return .detached
        case .holds(let newUntil):
            if let newUntil { armHoldTimer(slot, newUntil) }
            return .congested
        }
    }

    /// What is queued takes more memory than the shard has for it: of those that nobody waits for any longer the one that is
    /// furthest behind is ended. Who is above the mark for a moment, since much comes at once, is none of them.
    ///
    /// - Returns: whether there was one.
    @inline(never)
    @discardableResult
    private func endFurthestBehind() -> Bool {
        var (furthest, most) = (-1, 0)
        let share = queueShare
        for slot in 0..<links.value.usedSlots where links.value.contains(slot) {
            let count = links.value[slot].output.count
            guard count > max(most, share), links.value[slot].isBehind, links.value[slot].life.isOpen,
                slowReceivers(slot) == .disconnect, links.value[slot].withRare({ $0.congestion.isDetached })
            else { continue }
            (furthest, most) = (slot, count)
        }
        guard furthest >= 0 else { return false }
        counters.value.crowdedOut += 1
        giveUp(furthest, .outputOverflow)
        // What cannot be cut off would stay for as long as a closing takes, and the next ones would be ended for it.
        guard links.value[furthest].output.count > min(share, limits.queuedOutputLowMark) else { return true }
        dropOutput(furthest)
        carryOut(links.value[furthest].life.givenUp(.outputOverflow, byReset: true), furthest)
        return true
    }

    /// What may wait for a connection without harm to the others where much waits for all together.
    private var queueShare: Int {
        min(limits.queuedOutputHighMark, limits.maxQueuedOfAll / 2 / max(1, links.value.count))
    }

    /// More was queued for a connection that waits for room already. Many that are below the high mark can take all of the
    /// memory, too: from a half of it on, who has more than its share is behind. Nobody waits for that, but it is detached if
    /// it does not catch up.
    @inline(never)
    func noteCrowd(_ slot: Int) {
        let held = pool.value.heldBytes
        guard held > limits.maxQueuedOfAll / 2, links.value[slot].life.isOpen, slowReceivers(slot) == .disconnect else {
            return
        }
        let now = now
        if !links.value[slot].isBehind, links.value[slot].output.count > queueShare { beginHolding(slot) }
        guard held > limits.maxQueuedOfAll, crowdSeen != now else { return }
        crowdSeen = now
        for _ in 0..<LinkLoop.mostEndedForCrowd where pool.value.heldBytes > limits.maxQueuedOfAll {
            guard endFurthestBehind() else { return }
        }
    }

    /// In a turn: each is looked for among all connections.
    private static let mostEndedForCrowd = 8

    /// Whether so much waits for a connection that one more message would end it.
    package func isFull(_ id: LinkID) -> Bool {
        guard let slot = openSlot(id), links.value[slot].output.count > limits.maxQueuedOutput else { return false }
        return slowReceivers(slot) == .disconnect
    }

    /// Whether a connection is behind and nobody waits for it, so that what can go elsewhere should.
    @inline(__always)
    package func isDetached(_ id: LinkID) -> Bool {
        guard let slot = openSlot(id), links.value[slot].isBehind else { return false }
        return isDetachedSlot(slot)
    }

    /// Whether a connection was above its high mark and has not been below the low one since: it still has to take most of what
    /// it was sent. One that is detached is so for longer than that.
    package func isFilled(_ id: LinkID) -> Bool {
        guard let slot = openSlot(id), links.value[slot].isBehind else { return false }
        switch slowReceivers(slot) {
        case .hold: return true
        case .disconnect: return links.value[slot].withRare { $0.congestion.isFilled }
        }
    }

    @inline(never)
    private func isDetachedSlot(_ slot: Int) -> Bool {
        guard links.value[slot].output.count > limits.queuedOutputHighMark else { return false }
        return links.value[slot].withRare { $0.congestion.isDetached }
    }

    /// An EVENT is the last that was queued for a connection that is above its high mark.
    ///
    /// - Parameters:
    ///   - kind: what the owner knows it by; ``EndedPeer`` brings it back.
    ///   - size: octets of it.
    package func noteEvent(_ id: LinkID, of kind: UInt64, _ size: Int) {
        // Where everybody waits nothing is left out, and nothing counts what was taken.
        guard let slot = openSlot(id), links.value[slot].isBehind, slowReceivers(slot) == .disconnect else { return }
        let (now, queued) = (now, links.value[slot].output.count)
        links.value[slot].withRare { $0.marks.note(queued: queued, of: kind, at: now) }
        guard queued - size > limits.maxQueuedEvents else { return }
        counters.value.overflowed += 1
        giveUp(slot, .outputOverflow)
    }

    /// The socket took so many octets of a connection that is behind.
    func noteTaken(_ slot: Int, _ count: Int) {
        let (now, left) = (now, links.value[slot].output.count)
        let isDisconnected = slowReceivers(slot) == .disconnect
        if isDisconnected { links.value[slot].withRare { $0.marks.took(count) } }
        guard left < limits.queuedOutputLowMark, !links.value[slot].life.hasEnded else { return }
        if links.value[slot].waitsForItself {
            links.value[slot].waitsForItself = false
            resume(slot)
        }
        releaseWaiters(slot, inVain: false)
        guard isDisconnected else {
            links.value[slot].isBehind = false
            return
        }
        // One of a crowd has not caught up before it is down to its share.
        guard pool.value.heldBytes <= limits.maxQueuedOfAll / 2 || left <= queueShare else { return }
        let isClear = links.value[slot].withRare { rare in
            rare.congestion.belowLowMark(at: now)
            if rare.congestion.isClear { rare.marks.removeAll() }
            return rare.congestion.isClear
        }
        guard isClear else { return }
        links.value[slot].isBehind = false
        cancelHoldTimer(slot)
    }

    /// The time that others wait for a connection is over.
    func holdExpired(_ slot: Int) {
        // The turn may have ended that wait, and begun another.
        let now = now
        guard let timer = links.value[slot].withRare({ $0.holdTimer }), !timers.value.isPending(timer) else { return }
        // It is the shard that is behind, and not the peer.
        if awaitsTurn(slot) { return armHoldTimer(slot, now + Congestion.holdTime) }
        let isInVain = links.value[slot].withRare { rare in
            rare.holdTimer = nil
            return rare.congestion.holdExpired(at: now)
        }
        if isInVain { letGo(slot) }
    }

    /// Nobody waits for a connection any longer although it is behind: somebody who did has waited enough for all of them.
    package func detach(_ id: LinkID) {
        guard let slot = openSlot(id) else { return }
        // What is overdue has its turn first: it may be the shard that is behind, and not the peer.
        if awaitsTurn(slot) { writeAside(slot) }
        guard links.value[slot].life.isOpen, links.value[slot].isBehind else { return }
        let now = now
        guard links.value[slot].withRare({ $0.congestion.detach(at: now) }) else { return }
        cancelHoldTimer(slot)
        letGo(slot)
    }

    private func letGo(_ slot: Int) {
        counters.value.detached += 1
        releaseWaiters(slot, inVain: true)
    }

    private func armHoldTimer(_ slot: Int, _ deadline: UInt64) {
        cancelHoldTimer(slot)
        let value = Token.value(slot: slot, generation: links.value[slot].generation)
        let timer = timers.value.schedule(token: Token.timer(.hold, value), deadline: deadline)
        links.value[slot].withRare { $0.holdTimer = timer }
    }

    func cancelHoldTimer(_ slot: Int) {
        if let timer = links.value[slot].withRare({ $0.holdTimer }) { timers.value.cancel(timer) }
        links.value[slot].withRare { $0.holdTimer = nil }
    }

    func releaseWaiters(_ slot: Int, inVain: Bool) {
        for waiter in waiters.release(slot) { releasedWaiters.append(ReleasedWaiter(waiter, inVain: inVain)) }
    }

    // MARK: The sender

    /// Stops reading from a connection, because of a ring that is full or a receiver of its messages; ``resume(_:)`` ends it.
    package func pause(_ id: LinkID) {
        guard let slot = slot(id) else { return }
        pause(slot)
    }

    private func pause(_ slot: Int) {
        counters.value.pauses += 1
        carryOut(links.value[slot].life.paused(), slot)
    }

    package func resume(_ id: LinkID) {
        guard let slot = slot(id), links.value[slot].life.pauses > 0 else { return }
        resume(slot)
    }

    func resume(_ slot: Int) {
        carryOut(links.value[slot].life.resumed(), slot)
        if links.value[slot].isInflating { return goOnInflating(slot) }
        guard links.value[slot].life.isReading else { return }
        pausedInput.value.forget(slot)
        // While it was not read, nothing could come of its message.
        parts.value.restart(slot, now: now)
        scheduleWork(slot)
    }

    /// As ``pause(_:)``, because a receiver is congested; ``endHold(_:inVain:)`` ends it.
    ///
    /// - Returns: whether it may wait. If not, it has waited for receivers in vain for as long as it has to: the receiver is
    ///   to be detached, which ends this wait as any other.
    package func hold(_ id: LinkID) -> Bool {
        guard let slot = slot(id) else { return true }
        let now = now
        let mayWait = links.value[slot].withRare { rare in
            defer { rare.account.begin(at: now) }
            return rare.account.mayHold(at: now)
        }
        pause(slot)
        return mayWait
    }

    /// Whether a connection waits for receivers at all, from here on: if not, those that are behind are detached where it would.
    package func setMayHold(_ id: LinkID, _ mayHold: Bool) {
        guard let slot = slot(id) else { return }
        // Without rare state it waits.
        if mayHold, !links.value[slot].hasRare { return }
        links.value[slot].withRare { $0.account.isExempt = !mayHold }
    }

    package func endHold(_ id: LinkID, inVain: Bool) {
        guard let slot = slot(id), links.value[slot].life.pauses > 0 else { return }
        let now = now
        links.value[slot].withRare { $0.account.end(at: now, inVain: inVain) }
        resume(slot)
    }

    /// Stops reading from a connection that does not take the answers to what it sends, until it has.
    package func pauseUntilDrained(_ id: LinkID) {
        guard let slot = openSlot(id), links.value[slot].isBehind, !links.value[slot].waitsForItself else { return }
        links.value[slot].waitsForItself = true
        pause(slot)
    }

    /// Notes who shall be resumed when `receiver` has drained; false when it is not congested any more.
    package func await(_ receiver: LinkID, _ waiter: LinkWaiter) -> Bool {
        guard let slot = openSlot(receiver), links.value[slot].isBehind else { return false }
        return waiters.add(waiter, for: slot)
    }
}
