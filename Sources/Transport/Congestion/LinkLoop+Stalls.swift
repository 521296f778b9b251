import RennbahnBytes
import RennbahnCrypto
import RennbahnReactor
import RennbahnWebSocket

// When a connection is ended for what it does not take, and how.

extension LinkLoop {
    func armStallTimer(_ slot: Int) {
        let value = Token.value(slot: slot, generation: links.value[slot].generation)
        links.value[slot].stallTimer = timers.value.schedule(
            token: Token.timer(.stall, value),
            deadline: min(
                links.value[slot].pace.nextLook(after: now, timeout: limits.stallTimeout),
                now + max(1, limits.oldestEvent / Pace.looks)))
    }

    /// Looks what the peer has taken. The timer is not moved with each write; nothing is written for the look.
    func stallCheck(_ slot: Int) {
        links.value[slot].stallTimer = nil
        guard links.value[slot].life.wantsWrite, !links.value[slot].life.hasEnded else { return }
        links.value[slot].pace.look(
            kernel.unsentBytes(links.value[slot].descriptor), at: now, timeout: limits.stallTimeout)
        if links.value[slot].pace.isStuck(at: now, timeout: limits.stallTimeout) {
            // One that is being ended for something else is counted there.
            if !isEnding(slot) { counters.value.stalled += 1 }
            giveUp(slot, .stalled)
        } else if isOutdated(slot) {
            counters.value.outdated += 1
            giveUp(slot, .outputOutdated)
        } else {
            armStallTimer(slot)
        }
    }

    private func isEnding(_ slot: Int) -> Bool {
        if case .draining = links.value[slot].life.phase { return true }
        return false
    }

    private func isOutdated(_ slot: Int) -> Bool {
        guard links.value[slot].isBehind else { return false }
        let now = now
        return links.value[slot].withRare { $0.congestion.isDetached && $0.marks.age(at: now) >= limits.oldestEvent }
    }

    /// Ends a connection that does not take what it is sent. It is told, in case that it still reads: EVENTs that were not
    /// begun are left out for that.
    func giveUp(_ slot: Int, _ reason: LinkEnd) {
        // What it has not taken the kernel would hold for it for minutes.
        guard slowReceivers(slot) == .disconnect, links.value[slot].life.isOpen else {
            return carryOut(links.value[slot].life.givenUp(reason, byReset: true), slot)
        }
        noteEnding(slot)
        if links.value[slot].isBehind {
            noteQueued(links.value[slot].output.count)
            if let cut = links.value[slot].withRare({ $0.marks.cut }) {
                pool.value.truncate(&links.value[slot].output, to: min(cut, links.value[slot].output.count))
            }
            links.value[slot].withRare { $0.marks.removeAll() }
            cancelHoldTimer(slot)
            links.value[slot].isBehind = false
            releaseWaiters(slot, inVain: true)
        }
        queueFarewell(slot)
        var code = ByteBuffer()
        code.append(bigEndian: CloseCode.tryAgainLater.rawValue)
        queueControl(slot, .close, code.span)
        carryOut(links.value[slot].life.lastWordQueued(reason), slot)
    }

    /// Whose a connection is that is about to be ended for the sake of others: once it is over its socket tells no more.
    func noteEnding(_ slot: Int) {
        let address = peerText(slot)
        links.value[slot].withRare { $0.ended = EndedPeer(address: address, oldestEvent: $0.marks.oldestKind) }
    }

    /// Not compressed: what was compressed before it may have been left out.
    private func queueFarewell(_ slot: Int) {
        guard let farewell = profile(slot).farewells[subprotocolName(of: id(slot)) ?? ""] else { return }
        if case .rawSocket = links.value[slot].sendWay {
            queueRawSocket(.message, farewell.bytes.span, slot)
            return
        }
        var frame = ByteBuffer(capacity: OutgoingMessage.headroom + farewell.bytes.count)
        let shape = profiles[Int(links.value[slot].profile)].options.plainShape(links.value[slot].role)
        shape.append(
            opcode: farewell.kind.opcode, payload: farewell.bytes.span, nextKey: { maskKeys.value.next() }, to: &frame)
        traceSentFrames(slot, frame.span)
        pool.value.append(frame.span, to: &links.value[slot].output)
    }
}
