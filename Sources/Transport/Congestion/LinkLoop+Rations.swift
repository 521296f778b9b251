import RennbahnBytes
import RennbahnReactor
import RennbahnWebSocket

// Of a connection that may send so much in a second each frame is told before it is read (``Inbound/frame``), as of a traced
// one; one without such bounds is read as ever. A frame that is more than it may send waits where it is, with what came behind
// it: the connection is not read until then, which is all that its peer notices as long as all input of such connections has
// room (``Limits/maxPausedInput``). Nobody else waits.

extension LinkLoop {
    /// What a connection that opens may send; whether it is bounded.
    func beginRation(_ slot: Int) -> Bool {
        let index = Int(links.value[slot].profile)
        let ration = Ration(
            messageRate: profiles[index].messageRate ?? limits.messageRate,
            octetRate: profiles[index].octetRate ?? limits.octetRate, at: now)
        guard links.value[slot].isServer, let ration else { return false }
        links.value[slot].withRare { $0.ration = ration }
        links.value[slot].isRationed = true
        return true
    }

    /// A frame begins the unread bytes, and its head is complete.
    @inline(never)
    func frameBegins(_ slot: Int) {
        if !isRawSocket(slot) { traceReceivedFrame(slot) }
        // What comes behind our last word is only read to find the peer's.
        guard links.value[slot].isRationed, links.value[slot].life.isOpen else { return }
        let (count, now) = (countOfFrame(slot), now)
        guard let end = links.value[slot].withRare({ $0.ration?.take(octets: count, at: now) }) else { return }
        counters.value.rationed += 1
        let value = Token.value(slot: slot, generation: links.value[slot].generation)
        let timer = timers.value.schedule(token: Token.timer(.ration, value), deadline: end)
        links.value[slot].withRare { $0.rationTimer = timer }
        carryOut(links.value[slot].life.paused(), slot)
    }

    private func isRawSocket(_ slot: Int) -> Bool {
        if case .rawSocket = links.value[slot].sendWay { true } else { false }
    }

    /// Octets of the frame at the beginning of the unread bytes.
    private func countOfFrame(_ slot: Int) -> Int {
        if isRawSocket(slot) {
            let header = try? RawSocketHeader.parse(inputBytes, in: turn.value.window)
            return RawSocketHeader.count + (header?.payloadCount ?? 0)
        }
        guard let header = try? FrameHeader.parse(inputBytes, in: turn.value.window) else { return 0 }
        return header.encodedCount + header.payloadCount
    }

    /// The connection has waited for what it has sent too much.
    func rationExpired(_ slot: Int) {
        guard let timer = links.value[slot].withRare({ $0.rationTimer }), !timers.value.isPending(timer) else { return }
        links.value[slot].withRare { $0.rationTimer = nil }
        if links.value[slot].life.pauses > 0 { resume(slot) }
    }

    func cancelRationTimer(_ slot: Int) {
        if let timer = links.value[slot].withRare({ $0.rationTimer }) { timers.value.cancel(timer) }
        links.value[slot].withRare { $0.rationTimer = nil }
    }
}
