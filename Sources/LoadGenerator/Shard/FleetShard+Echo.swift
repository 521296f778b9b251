import RennbahnBytes
import RennbahnTransport
import RennbahnWAMP
import RennbahnWorkload

/// Builds the messages for a bare echo: a stamped payload and nothing around it, as long as the PUBLISH would be that
/// carries a payload of the asked size, so that floor and router are compared at equal sizes.
struct EchoWriter: ~Copyable {
    private let writer: PayloadWriter
    let byteCount: Int

    init(_ workload: WorkloadParameters, serializer: Serializer, run: UInt64) {
        byteCount = EchoWriter.publishCount(workload, serializer: serializer, run: run)
        writer = PayloadWriter(payloadBytes: byteCount, filler: workload.filler, run: run, seed: workload.seed)
    }

    func write(_ stamp: Stamp, into buffer: inout ByteBuffer) {
        writer.write(stamp, into: &buffer)
    }

    private static func publishCount(_ workload: WorkloadParameters, serializer: Serializer, run: UInt64) -> Int {
        let arguments = Arguments(workload, serializer: serializer, run: run)
        arguments.write(Stamp(sender: 0, sequence: 0, sentAt: 0))
        let topic = Array("rennbahn.run_000000.topic_00".utf8)
        var message = ByteBuffer()
        MessageWriter.publish(
            serializer, request: 10_000, acknowledge: false, topic: topic.span, payload: arguments.payload,
            arguments.bytes, into: &message)
        return message.count
    }
}

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
        guard bytes.count == echoes.value.byteCount, let stamp = try? Stamp.verify(bytes, run: setting.run) else {
            calls.value.answeredCorrupted(caller: place, request: 0)
            note(.echo(client: sender), .corrupted)
            return
        }
        // There is no request id: the sequence number stands for it, and requests count from 1.
        answered(place, RequestID(stamp.sequence &+ 1), stamp, .echo(client: sender))
    }
}
