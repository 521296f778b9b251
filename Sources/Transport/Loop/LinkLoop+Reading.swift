import RennbahnBytes
import RennbahnReactor
import RennbahnWebSocket

extension LinkLoop {
    func startReading(_ slot: Int) {
        switch links.value[slot].life.phase {
        case .open, .closeSent, .closeExchanged: guard links.value[slot].life.pauses == 0 else { return }
        case .securing, .awaitingRequest, .awaitingResponse, .betweenRequests: break
        case .draining, .halfClosed:
            discardInput(slot)
            return
        case .connecting, .answering, .ended: return
        }
        if links.value[slot].isSecure {
            readSecure(slot)
            return
        }
        takeKept(slot)
        switch kernel.receive(links.value[slot].descriptor, into: &input.value, minimumFree: limits.receiveBufferSize)
        {
        case .bytes(let count):
            counters.value.bytesIn += UInt64(count)
            counters.value.receives += 1
            turn.value.window = 0..<input.value.count
            turn.value.current = slot
        case .wouldBlock:
            keepRest(slot, 0..<input.value.count)
        case .closed: transportEnded(slot)
        case .failed(let errno): transportEnded(slot, errno: errno)
        }
    }

    /// Goes on with what a paused connection had received already.
    func workOffKept(_ slot: Int) {
        guard !links.value[slot].kept.isEmpty else { return }
        takeKept(slot)
        turn.value.window = 0..<input.value.count
        turn.value.current = slot
    }

    /// One step with the connection in hand; `nil` when there is no event in it.
    func advance() -> LinkEvent? {
        let slot = turn.value.current
        releaseMessage()
        switch links.value[slot].life.phase {
        case .open, .closeSent, .closeExchanged:
            guard links.value[slot].life.pauses == 0 else {
                finishReading(slot)
                notePausedInput(slot)
                return nil
            }
            return readFrames(slot)
        case .awaitingRequest, .betweenRequests: return readRequest(slot)
        case .awaitingResponse: return readResponse(slot)
        case .connecting, .securing, .answering, .draining, .halfClosed, .ended:
            turn.value.current = -1
            return nil
        }
    }

    private func readFrames(_ slot: Int) -> LinkEvent? {
        do {
            guard let inbound = try links.value[slot].reader.next(in: &input.value, window: &turn.value.window) else {
                let isPart = links.value[slot].reader.isInsideMessage || !turn.value.window.isEmpty
                if isPart { notePart(slot) }
                finishReading(slot)
                if isPart { boundParts() }
                return nil
            }
            switch inbound {
            case .message(let kind, let compressed, let place):
                return receive(slot, kind, compressed: compressed, place)
            case .traced(let kind, let compressed, let place):
                let event = receive(slot, kind, compressed: compressed, place)
                if event != nil { traceReceivedMessage(slot, kind) }
                return event
            case .frame: frameBegins(slot)
            case .ping(let range):
                queueControl(slot, .pong, inputBytes.extracting(range))
            case .pong(let range):
                pongArrived(slot, inputBytes.extracting(range))
            case .close(let code, let reason):
                remoteClosed(slot, code, reason: reason)
            }
        } catch {
            fail(slot, error.closeCode, error.reason)
        }
        return nil
    }

    private func receive(
        _ slot: Int, _ kind: MessageKind, compressed: Bool, _ place: MessagePlace
    ) -> LinkEvent? {
        counters.value.messagesIn += 1
        switch place {
        case .buffer(let range): turn.value.message = .input(range)
        case .assembly:
            links.value[slot].reader.exchangeAssembly(with: &assembled.value)
            parts.value.ended(slot)
            turn.value.message = .assembled
        }
        if compressed {
            guard inflate(slot, kind), isSound(slot, kind) else { return nil }
        }
        // After our own close frame the rest of the peer's messages are of no use to the owner.
        guard links.value[slot].life.isOpen else { return nil }
        return .message(id(slot), kind)
    }

    func releaseMessage() {
        if case .assembled = turn.value.message { assembled.value.removeAll(keepingCapacity: false) }
        turn.value.message = .none
    }

    /// Sets the unread bytes of the connection in hand aside and lets go of it.
    func finishReading(_ slot: Int) {
        keepRest(slot, turn.value.window)
        turn.value.current = -1
    }

    func takeKept(_ slot: Int) {
        input.value.removeAll(keepingCapacity: true)
        links.value[slot].moveKept(to: &input.value)
        turn.value.beginsWithKept = !input.value.isEmpty
    }

    func keepRest(_ slot: Int, _ range: Range<Int>) {
        guard !range.isEmpty else { return }
        links.value[slot].kept.append(inputBytes.extracting(range))
    }

    /// Reads and drops what a peer still sends after the connection's last word.
    private func discardInput(_ slot: Int) {
        input.value.removeAll(keepingCapacity: true)
        switch kernel.receive(links.value[slot].descriptor, into: &input.value, minimumFree: limits.receiveBufferSize)
        {
        case .bytes, .wouldBlock: break
        case .closed: transportEnded(slot)
        case .failed(let errno): transportEnded(slot, errno: errno)
        }
    }
}
