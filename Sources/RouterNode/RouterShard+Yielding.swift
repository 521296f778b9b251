import RennbahnBytes
import RennbahnRouter
import RennbahnTransport
import RennbahnWAMP

// Subscriptions with `x_slow`: from when their subscriber's connection is above its high mark until it is below the low one,
// EVENTs are left out for it, before they are compressed; what is kept of them is built. Nobody waits for such a subscriber, and
// its EVENTs do not make it outdated. The next EVENT of the subscription tells how many were left out.

/// What is the same for all receivers of an EVENT.
private struct YieldingEvent {
    var subscription: SubscriptionID
    var publication: PublicationID
    var carriesTopic: Bool
    var keepsLatest: Bool
}

extension RouterShard {
    @inline(never)
    func carryOutYielding(_ effect: Effect, _ input: borrowing Input) {
        switch effect {
        case .yieldingEvent(let subscription, let publication, let recipients, let carriesTopic, let keepsLatest):
            offer(
                YieldingEvent(
                    subscription: subscription, publication: publication, carriesTopic: carriesTopic,
                    keepsLatest: keepsLatest), to: recipients, input)
        case .yieldingEnded(let session, let subscription): arrears.value.settle(LinkID(session), subscription)
        case .welcome, .abort, .goodbye, .error, .publicationRefused, .published, .subscribed, .unsubscribed,
            .registered, .unregistered, .event, .invocation, .result, .callError, .forward, .close:
            preconditionFailure("not of a subscription that yields")
        }
    }

    /// First to those who have missed nothing, as to other subscribers, then to each of the rest.
    private func offer(_ event: YieldingEvent, to recipients: Range<Int>, _ input: borrowing Input) {
        // A bit for each serializer.
        var built = 0
        var impossible = 0
        for index in recipients {
            let session = effects.value.recipients[index]
            let link = LinkID(session)
            let hasMissedNone = arrears.value.isEmpty || arrears.value.missed(link, event.subscription) == 0
            guard hasMissedNone, !loop.isFilled(link) else {
                laggards.value.append(session)
                continue
            }
            let serializer = serializer(of: session)
            let bit = 1 << serializer.slot
            if built & bit == 0 {
                guard impossible & bit == 0, loop.isOpen(link) else { continue }
                guard build(event, telling: 0, serializer, input) else {
                    impossible |= bit
                    continue
                }
                built |= bit
            }
            let outcome =
                recipients.count == 1
                ? loop.send(&messages[serializer.slot], to: link) : loop.share(&messages[serializer.slot], with: link)
            switch outcome {
            case .queued, .gone, .congested, .detached: break
            case .tooLarge: oversized.value += 1
            }
        }
        for slot in 0..<messages.usedSlots { loop.release(&messages[slot]) }
        if recipients.count > 1 { noteFanOut(to: recipients.count, input) }
        guard !laggards.value.isEmpty else { return }
        for index in 0..<laggards.value.count { offer(event, toLaggard: laggards.value[index], input) }
        laggards.value.removeAll(keepingCapacity: true)
    }

    private func offer(_ event: YieldingEvent, toLaggard session: SessionHandle, _ input: borrowing Input) {
        let link = LinkID(session)
        // Nothing of what is kept can go: it waits for the connection.
        if loop.isFilled(link) { return leaveOut(event, session, input) }
        // What is kept is older.
        sendKept(to: link)
        guard loop.isOpen(link) else { return }
        if loop.isFilled(link) { return leaveOut(event, session, input) }
        let serializer = serializer(of: session)
        guard build(event, telling: arrears.value.missed(link, event.subscription), serializer, input) else { return }
        switch loop.send(&messages[serializer.slot], to: link) {
        case .queued, .congested, .detached: arrears.value.settle(link, event.subscription)
        case .gone: break
        case .tooLarge: oversized.value += 1
        }
    }

    private func leaveOut(_ event: YieldingEvent, _ session: SessionHandle, _ input: borrowing Input) {
        let link = LinkID(session)
        leftOut.value += 1
        // Asked before it is built, too: however many are behind, no more is written for them than is kept.
        guard event.keepsLatest, hasRoom(for: input.bytes.count, link, event.subscription) else {
            return arrears.value.drop(link, event.subscription)
        }
        let serializer = serializer(of: session)
        let missed = arrears.value.missed(link, event.subscription)
        guard build(event, telling: missed, serializer, input) else { return }
        guard hasRoom(for: messages[serializer.slot].payloadCount, link, event.subscription) else {
            return arrears.value.drop(link, event.subscription)
        }
        arrears.value.keep(messages[serializer.slot].copiedPayload(), link, event.subscription)
        _ = loop.await(link, .owner(of: link))
    }

    /// Whether an EVENT of so many octets may be kept.
    private func hasRoom(for count: Int, _ link: LinkID, _ subscription: SubscriptionID) -> Bool {
        arrears.value.hasRoom(
            for: count, link, subscription, ofOne: loop.limits.maxQueuedOutput,
            ofAll: loop.limits.maxQueuedOfAll - loop.queuedBytes)
    }

    /// Sends the EVENTs that are kept for a connection, until it is above its high mark again.
    func sendKept(to link: LinkID) {
        while loop.isOpen(link), !loop.isFilled(link), let (subscription, message) = arrears.value.nextKept(of: link) {
            let serializer = serializer(of: SessionHandle(link))
            begin(serializer)
            messages[serializer.slot].payload.append(message.span)
            switch loop.send(&messages[serializer.slot], to: link) {
            case .queued, .congested, .detached: arrears.value.settle(link, subscription)
            case .gone: return
            case .tooLarge:
                oversized.value += 1
                arrears.value.refused(link, subscription)
            }
        }
        if arrears.value.nextKept(of: link) != nil { _ = loop.await(link, .owner(of: link)) }
    }

    /// Begins the message of a serializer and writes an EVENT, which tells how many were missed; false when its payload has no
    /// form in it.
    private func build(
        _ event: YieldingEvent, telling missed: UInt64, _ serializer: Serializer, _ input: borrowing Input
    ) -> Bool {
        let topic = input.uri
        let told = event.carriesTopic ? topic.count : 0
        return withPayload(of: input, in: serializer) { payload, bytes, message in
            if missed > 0 {
                MessageWriter.event(
                    serializer, subscription: event.subscription, publication: event.publication,
                    topic: topic.extracting(0..<told), dropped: missed, payload: payload, bytes, into: &message)
            } else if event.carriesTopic {
                MessageWriter.event(
                    serializer, subscription: event.subscription, publication: event.publication, topic: topic,
                    payload: payload, bytes, into: &message)
            } else {
                MessageWriter.event(
                    serializer, subscription: event.subscription, publication: event.publication, payload: payload,
                    bytes, into: &message)
            }
        }
    }
}
