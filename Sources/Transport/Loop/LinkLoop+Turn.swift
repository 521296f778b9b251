import RennbahnBytes
import RennbahnReactor

extension LinkLoop {
    /// Waits until something is ready, a timer is due or `milliseconds` are over (-1: no bound), and reads the clock.
    package func wait(milliseconds: Int32) {
        poll(milliseconds: milliseconds)
        beginTurn(at: kernel.now())
    }

    /// As ``wait(milliseconds:)``, for an owner who keeps the time itself: `now` is not before that of the last turn.
    package func wait(milliseconds: Int32, now: UInt64) {
        poll(milliseconds: milliseconds)
        beginTurn(at: now)
    }

    @inline(__always)
    private func poll(milliseconds: Int32) {
        var bound = milliseconds
        if !turn.value.scheduled.isEmpty || !turn.value.ended.isEmpty || isOverdue {
            bound = 0
        } else if let deadline = timers.value.nextDeadline {
            let left = deadline > turn.value.now ? (deadline - turn.value.now + 999_999) / 1_000_000 : 0
            let timer = Int32(clamping: left)
            bound = bound < 0 ? timer : min(bound, timer)
        }
        turn.value.eventCount = poller.value.wait(timeoutMilliseconds: bound)
    }

    /// Events are there; the timers that are due by `now` follow them.
    @inline(__always)
    func beginTurn(at now: UInt64) {
        turn.value.eventIndex = 0
        turn.value.securingTime = 0
        turn.value.now = now
        // An empty array would be given a new empty storage for this.
        if !turn.value.expired.isEmpty { turn.value.expired.removeAll(keepingCapacity: true) }
        turn.value.expiredIndex = 0
        timers.value.advance(to: now, into: &turn.value.expired)
    }

    /// The next event of this turn; `nil` when there is nothing left to hand out.
    package func next() -> LinkEvent? {
        while true {
            if turn.value.current >= 0 {
                if let event = advance() { return event }
            } else if turn.value.scheduledIndex < turn.value.scheduled.count {
                takeScheduled()
            } else if turn.value.eventIndex < turn.value.eventCount {
                let (token, readiness) = poller.value.event(at: turn.value.eventIndex)
                turn.value.eventIndex += 1
                prefetchNextLink()
                if let event = handle(token, readiness) { return event }
            } else if turn.value.expiredIndex < turn.value.expired.count {
                let token = turn.value.expired[turn.value.expiredIndex]
                turn.value.expiredIndex += 1
                if let event = expire(token) { return event }
            } else if let slot = turn.value.ended.popLast() {
                return reap(Int(slot))
            } else {
                return nil
            }
        }
    }

    /// The bytes of the message that ``next()`` returned last.
    package var message: Span<UInt8> {
        @_lifetime(borrow self)
        get {
            switch turn.value.message {
            case .none: unsafe _overrideLifetime(Span<UInt8>(), borrowing: self)
            case .input(let range): inputBytes.extracting(range)
            case .assembled: unsafe _overrideLifetime(assembled.unboundSpan, borrowing: self)
            case .inflated: inflatedBytes
            }
        }
    }

    /// What was read, from the start of the receive buffer.
    var inputBytes: Span<UInt8> {
        @_lifetime(borrow self)
        get { unsafe _overrideLifetime(input.unboundSpan, borrowing: self) }
    }

    var inflatedBytes: Span<UInt8> {
        @_lifetime(borrow self)
        get { unsafe _overrideLifetime(inflated.unboundSpan, borrowing: self) }
    }

    private func handle(_ token: UInt64, _ readiness: Readiness) -> LinkEvent? {
        let value = token & Token.valueMask
        switch Token.Descriptors(rawValue: token >> 60) {
        case .link:
            let slot = Token.slot(value)
            guard links.value.contains(slot),
                links.value[slot].generation & 0x0fff_ffff == Token.generation(value)
            else { return nil }
            return ready(slot, readiness)
        case .listener:
            acceptAll(from: Int(value))
            return nil
        case .wakeUp:
            return nil
        case nil:
            preconditionFailure("token of no kind")
        }
    }

    private func prefetchNextLink() {
        guard turn.value.eventIndex < turn.value.eventCount else { return }
        let (token, _) = poller.value.event(at: turn.value.eventIndex)
        links.value.prefetch(Token.slot(token & Token.valueMask))
    }

    private func ready(_ slot: Int, _ readiness: Readiness) -> LinkEvent? {
        if case .connecting = links.value[slot].life.phase {
            finishConnecting(slot)
            return nil
        }
        if readiness.concernsWriting { writeAside(slot) }
        // A paused connection is not read, so that its read would not tell; epoll reports both whatever is asked for.
        if readiness.isBroken, links.value[slot].life.isHeldBack {
            transportEnded(slot, errno: kernel.connectError(links.value[slot].descriptor)?.code)
            return nil
        }
        if readiness.concernsReading { startReading(slot) }
        return nil
    }

    @inline(never)
    private func expire(_ token: UInt64) -> LinkEvent? {
        let value = token & Token.valueMask
        let kind = Token.Timers(rawValue: token >> 60)
        switch kind {
        case .owner: return .timer(value)
        case .accept:
            resumeAccepting()
            return nil
        case .sweep:
            sweepCodecs()
            return nil
        case .securing:
            continueHandshakes()
            return nil
        case .inflation: return continueInflations()
        case .handshake, .stall, .ping, .hold, .part, .ration:
            let slot = Token.slot(value)
            guard links.value.contains(slot),
                links.value[slot].generation & 0x0fff_ffff == Token.generation(value)
            else { return nil }
            switch kind {
            case .handshake: timerFired(slot)
            case .stall: stallCheck(slot)
            case .ping: pingExpired(slot)
            case .hold: holdExpired(slot)
            case .part: partExpired(slot)
            case .ration: rationExpired(slot)
            case .owner, .accept, .sweep, .securing, .inflation, nil: preconditionFailure("not of a connection")
            }
            return nil
        case nil: preconditionFailure("timer of no kind")
        }
    }

    // MARK: Going on without news from the kernel

    /// Puts a connection on the list of those to go on with in the coming turn.
    func scheduleWork(_ slot: Int) {
        guard !links.value[slot].isScheduled else { return }
        links.value[slot].isScheduled = true
        turn.value.scheduled.append(UInt32(truncatingIfNeeded: slot))
    }

    private func takeScheduled() {
        let slot = Int(turn.value.scheduled[turn.value.scheduledIndex])
        turn.value.scheduledIndex += 1
        if turn.value.scheduledIndex == turn.value.scheduled.count {
            turn.value.scheduled.removeAll(keepingCapacity: true)
            turn.value.scheduledIndex = 0
        }
        guard links.value.contains(slot) else { return }
        links.value[slot].isScheduled = false
        switch links.value[slot].life.phase {
        case .answering: continueAnswer(slot)
        case .awaitingRequest, .betweenRequests: workOffKept(slot)
        case .open, .closeSent, .closeExchanged: if links.value[slot].life.pauses == 0 { workOffKept(slot) }
        case .connecting, .securing, .awaitingResponse, .draining, .halfClosed, .ended: break
        }
    }
}
