import RennbahnBytes
import RennbahnReactor
import RennbahnWebSocket

// Pings by the clock: ``Pings`` says when, and what became of them.

extension LinkLoop {
    func armPing(_ slot: Int, _ deadline: UInt64) {
        let value = Token.value(slot: slot, generation: links.value[slot].generation)
        let timer = timers.value.schedule(token: Token.timer(.ping, value), deadline: deadline)
        if let before = pings.armed(slot, timer) { timers.value.cancel(before) }
    }

    func pingExpired(_ slot: Int) {
        // A pong of the same turn has begun the next wait: as ``timerFired(_:)``.
        if let timer = pings.timer(of: slot), timers.value.isPending(timer) { return }
        guard let settings = autoPing(slot), links.value[slot].life.isOpen else { return }
        let action = pings.fired(
            slot, settings, heard: settings.restartsOnTraffic ? lastHeard(slot) : 0,
            unsent: kernel.unsentBytes(links.value[slot].descriptor),
            isBlocked: isBlocked(slot), now: now)
        switch action {
        case .look(let deadline): armPing(slot, deadline)
        case .send(let ping, let deadline):
            var payload = ByteBuffer(capacity: settings.size)
            ping.append(size: settings.size, to: &payload)
            queueControl(slot, .ping, payload.span)
            armPing(slot, deadline)
        case .giveUp: carryOut(links.value[slot].life.givenUp(.pingTimeout, byReset: true), slot)
        }
    }

    /// What has come may wait to be read, the pong with it: also of a connection that may be read again, but was not yet.
    private func isBlocked(_ slot: Int) -> Bool {
        links.value[slot].life.wantsWrite || links.value[slot].life.pauses > 0 || links.value[slot].isScheduled
    }

    /// Read in place: a profile is large to copy.
    private func autoPing(_ slot: Int) -> WebSocketOptions.AutoPing? {
        profiles[Int(links.value[slot].profile)].options.autoPing
    }

    /// When the kernel last received something from the peer; 0 where it does not say, as for UNIX sockets.
    private func lastHeard(_ slot: Int) -> UInt64 {
        guard let age = kernel.sinceReceived(links.value[slot].descriptor) else { return 0 }
        return now > age ? now - age : 0
    }

    func pongArrived(_ slot: Int, _ payload: Span<UInt8>) {
        // A peer may send as many pongs as it likes.
        guard pings.awaitsAnswer(slot), let settings = autoPing(slot),
            let deadline = pings.answered(slot, settings, payload, now: now)
        else { return }
        armPing(slot, deadline)
    }
}
