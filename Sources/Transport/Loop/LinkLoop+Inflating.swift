import RennbahnBytes
import RennbahnReactor
import RennbahnWebSocket
import RennbahnWebSocketDeflate

// Messages are inflated where they are read, up to ``Limits/inflatedAtOnce``. One that becomes larger is set aside with what
// there is of it, and its connection goes behind the others: it is not read until the message is whole, of which it gets a piece
// a turn. So a few octets that become megabytes hold nobody up.

extension LinkLoop {
    /// Connections that get a piece in one turn, the first of the list: what is inflated of the messages of those behind them is
    /// no more than their first piece.
    static let inflationsAtOnce = 4

    /// Inflates the message in hand; false where it is not whole yet, or the connection failed over it.
    func inflate(_ slot: Int, _ kind: MessageKind) -> Bool {
        inflated.value.removeAll(keepingCapacity: true)
        return inflatePiece(slot, kind, Inflater.Progress())
    }

    /// Inflates the next piece of the message in hand.
    private func inflatePiece(_ slot: Int, _ kind: MessageKind, _ before: Inflater.Progress) -> Bool {
        var progress = before
        let isWhole: Bool
        do throws(InflateFailure) {
            isWhole = try links.value[slot].inflater!.inflate(
                message, &progress, into: &inflated.value, limit: links.value[slot].reader.maxMessageSize,
                atMost: limits.inflatedAtOnce, pool: &codecs.value)
        } catch {
            inflated.value.removeAll(keepingCapacity: inflated.value.capacity <= limits.keptInflated)
            fail(slot, error.closeCode, error.reason)
            return false
        }
        noteCodecUse(slot)
        guard isWhole else {
            setAside(slot, kind, progress)
            return false
        }
        releaseMessage()
        if inflated.value.capacity <= limits.keptInflated {
            turn.value.message = .inflated
        } else {
            // Goes with the message, as an assembled one does.
            swap(&assembled.value, &inflated.value)
            turn.value.message = .assembled
        }
        return true
    }

    /// Whether the message that was inflated is the text that it says it is; the connection fails where it is not.
    func isSound(_ slot: Int, _ kind: MessageKind) -> Bool {
        guard kind == .text, links.value[slot].reader.validatesText, !UTF8Validator.isValid(message) else {
            return true
        }
        fail(slot, .invalidPayload, "text is not UTF-8")
        return false
    }

    /// The message in hand waits for its next turn, and what came behind it for its end.
    @inline(never)
    private func setAside(_ slot: Int, _ kind: MessageKind, _ progress: Inflater.Progress) {
        var payload = ByteBuffer()
        switch turn.value.message {
        case .assembled: swap(&assembled.value, &payload)
        case .input(let range): payload.append(inputBytes.extracting(range))
        case .none, .inflated: preconditionFailure("what is inflated is in the buffer, or is assembled")
        }
        turn.value.message = .none
        var octets = ByteBuffer()
        swap(&inflated.value, &octets)
        let memory = payload.count + octets.capacity
        var partly: PartlyInflated? = PartlyInflated(kind, progress, payload: payload, octets: octets)
        links.value[slot].withRare { swap(&$0.partlyInflated, &partly) }
        if !links.value[slot].isInflating {
            links.value[slot].isInflating = true
            carryOut(links.value[slot].life.paused(), slot)
            finishReading(slot)
        }
        inflations.add(slot)
        wakeForInflations()
        noteInflating(slot, memory)
        notePausedInput(slot)
    }

    private func wakeForInflations() {
        guard inflations.timer == nil else { return }
        // Overdue, and so in the coming turn.
        inflations.timer = timers.value.schedule(token: Token.timer(.inflation, 0), deadline: 0)
    }

    /// The next pieces; the message that is whole with one of them.
    func continueInflations() -> LinkEvent? {
        inflations.timer = nil
        var event: LinkEvent?
        for slot in inflations.slots.prefix(LinkLoop.inflationsAtOnce) {
            event = continueInflation(slot)
            // One whose message is whole is in hand now.
            if turn.value.current >= 0 { break }
        }
        if !inflations.slots.isEmpty { wakeForInflations() }
        return event
    }

    private func continueInflation(_ slot: Int) -> LinkEvent? {
        // One of those before it may have ended it, for their memory.
        guard links.value[slot].isInflating else { return nil }
        guard links.value[slot].life.readsFrames, links.value[slot].life.pauses == 1 else {
            // It waits for somebody else, too: ``goOnInflating(_:)``.
            inflations.remove(slot)
            return nil
        }
        var taken: PartlyInflated?
        links.value[slot].withRare { swap(&$0.partlyInflated, &taken) }
        guard var partly = taken.take() else { preconditionFailure("a message is being inflated") }
        releaseMessage()
        swap(&assembled.value, &partly.payload)
        swap(&inflated.value, &partly.octets)
        turn.value.message = .assembled
        let kind = partly.kind
        guard inflatePiece(slot, kind, partly.progress) else {
            releaseMessage()
            return nil
        }
        links.value[slot].isInflating = false
        inflations.remove(slot)
        parts.value.ended(slot)
        resume(slot)
        // It goes on with what came behind the message, and gives the message back for that.
        takeKept(slot)
        turn.value.window = 0..<input.value.count
        turn.value.current = slot
        guard isSound(slot, kind), links.value[slot].life.isOpen else { return nil }
        traceReceivedMessage(slot, kind)
        return .message(id(slot), kind)
    }

    /// Nobody else is waited for any longer.
    func goOnInflating(_ slot: Int) {
        inflations.add(slot)
        wakeForInflations()
    }

    /// What there is of the message is of no use any more.
    func forgetInflation(_ slot: Int) {
        guard links.value[slot].isInflating else { return }
        links.value[slot].isInflating = false
        inflations.remove(slot)
        parts.value.ended(slot)
        links.value[slot].withRare { $0.partlyInflated = nil }
        // It is in the middle of a message that nobody wants.
        links.value[slot].inflater?.finish(in: &codecs.value)
    }
}
