import RennbahnBytes
import RennbahnReactor
package import RennbahnWebSocket

extension LinkLoop {
    /// Begins the close handshake (RFC 6455, section 7) behind what is queued already.
    package func close(_ id: LinkID, code: CloseCode) {
        guard let slot = slot(id) else { return }
        switch links.value[slot].phase {
        case .open:
            if case .rawSocket = links.value[slot].sendWay {
                beginDraining(slot, .closed(code: code.rawValue))
            } else {
                perform(links.value[slot].close.localClose(code), slot)
            }
        case .connecting, .securing, .awaitingRequest, .answering, .awaitingResponse:
            end(slot, .dropped)
        case .closing, .draining, .ended: break
        }
    }

    /// Ends a connection at once, without a word to the peer; what is queued is lost.
    package func drop(_ id: LinkID) {
        guard let slot = slot(id) else { return }
        end(slot, .dropped)
    }

    /// Calls `body` for every open connection.
    package func forEachOpen(_ body: (LinkID) -> Void) {
        for slot in 0..<links.value.usedSlots where links.value.contains(slot) {
            if links.value[slot].phase == .open { body(id(slot)) }
        }
    }

    /// Ends every connection that is left; for the end of the loop.
    package func dropAll() {
        for slot in 0..<links.value.usedSlots where links.value.contains(slot) { end(slot, .dropped) }
    }

    /// - Parameter reason: where the peer's reason is in what was read.
    func remoteClosed(_ slot: Int, _ code: CloseCode?, reason: Range<Int>) {
        let echoesReason = profiles[Int(links.value[slot].profile)].options.closeAnswer == .codeAndReason
        perform(links.value[slot].close.remoteClose(code), slot, reason: echoesReason ? reason : 0..<0)
    }

    private func perform(_ action: CloseHandshake.Action, _ slot: Int, reason: Range<Int> = 0..<0) {
        switch action {
        case .nothing: break
        case .sendClose(let code):
            queueClose(slot, code, reason: reason)
            beginClosing(slot)
        case .sendCloseAndEnd(let code):
            queueClose(slot, code, reason: reason)
            beginDraining(slot, links.value[slot].close.linkEnd)
        case .dropTransport: end(slot, links.value[slot].close.linkEnd)
        case .wait: beginClosing(slot)
        }
    }

    /// The peer broke the protocol: tells it with a close frame, unless one was sent already, and ends the connection.
    func fail(_ slot: Int, _ code: CloseCode, _ text: StaticString) {
        let reason = LinkEnd.violation(code: code.rawValue, reason: text)
        if turn.value.current == slot { turn.value.current = -1 }
        guard links.value[slot].phase == .open else {
            end(slot, reason)
            return
        }
        if profiles[Int(links.value[slot].profile)].options.failsByDrop {
            kernel.resetOnClose(links.value[slot].descriptor)
            end(slot, reason)
            return
        }
        queueClose(slot, code)
        beginDraining(slot, reason)
    }

    /// The owner refuses what the peer sent.
    package func fail(_ id: LinkID, code: CloseCode, reason: StaticString) {
        guard let slot = slot(id), links.value[slot].phase == .open else { return }
        fail(slot, code, reason)
    }

    func queueClose(_ slot: Int, _ code: CloseCode?, reason: Range<Int> = 0..<0) {
        var payload = ByteBuffer()
        if let code { payload.append(bigEndian: code.rawValue) }
        payload.append(inputBytes.extracting(reason))
        queueControl(slot, .close, payload.span)
    }

    /// Sends what is queued, then drops the connection; the time for it is bounded.
    func beginDraining(_ slot: Int, _ end: LinkEnd) {
        settleDraining(slot, end)
        markDirty(slot)
    }

    /// As ``beginDraining(_:_:)``, for whom writing comes next.
    func settleDraining(_ slot: Int, _ end: LinkEnd) {
        links.value[slot].phase = .draining
        links.value[slot].ending = end
        links.value[slot].kept.removeAll(keepingCapacity: false)
        // What is left is to send, which has an end even where the peer's close frame is waited for without one.
        let timeout = closeHandshakeTimeout(slot)
        armHandshakeTimer(slot, timeout > 0 ? timeout : limits.closeHandshakeTimeout)
        updateInterest(slot)
    }

    private func closeHandshakeTimeout(_ slot: Int) -> UInt64 {
        profiles[Int(links.value[slot].profile)].closeHandshakeTimeout ?? limits.closeHandshakeTimeout
    }

    func beginClosing(_ slot: Int) {
        links.value[slot].phase = .closing
        armHandshakeTimer(slot, closeHandshakeTimeout(slot))
        updateInterest(slot)
    }

    /// - Parameter delay: 0 for no timer.
    func armHandshakeTimer(_ slot: Int, _ delay: UInt64) {
        if let timer = links.value[slot].timer { timers.value.cancel(timer) }
        links.value[slot].timer = nil
        guard delay > 0 else { return }
        let value = Token.value(slot: slot, generation: links.value[slot].generation)
        links.value[slot].timer = timers.value.schedule(
            token: Token.timer(.handshake, value), deadline: now + delay)
    }

    /// Marks the connection as ended; ``reap(_:)`` removes it at the end of the turn, so that whoever stands above on
    /// the stack may still look at it.
    func end(_ slot: Int, _ reason: LinkEnd) {
        guard links.value[slot].phase != .ended else { return }
        links.value[slot].phase = .ended
        links.value[slot].ending = reason
        turn.value.ended.append(UInt32(truncatingIfNeeded: slot))
        if links.value[slot].hasWaiters { releaseWaiters(slot) }
    }

    func reap(_ slot: Int) -> LinkEvent {
        // The last message of a connection that failed by it; no other connection is in hand now.
        releaseMessage()
        let id = id(slot)
        if links.value[slot].isSecure, links.value[slot].ending.isByUs { _ = closeSecure(slot) }
        forgetCodecs(slot)
        tracer(slot)?.ended(id, links.value[slot].ending)
        profiles[Int(links.value[slot].profile)].quota?.giveBack()
        if !cookies.isEmpty { cookies[slot] = nil }
        if !exchanges.isEmpty { exchanges[slot] = nil }
        var link = links.value.remove(slot)
        if let timer = link.timer { timers.value.cancel(timer) }
        if let timer = link.stallTimer { timers.value.cancel(timer) }
        if let timer = link.pingTimer { timers.value.cancel(timer) }
        noteQueued(link.output.count)
        pool.value.clear(&link.output)
        // Closing the descriptor takes it out of the poller, too.
        kernel.close(link.descriptor)
        precondition(link.phase == .ended, "only ended links are reaped")
        return .closed(id, link.ending)
    }
}

extension LinkEnd {
    /// Whether the peer may still be there to be told of the end.
    fileprivate var isByUs: Bool {
        switch self {
        case .closed, .answered, .violation, .handshake, .dropped, .openHandshakeTimeout, .closeHandshakeTimeout: true
        case .lost, .failed, .refused, .stalled, .outputOverflow, .pingTimeout, .tls: false
        }
    }
}

extension CloseHandshake {
    /// What the end of the transport means in this state.
    var linkEnd: LinkEnd {
        isClean ? .closed(code: receivedCode.rawValue) : .lost
    }

    /// What a failed read or write means in this state: a peer that resets once both close frames are exchanged has said
    /// all it had to say.
    func linkEnd(errno: Int32) -> LinkEnd {
        isClean ? linkEnd : LinkEnd(errno: errno)
    }
}
