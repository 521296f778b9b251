import RennbahnBytes
import RennbahnReactor
import RennbahnWebSocket

// A message from its first octet to its last: ``MessageParts`` says how long it may take.

extension LinkLoop {
    /// A connection was read, and its last message is not whole.
    @inline(never)
    func notePart(_ slot: Int) {
        guard limits.messageGrace > 0, links.value[slot].isServer else { return }
        let goesOn = turn.value.beginsWithKept && turn.value.window.lowerBound == 0
        let collected = links.value[slot].reader.isInsideMessage ? links.value[slot].reader.collectedCount : nil
        if parts.value.note(slot, collected: collected, goesOn: goesOn, now: now) {
            armPart(slot, now + limits.messageGrace)
        }
    }

    /// Where messages that are not whole take more than the shard has for them the largest one's connection is ended.
    @inline(never)
    func boundParts() {
        guard parts.value.octets > limits.maxUnfinished, let slot = parts.value.largest else { return }
        if let timer = parts.value.forget(slot) { timers.value.cancel(timer) }
        counters.value.crowdedOut += 1
        noteEnding(slot)
        fail(slot, .tryAgainLater, "unfinished messages take too much memory")
        // The connection stays until it has said so.
        var collected = ByteBuffer()
        links.value[slot].reader.exchangeAssembly(with: &collected)
    }

    /// A message is being inflated: what there is of it takes memory as one does that is not whole.
    func noteInflating(_ slot: Int, _ octets: Int) {
        guard limits.messageGrace > 0, links.value[slot].isServer else { return }
        if parts.value.note(slot, collected: octets, goesOn: false, now: now) {
            armPart(slot, now + limits.messageGrace)
        }
        boundParts()
    }

    private func armPart(_ slot: Int, _ deadline: UInt64) {
        let value = Token.value(slot: slot, generation: links.value[slot].generation)
        let timer = timers.value.schedule(token: Token.timer(.part, value), deadline: deadline)
        parts.value.armed(slot, timer, for: deadline)
    }

    func partExpired(_ slot: Int) {
        let kept = links.value[slot].kept.count
        guard links.value[slot].life.isOpen,
            kept > 0 || links.value[slot].reader.isInsideMessage || links.value[slot].isInflating
        else {
            _ = parts.value.forget(slot)
            return
        }
        // What is not read is not late.
        if links.value[slot].life.pauses > 0 { parts.value.restart(slot, now: now) }
        let octets = UInt64(kept + links.value[slot].reader.collectedCount)
        let allowance = limits.messageGrace + limits.time(ofSlowestMessage: octets)
        guard let deadline = parts.value.fired(slot, allowance: allowance) else {
            fail(slot, .policyViolation, "message comes too slowly")
            return
        }
        armPart(slot, deadline)
    }
}

extension Limits {
    /// Nanoseconds that a message of so many octets takes at ``slowestMessage``.
    fileprivate func time(ofSlowestMessage octets: UInt64) -> UInt64 {
        let second: UInt64 = 1_000_000_000
        let rate = UInt64(max(1, slowestMessage))
        return octets / rate * second + octets % rate * second / rate
    }
}
