import RennbahnBytes
import RennbahnReactor
import RennbahnRouter
import RennbahnTransport
import RennbahnWAMP

extension RouterShard {
    /// Records taken from one ring before the others have their turn.
    private static let recordsPerTurn = 1024

    var ringsHaveRecords: Bool {
        for other in 0..<incoming.usedSlots where !incoming[other].isEmpty { return true }
        return false
    }

    /// Works off what the other shards sent; true when there is more.
    func drainRings() -> Bool {
        var isUnfinished = false
        if fanOuts.value.isActive { takeParked() }
        for other in 0..<incoming.usedSlots where other != shard {
            var budget = RouterShard.recordsPerTurn
            while budget > 0, !fanOuts.value.isClosed, incoming[other].pop({ self.takeIn($0, from: other) }) != nil {
                budget -= 1
            }
            if budget == 0 { isUnfinished = true }
        }
        return isUnfinished || fanOuts.value.isActive && !fanOuts.value.parked.isEmpty
    }

    func takeIn(_ record: Span<UInt8>, from other: Int) {
        let header = ShardHeader(reading: record)
        switch header.record {
        case .hold(let link, let receiver): if !loop.hold(link) { tell(.detach(receiver), to: other) }
        case .endHold(let link, let inVain): loop.endHold(link, inVain: inVain)
        case .detach(let receiver): loop.detach(receiver)
        case .suspend(let link): loop.pause(link)
        case .goOn(let link): loop.resume(link)
        case .router(let message, let origin):
            if fanOuts.value.isParking, park(record, message, LinkWaiter(shard: other, link: origin)) { return }
            hear(message, header, record, Origin(shard: other, link: origin))
        }
    }

    @inline(__always)
    func hear(_ message: ShardMessage, _ header: ShardHeader, _ record: Span<UInt8>, _ origin: Origin) {
        let uriEnd = ShardHeader.size + Int(header.uriCount)
        let uri = record.extracting(ShardHeader.size..<uriEnd)
        let payload = record.extracting(uriEnd..<record.count)
        router.value.hear(message, from: origin.shard, uri: uri, into: &effects.value)
        carryOut(Input(uri: uri, payload: header.payload, bytes: payload, from: origin))
        answerUndeliverable()
    }

    /// Sends what its `carries` says of the input along with the message.
    func forward(_ message: ShardMessage, to other: Int, _ input: borrowing Input) {
        let cargo = message.carries
        let empty = Span<UInt8>()
        let carriedURI = cargo.contains(.uri) ? input.uri : empty
        let carriedPayload = cargo.contains(.payload) ? input.bytes : empty
        let cause = input.origin.shard == shard ? input.origin.link : .none
        let head = ShardHeader(.router(message, origin: cause), uriCount: carriedURI.count, payload: input.payload)
        if !outgoing[other].send(head, carriedURI, carriedPayload), cause != .none {
            outgoing[other].remember(cause)
            loop.pause(cause)
        }
        bells.value |= 1 << UInt64(other)
    }

    func tell(_ record: ShardRecord, to other: Int) {
        let empty = Span<UInt8>()
        _ = outgoing[other].send(ShardHeader(record), empty, empty)
        bells.value |= 1 << UInt64(other)
    }

    /// Wakes the shards that records were sent to: once a turn, since a wake-up costs a memory fence.
    func ringBells() {
        var rest = bells.value
        bells.value = 0
        while rest != 0 {
            peers[rest.trailingZeroBitCount].wakeUp.wake()
            rest &= rest &- 1
        }
    }

    /// A receiver is congested: whoever sent to it waits for it, on whichever shard, unless it has waited for others enough.
    func holdBack(_ origin: Origin, for receiver: LinkID) {
        guard origin.exists else { return }
        if origin.shard == shard, origin.link == receiver { return loop.pauseUntilDrained(receiver) }
        guard loop.await(receiver, LinkWaiter(shard: origin.shard, link: origin.link)) else { return }
        if origin.shard != shard {
            tell(.hold(origin.link, for: receiver), to: origin.shard)
        } else if !loop.hold(origin.link) {
            loop.detach(receiver)
        }
    }

    func releaseWaiters() {
        guard !loop.releasedWaiters.isEmpty else { return }
        let released = loop.releasedWaiters
        loop.releasedWaiters.removeAll()
        var sendsKept = false
        for ended in released {
            if ended.waiter.isOwner {
                sendKept(to: ended.waiter.link)
                sendsKept = true
            } else if ended.waiter.shard == shard {
                loop.endHold(ended.waiter.link, inVain: ended.inVain)
            } else {
                tell(.endHold(ended.waiter.link, inVain: ended.inVain), to: ended.waiter.shard)
            }
        }
        guard sendsKept else { return }
        // The turn's flush is over. What was kept is less than a bound, so that this has an end.
        loop.flushForAWhile()
        releaseWaiters()
    }

    /// Moves what did not fit into the rings; true while some of it still does not.
    func drainOverflows() -> Bool {
        var isBacklogged = false
        for other in 0..<outgoing.usedSlots where outgoing[other].isOverflowing {
            for link in outgoing[other].drainOverflow() { loop.resume(link) }
            if outgoing[other].isOverflowing { isBacklogged = true }
            bells.value |= 1 << UInt64(other)
        }
        return isBacklogged
    }
}
