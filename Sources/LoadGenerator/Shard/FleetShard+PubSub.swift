import RennbahnBytes
import RennbahnTransport
import RennbahnWAMP
import RennbahnWorkload

extension FleetShard {
    /// Publishes once; false when the publisher has too many publications in flight.
    func publish(_ place: Int, _ client: Int, intendedAt: UInt64) -> Bool {
        guard case .publisher(let sender, let topic) = fleet.value.roles[client] else { return false }
        let time = meter.value.time
        guard let sequence = publications.value.begin(publisher: place, intendedAt: intendedAt, sentAt: time)
        else { return false }
        let (uris, arguments) = (uris, arguments)
        arguments.write(Stamp(sender: sender, sequence: sequence, sentAt: intendedAt &- setting.epoch))
        // The first is acknowledged, so that who may not publish is told that, and not that all was lost.
        let isFirst = sequence == 0
        if isFirst { fleet.value.unacknowledged += 1 }
        message.value.begin(kind)
        MessageWriter.publish(
            serializer, request: RequestID(sequence &+ 1), acknowledge: isFirst, topic: uris[topic],
            payload: arguments.payload, arguments.bytes, into: &message.value.payload)
        _ = loop.send(&message.value, to: fleet.value.links[client])
        left(place, sequence, intendedAt: intendedAt)
        return true
    }

    /// PUBLISHED, for the first publication of a publisher.
    func acknowledged(_ client: Int, _ request: RequestID, _ publication: PublicationID) {
        guard case .publisher(let sender, _) = fleet.value.roles[client] else {
            return noteStray(client, "PUBLISHED", .unasked)
        }
        guard awaitsAcknowledgement(client) else {
            return noteStray(client, "PUBLISHED", fleet.value.granted[client] == 0 ? .unasked : .repeated)
        }
        // There is no other request that it could be the answer to.
        if request != 1 { noteStray(client, "PUBLISHED", .foreignRequest(request.value)) }
        let place = Int(fleet.value.places[client])
        fleet.value.granted[client] = publication.value
        fleet.value.unacknowledged -= 1
        check(publication, of: place, 0, .published(publisher: sender))
    }

    /// Whether a publisher has published, and not been told what came of it.
    private func awaitsAcknowledgement(_ client: Int) -> Bool {
        let place = Int(fleet.value.places[client])
        return fleet.value.granted[client] == 0 && publications.value.sent(publisher: place) > 0
    }

    /// No answer comes any more.
    private func noteAnswered(_ client: Int) {
        fleet.value.granted[client] = .max
        fleet.value.unacknowledged -= 1
    }

    /// The client is lost: what became of its first publication is not waited for.
    func forgetAcknowledgement(_ client: Int) {
        if case .publisher = fleet.value.roles[client], awaitsAcknowledgement(client) { noteAnswered(client) }
    }

    /// ERROR for the first publication of a publisher.
    func publishRefused(_ client: Int, _ error: String) {
        guard awaitsAcknowledgement(client) else { return noteStray(client, "ERROR \(error)", .unasked) }
        publications.value.refuse(publisher: Int(fleet.value.places[client]))
        noteAnswered(client)
        fail(client, .refused(request: "PUBLISH", error: error))
    }

    /// An EVENT for a subscriber.
    func delivered(
        _ client: Int, _ subscription: SubscriptionID, _ publication: PublicationID, _ scanned: ScannedRouterMessage,
        _ bytes: Span<UInt8>
    ) {
        guard case .subscriber(let index, _) = fleet.value.roles[client] else {
            if case .stuckSubscriber = fleet.value.roles[client] { return }
            return noteStray(client, "EVENT", .unasked)
        }
        if subscription.value != fleet.value.granted[client] {
            tracker.value.noteForeignID()
            note(
                .event(publisher: nil, subscriber: index),
                .foreignID("subscription", subscription.value, granted: fleet.value.granted[client]))
        }
        guard let stamp = observed(client, scanned, bytes, { .event(publisher: $0, subscriber: index) }) else { return }
        if setting.plan.isSlow(index) {
            laggards.value.received(inWindow: meter.value.isRecording)
        } else {
            complete(stamp, publication, index)
        }
    }

    /// Every receiver of a publication, and its publisher, hears the same id.
    private func check(
        _ publication: PublicationID, of place: Int, _ sequence: UInt64, _ path: @autoclosure () -> MessageFault.Path
    ) {
        guard
            let other = publications.value.foreignID(
                publisher: place, sequence: sequence, publication: publication.value)
        else { return }
        tracker.value.noteForeignID()
        note(path(), .foreignID("publication", publication.value, granted: other))
    }

    private func complete(_ stamp: Stamp, _ publication: PublicationID, _ subscriber: Int) {
        guard let place = fleet.value.place(ofSender: stamp.sender) else { return }
        check(publication, of: place, stamp.sequence, .event(publisher: stamp.sender, subscriber: subscriber))
        let delivery = publications.value.delivered(publisher: place, sequence: stamp.sequence)
        guard delivery != .unknown else { return }
        meter.value.completed(
            intendedAt: stamp.sentAt &+ setting.epoch,
            sentAt: publications.value.sentAt(publisher: place, sequence: stamp.sequence))
        guard case .completed(let intendedAt) = delivery else { return }
        meter.value.completedPublication(intendedAt: intendedAt)
        goOn(place)
    }
}
