import RennbahnBytes
import RennbahnTransport
import RennbahnWAMP
import RennbahnWorkload

extension FleetShard {
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

    /// The message in hand has come back to its sender.
    func echoed(_ client: Int) {
        let loop = loop
        let bytes = loop.message
        guard case .echoer(let sender) = fleet.value.roles[client] else { return }
        let place = Int(fleet.value.places[client])
        guard let stamp = echoes.value.verify(bytes, run: setting.run) else {
            calls.value.answeredCorrupted(caller: place, request: 0)
            note(.echo(client: sender), .corrupted)
            return
        }
        // There is no request id: the sequence number stands for it, and requests count from 1.
        answered(place, RequestID(stamp.sequence &+ 1), stamp, .echo(client: sender))
    }
}
