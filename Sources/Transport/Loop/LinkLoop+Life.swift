import RennbahnBytes
import RennbahnReactor
import RennbahnTLS
import RennbahnWeb
package import RennbahnWebSocket

// The life of a connection is decided by its ``ConnectionLife``; here it is carried out, in one place, and its owner has a say.

extension LinkLoop {
    /// Does what a connection's life asks for.
    ///
    /// - Parameter reason: where the text of a Close frame is in what was read.
    func carryOut(_ step: ConnectionLife.Step, _ slot: Int, reason: Range<Int> = 0..<0) {
        if step.dropsInput {
            links.value[slot].kept.removeAll(keepingCapacity: false)
            forgetInflation(slot)
            pausedInput.value.forget(slot)
            if turn.value.current == slot { turn.value.current = -1 }
        }
        if step.dropsOutput { dropOutput(slot) }
        switch step.word {
        case .nothing: break
        case .close(let code): queueClose(slot, code, reason: reason)
        }
        switch step.timer {
        case .keep: break
        case .cancel: cancelTimer(slot)
        case .arm(let wait): armTimer(slot, timeout(of: wait, slot))
        }
        if step.resets { kernel.resetOnClose(links.value[slot].descriptor) }
        if step.sends { markDirty(slot) }
        if step.shutsDown { shutDown(slot) }
        if step.ends { noteEnd(slot) } else { updateInterest(slot) }
    }

    /// The connection lives until all that the peer has sent is read.
    func dropOutput(_ slot: Int) {
        noteQueued(links.value[slot].output.count)
        pool.value.clear(&links.value[slot].output)
        if links.value[slot].isSecure { links.value[slot].withTLS { $0.dropUnsent() } }
        if links.value[slot].isBehind { releaseWaiters(slot, inVain: true) }
    }

    private func queueClose(_ slot: Int, _ code: CloseCode?, reason: Range<Int>) {
        var payload = ByteBuffer()
        if let code { payload.append(bigEndian: code.rawValue) }
        payload.append(inputBytes.extracting(reason))
        queueControl(slot, .close, payload.span)
    }

    private func shutDown(_ slot: Int) {
        if links.value[slot].isSecure, !closeSecure(slot) { return }
        kernel.shutdownWrite(links.value[slot].descriptor)
    }

    /// ``reap(_:)`` removes the connection at the end of the turn, so that whoever stands above on the stack may still look at
    /// it.
    private func noteEnd(_ slot: Int) {
        turn.value.ended.append(UInt32(truncatingIfNeeded: slot))
        if links.value[slot].isBehind { releaseWaiters(slot, inVain: true) }
    }

    /// Tells the poller what the connection is watched for, where that has changed.
    func updateInterest(_ slot: Int) {
        let wanted = links.value[slot].life.interest
        guard wanted.rawValue != links.value[slot].interest.rawValue, !links.value[slot].life.hasEnded else { return }
        links.value[slot].interest = wanted
        let value = Token.value(slot: slot, generation: links.value[slot].generation)
        do {
            try poller.value.modify(
                links.value[slot].descriptor, token: Token.descriptor(.link, value), interest: wanted)
        } catch {
            end(slot, .failed(errno: error.code))
        }
    }

    /// Gives a connection up at once, without a word.
    func end(_ slot: Int, _ reason: LinkEnd) {
        carryOut(links.value[slot].life.givenUp(reason), slot)
    }

    // MARK: Time-outs

    /// Nanoseconds; 0: there is none.
    private func timeout(of wait: ConnectionLife.Wait, _ slot: Int) -> UInt64 {
        let index = Int(links.value[slot].profile)
        let closing = profiles[index].closeHandshakeTimeout ?? limits.closeHandshakeTimeout
        switch wait {
        case .connecting: return connectProfile?.connectTimeout ?? 0
        case .opening: return profiles[index].openHandshakeTimeout ?? limits.openHandshakeTimeout
        case .nextRequest: return accepts[index].web?.idleTimeout ?? 0
        case .closing: return closing
        // What is left is to send, which has an end even where the peer's close frame is waited for without one.
        case .draining: return closing > 0 ? closing : limits.closeHandshakeTimeout
        }
    }

    private func armTimer(_ slot: Int, _ delay: UInt64) {
        cancelTimer(slot)
        guard delay > 0 else { return }
        let value = Token.value(slot: slot, generation: links.value[slot].generation)
        links.value[slot].timer = timers.value.schedule(
            token: Token.timer(.handshake, value), deadline: now + delay)
    }

    private func cancelTimer(_ slot: Int) {
        if let timer = links.value[slot].timer { timers.value.cancel(timer) }
        links.value[slot].timer = nil
    }

    /// The timers of a turn are taken from the wheel before its news are worked off: what came in the turn may have ended the
    /// wait, or begun another, and this is not the time-out of that.
    func timerFired(_ slot: Int) {
        guard let timer = links.value[slot].timer, !timers.value.isPending(timer) else { return }
        links.value[slot].timer = nil
        var step = links.value[slot].life.timedOut()
        // A peer that has taken all of it may not have read it yet, and a reset could take that away. The kernel holds nothing
        // for such a one.
        if step.resets, kernel.unsentBytes(links.value[slot].descriptor) == 0 { step.resets = false }
        carryOut(step, slot)
    }

    // MARK: What the owner wants

    /// Begins the close handshake (RFC 6455, section 7) behind what is queued already.
    package func close(_ id: LinkID, code: CloseCode) {
        guard let slot = slot(id) else { return }
        let hasCloseFrames =
            switch links.value[slot].sendWay {
            case .plain, .compressed, .masked, .shaped: true
            case .rawSocket: false
            }
        carryOut(links.value[slot].life.closeAsked(code, hasCloseFrames: hasCloseFrames), slot)
    }

    /// Ends a connection at once, without a word to the peer; what is queued is lost.
    package func drop(_ id: LinkID) {
        guard let slot = slot(id) else { return }
        end(slot, .dropped)
    }

    /// The owner refuses what the peer sent.
    package func fail(_ id: LinkID, code: CloseCode, reason: StaticString) {
        guard let slot = slot(id), links.value[slot].life.isOpen else { return }
        fail(slot, code, reason)
    }

    /// Calls `body` for every open connection.
    package func forEachOpen(_ body: (LinkID) -> Void) {
        for slot in 0..<links.value.usedSlots where links.value.contains(slot) {
            if links.value[slot].life.isOpen { body(id(slot)) }
        }
    }

    /// Drops the connections whose opening handshake is not done; an answer of a web service may be finished.
    package func closeUnopened() {
        for slot in 0..<links.value.usedSlots where links.value.contains(slot) {
            switch links.value[slot].life.phase {
            case .connecting, .securing, .awaitingRequest, .awaitingResponse, .betweenRequests: end(slot, .dropped)
            case .answering: exchanges.endAfterAnswer(slot)
            case .open, .closeSent, .closeExchanged, .draining, .halfClosed, .ended: break
            }
        }
    }

    /// Ends every connection that is left; for the end of the loop.
    package func dropAll() {
        for slot in 0..<links.value.usedSlots where links.value.contains(slot) { end(slot, .dropped) }
    }

    // MARK: What the peer did

    /// - Parameter reason: where the peer's reason is in what was read.
    func remoteClosed(_ slot: Int, _ code: CloseCode?, reason: Range<Int>) {
        let answer = profile(slot).options.closeAnswer
        let text = inputBytes.extracting(reason).text()
        carryOut(
            links.value[slot].life.peerClosed(code, reason: text, echoesCode: answer != .normalClosure), slot,
            reason: answer == .codeAndReason ? reason : 0..<0)
    }

    /// The peer broke the protocol.
    func fail(_ slot: Int, _ code: CloseCode, _ text: StaticString) {
        carryOut(links.value[slot].life.peerFailed(code, text, byDrop: profile(slot).options.failsByDrop), slot)
    }

    /// A read or a write has told that the connection is no more; `errno` where it failed.
    func transportEnded(_ slot: Int, errno: Int32? = nil, writing: Bool = false) {
        if let errno {
            carryOut(links.value[slot].life.broke(errno: errno, writing: writing), slot)
        } else {
            carryOut(links.value[slot].life.peerEnded(), slot)
        }
    }

    // MARK: Removing

    func peerText(_ slot: Int) -> String {
        (try? kernel.peerAddress(of: links.value[slot].descriptor))?.description ?? "a peer that is gone"
    }

    func reap(_ slot: Int) -> LinkEvent {
        precondition(links.value[slot].life.hasEnded, "only ended links are reaped")
        // The last message of a connection that failed by it; no other connection is in hand now.
        releaseMessage()
        let id = id(slot)
        let ending = links.value[slot].life.ending
        if links.value[slot].isSecure, ending.isByUs { _ = closeSecure(slot) }
        forgetInflation(slot)
        forgetCodecs(slot)
        tracer(slot)?.ended(id, ending)
        if links.value[slot].isServer {
            accepts[Int(links.value[slot].profile)].quota?.giveBack()
            forgetAddress(slot)
            handshakes.end(slot)
        } else if !openings.isEmpty {
            openings.removeValue(forKey: slot)
        }
        cookies.forget(slot)
        exchanges.forget(slot)
        if let timer = pings.forget(slot) { timers.value.cancel(timer) }
        if let timer = parts.value.forget(slot) { timers.value.cancel(timer) }
        pausedInput.value.forget(slot)
        if links.value[slot].isBehind { cancelHoldTimer(slot) }
        if links.value[slot].isRationed { cancelRationTimer(slot) }
        if ending.isForOthers {
            endedPeer = links.value[slot].withRare { $0.ended } ?? EndedPeer(address: peerText(slot))
        }
        var link = links.value.remove(slot)
        if let timer = link.timer { timers.value.cancel(timer) }
        if let timer = link.stallTimer { timers.value.cancel(timer) }
        noteQueued(link.output.count)
        let wasSlow = ending.isForOthers || link.output.count > limits.queuedOutputLowMark
        pool.value.clear(&link.output)
        if wasSlow { pool.value.trim() }
        // Closing the descriptor takes it out of the poller, too.
        kernel.close(link.descriptor)
        return .closed(id, ending)
    }
}

extension LinkEnd {
    /// Whether the peer may still be there to be told of the end.
    fileprivate var isByUs: Bool {
        switch self {
        case .closed, .answered, .violation, .handshake, .dropped, .openHandshakeTimeout, .closeHandshakeTimeout: true
        case .lost, .failed, .refused, .stalled, .outputOverflow, .outputOutdated, .pingTimeout, .tls: false
        }
    }
}
