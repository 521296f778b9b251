import RennbahnBytes
import RennbahnTransport
import RennbahnWAMP
import RennbahnWorkload

extension FleetShard {
    /// The connection to a server that speaks no WAMP is upgraded. Who is to be sent to first says what the user has for that.
    func openedBare(_ client: Int, subprotocol: Int) {
        if let wanted = setting.configuration.subprotocol, subprotocol < 0 {
            return fail(client, .noSubprotocol(wanted: wanted))
        }
        becomeReady(client)
        guard scenario == .push, setting.configuration.workload.payload.message != nil else { return }
        message.value.begin(kind)
        let stamp = Stamp(sender: client, sequence: 0, sentAt: meter.value.time &- setting.epoch)
        echoes.value.write(stamp, into: &message.value.payload)
        _ = loop.send(&message.value, to: fleet.value.links[client])
    }

    func sendEcho(_ place: Int, _ client: Int, intendedAt: UInt64) -> Bool {
        guard case .echoer(let sender) = fleet.value.roles[client] else { return false }
        guard let call = calls.value.begin(caller: place, intendedAt: intendedAt, now: meter.value.time)
        else { return false }
        message.value.begin(kind)
        echoes.value.write(
            Stamp(sender: sender, sequence: call.sequence, sentAt: intendedAt &- setting.epoch),
            into: &message.value.payload)
        _ = loop.send(&message.value, to: fleet.value.links[client])
        left(place, call.sequence, intendedAt: intendedAt)
        return true
    }

    /// The message in hand has come to one who sends and waits for answers.
    func echoed(_ client: Int) {
        let loop = loop
        let bytes = loop.message
        guard case .echoer(let sender) = fleet.value.roles[client] else { return }
        let place = Int(fleet.value.places[client])
        let next = calls.value.nextAnswer(caller: place, epoch: setting.epoch)
        switch echoes.value.read(bytes, run: setting.run, next: next) {
        // There is no request id: the sequence number stands for it, and requests count from 1.
        case .answer(let stamp): answered(place, RequestID(stamp.sequence &+ 1), stamp, .echo(client: sender))
        case .damaged:
            calls.value.answeredCorrupted(caller: place, request: 0)
            note(.echo(client: sender), .corrupted)
        case .other(let stamp):
            calls.value.answeredCorrupted(caller: place, request: stamp.sequence &+ 1)
            note(.echo(client: sender), .corrupted)
            goOn(place)
        case .unasked: noteStray(client, "a message", .unasked)
        case .passedOver: break
        }
    }

    /// The message in hand has come unasked.
    func pushed(_ client: Int) {
        meter.value.pushed()
    }
}
