import RennbahnBytes
import RennbahnReactor
import RennbahnWebSocket

// Pings by the clock. A connection has at most one timer for them, and nothing is done per message: what the peer has sent
// lately is asked of the kernel when the timer fires.

extension LinkLoop {
    func armPing(_ slot: Int, _ deadline: UInt64) {
        if let timer = links.value[slot].pingTimer { timers.value.cancel(timer) }
        let value = Token.value(slot: slot, generation: links.value[slot].generation)
        let timer = timers.value.schedule(token: Token.timer(.ping, value), deadline: deadline)
        links.value[slot].withRare { $0.pingTimer = timer }
    }

    func pingExpired(_ slot: Int) {
        links.value[slot].withRare { $0.pingTimer = nil }
        guard let ping = profiles[Int(links.value[slot].profile)].options.autoPing, case .open = links.value[slot].phase
        else { return }
        let heard = ping.restartsOnTraffic ? lastHeard(slot) : 0
        let sent = links.value[slot].withRare { $0.pingSent }
        if sent == 0 {
            if heard + ping.interval > now { armPing(slot, heard + ping.interval) } else { sendPing(slot, ping) }
        } else if heard > sent {
            links.value[slot].withRare { $0.pingSent = 0 }
            armPing(slot, max(now, heard + ping.interval))
        } else if ping.timeout == 0 || links.value[slot].wantsWrite || links.value[slot].pauses > 0 {
            // Its ping may still be queued, or its pong unread: a peer that takes no output is the stall timer's.
            armPing(slot, now + ping.patience)
        } else {
            kernel.resetOnClose(links.value[slot].descriptor)
            end(slot, .pingTimeout)
        }
    }

    /// When the kernel last received something from the peer; 0 where it does not say, as for UNIX sockets.
    private func lastHeard(_ slot: Int) -> UInt64 {
        guard let age = kernel.sinceReceived(links.value[slot].descriptor) else { return 0 }
        return now > age ? now - age : 0
    }

    /// The payload, all in network byte order, then zeros up to the size:
    /// ```
    /// │ time (8) │ number (4) │ 0 …
    /// ```
    private func sendPing(_ slot: Int, _ ping: WebSocketOptions.AutoPing) {
        let number = links.value[slot].withRare { rare in
            rare.pingNumber &+= 1
            rare.pingSent = now
            return rare.pingNumber
        }
        var payload = ByteBuffer(capacity: ping.size)
        payload.append(bigEndian: now)
        payload.append(bigEndian: number)
        for _ in 12..<ping.size { payload.append(0) }
        queueControl(slot, .ping, payload.span)
        armPing(slot, now + ping.patience)
    }

    /// A pong came while a ping is not answered; only its own payload answers it (RFC 6455, section 5.5.3).
    func pongArrived(_ slot: Int, _ payload: Span<UInt8>) {
        let (sent, number) = links.value[slot].withRare { ($0.pingSent, $0.pingNumber) }
        guard let ping = profiles[Int(links.value[slot].profile)].options.autoPing, payload.count == ping.size,
            payload.bigEndian(UInt64.self, at: 0) == sent, payload.bigEndian(UInt32.self, at: 8) == number
        else { return }
        links.value[slot].withRare { $0.pingSent = 0 }
        armPing(slot, now + ping.interval)
    }
}

extension WebSocketOptions.AutoPing {
    /// When to look what became of a ping.
    fileprivate var patience: UInt64 { timeout > 0 ? timeout : interval }
}
