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
        message.value.begin(kind)
        MessageWriter.publish(
            serializer, request: RequestID(sequence &+ 1), acknowledge: false, topic: uris[topic],
            payload: arguments.payload, arguments.bytes, into: &message.value.payload)
        _ = loop.send(&message.value, to: fleet.value.links[client])
        meter.value.sent(intendedAt: intendedAt, isPaced: pacer.value.isPaced)
        return true
    }

    /// An EVENT for a subscriber.
    func delivered(_ client: Int, _ scanned: ScannedRouterMessage, _ bytes: Span<UInt8>) {
        guard case .subscriber(let index, _) = fleet.value.roles[client] else {
            if case .stuckSubscriber = fleet.value.roles[client] { return }
            fail(client, .unexpected("EVENT"))
            return
        }
        var fault = Stamp.Fault.corrupted
        guard let stamp = stamp(scanned, bytes, fault: &fault) else {
            if fault == .corrupted { tracker.value.noteCorrupted() } else { tracker.value.noteUnexpected() }
            return
        }
        switch tracker.value.observe(
            sender: stamp.sender, receiver: Int(fleet.value.places[client]), sequence: stamp.sequence)
        {
        case .ok, .gap, .reordered:
            if setting.plan.isSlow(index) {
                laggards.value.received(inWindow: meter.value.isRecording)
            } else {
                complete(stamp)
            }
        case .duplicate, .unexpected: break
        }
    }

    private func complete(_ stamp: Stamp) {
        guard let place = fleet.value.place(ofSender: stamp.sender) else { return }
        let delivery = publications.value.delivered(publisher: place, sequence: stamp.sequence)
        guard delivery != .unknown else { return }
        meter.value.completed(
            intendedAt: stamp.sentAt &+ setting.epoch,
            sentAt: publications.value.sentAt(publisher: place, sequence: stamp.sequence),
            isPaced: pacer.value.isPaced)
        guard case .completed(let intendedAt) = delivery else { return }
        meter.value.completedPublication(intendedAt: intendedAt)
        goOn(place)
    }
}
