import RennbahnBytes
import RennbahnRouter
import RennbahnTransport

// What goes to many takes time. A publisher whose messages take more of it than a turn has is not read on before the others of the
// shard were heard, on whichever shard it is.

extension RouterShard {
    /// A message was fanned out.
    @inline(never)
    func noteFanOut(to receivers: Int, _ input: borrowing Input) {
        let loop = loop
        fanOuts.value.note(
            of: LinkWaiter(shard: input.origin.shard, link: input.origin.link), receivers: receivers,
            octets: input.bytes.count, turn: loop.now, loop.overdue, clock: { loop.lookAtClock() })
        if fanOuts.value.isOver { suspend(input.origin) }
    }

    /// Whoever publishes is not read until its next turn, on whichever shard it is.
    private func suspend(_ origin: Origin) {
        guard origin.exists, !isStopping else { return }
        guard fanOuts.value.add(LinkWaiter(shard: origin.shard, link: origin.link)) else { return }
        if origin.shard == shard { loop.pause(origin.link) } else { tell(.suspend(origin.link), to: origin.shard) }
    }

    /// What the turn has queued was sent, or as much of it as there was time for.
    @inline(never)
    func goOnFanningOut() {
        fanOuts.value.begin(at: loop.lookAtClock(), loop.overdue, isOwn: true)
        goOn(fanOuts.value.release())
    }

    /// The shard stops: EVENTs are of no use any more, and the other shards may be gone before this one.
    func stopFanningOut() {
        fanOuts.value.forgetParked()
        goOn(fanOuts.value.releaseAll())
        ringBells()
    }

    private func goOn(_ publishers: [LinkWaiter]) {
        for publisher in publishers {
            if publisher.shard == shard {
                loop.resume(publisher.link)
            } else {
                tell(.goOn(publisher.link), to: publisher.shard)
            }
        }
    }

    // MARK: Publications of other shards

    /// Puts a publication aside for which there is no time; false where it is to be dealt with now.
    @inline(never)
    func park(_ record: Span<UInt8>, _ message: ShardMessage, _ publisher: LinkWaiter) -> Bool {
        guard message.isPublication, !isStopping, fanOuts.value.parks(publisher) else { return false }
        fanOuts.value.park(record.copied(), of: publisher)
        suspend(Origin(shard: publisher.shard, link: publisher.link))
        return true
    }

    /// Publications that were parked come before those that are still in the rings: as many as there is time for.
    @inline(never)
    func takeParked() {
        fanOuts.value.begin(at: loop.lookAtClock(), loop.overdue, isOwn: false)
        while let (publisher, record) = fanOuts.value.nextParked() {
            let header = ShardHeader(reading: record.span)
            guard case .router(let message, _) = header.record else { preconditionFailure("a publication was parked") }
            hear(message, header, record.span, Origin(shard: publisher.shard, link: publisher.link))
        }
    }
}

extension ShardMessage {
    /// Whether it is for subscribers: of those what is of different publishers has no order.
    fileprivate var isPublication: Bool {
        switch self {
        case .publication, .topicPublication: true
        default: false
        }
    }
}
