import RennbahnBytes
import RennbahnTransport
import RennbahnWAMP
import RennbahnWorkload

extension FleetShard {
    /// Calls once; false when the caller has too many calls in flight.
    func call(_ place: Int, _ client: Int, intendedAt: UInt64) -> Bool {
        guard case .caller(let sender, let procedure) = fleet.value.roles[client] else { return false }
        guard let call = calls.value.begin(caller: place, intendedAt: intendedAt, now: meter.value.time)
        else { return false }
        let (uris, arguments) = (uris, arguments)
        arguments.write(
            Stamp(sender: sender, sequence: call.sequence, sentAt: intendedAt &- setting.epoch))
        message.value.begin(kind)
        MessageWriter.call(
            serializer, request: RequestID(call.request), procedure: uris[procedure], payload: arguments.payload,
            arguments.bytes, into: &message.value.payload)
        _ = loop.send(&message.value, to: fleet.value.links[client])
        left(place, call.sequence, intendedAt: intendedAt)
        return true
    }

    /// An INVOCATION: the callee answers with what it got.
    func answer(
        _ client: Int, _ request: RequestID, _ registration: RegistrationID, _ scanned: ScannedRouterMessage,
        _ bytes: Span<UInt8>
    ) {
        guard case .callee(let procedure) = fleet.value.roles[client] else {
            return noteStray(client, "INVOCATION", .unasked)
        }
        if registration.value != fleet.value.granted[client] {
            tracker.value.noteForeignID()
            note(
                .invocation(caller: nil, callee: procedure),
                .foreignID("registration", registration.value, granted: fleet.value.granted[client]))
        }
        _ = observed(client, scanned, bytes) { .invocation(caller: $0, callee: procedure) }
        // Nothing may follow a GOODBYE.
        guard fleet.value.states[client] == .ready else { return }
        message.value.begin(kind)
        MessageWriter.yield(
            serializer, request: request, payload: scanned.payload, bytes.extracting(scanned.payloadRange),
            into: &message.value.payload)
        _ = loop.send(&message.value, to: fleet.value.links[client])
    }

    /// A RESULT for a caller.
    func answered(_ client: Int, _ request: RequestID, _ scanned: ScannedRouterMessage, _ bytes: Span<UInt8>) {
        guard case .caller(let sender, _) = fleet.value.roles[client] else {
            return noteStray(client, "RESULT", .unasked)
        }
        let place = Int(fleet.value.places[client])
        var fault = Stamp.Fault.corrupted
        guard let stamp = stamp(scanned, bytes, fault: &fault) else {
            if fault == .corrupted {
                calls.value.answeredCorrupted(caller: place, request: request.value)
            } else {
                calls.value.failed(caller: place, request: request.value)
            }
            note(.result(caller: sender), fault == .corrupted ? .corrupted : .otherRun)
            goOn(place)
            return
        }
        answered(place, request, stamp, .result(caller: sender))
    }

    /// A sound payload has come back.
    func answered(_ place: Int, _ request: RequestID, _ stamp: Stamp, _ path: MessageFault.Path) {
        switch calls.value.answered(caller: place, request: request.value, stamp: stamp) {
        case .completed(let intendedAt, let sentAt):
            meter.value.completed(intendedAt: intendedAt, sentAt: sentAt)
            goOn(place)
        case .late(let intendedAt, let sentAt):
            note(path, .reordered(sequence: stamp.sequence))
            meter.value.completed(intendedAt: intendedAt, sentAt: sentAt)
            goOn(place)
        case .unexpected:
            note(path, .misdirected)
            goOn(place)
        case .duplicate: note(path, .duplicated(sequence: stamp.sequence))
        }
    }

    /// ERROR for a CALL.
    func callFailed(_ client: Int, _ sender: Int, _ request: RequestID, _ error: String) {
        // Where callees leave with calls on their way, the router answers those with an error.
        guard !isClosing else { return }
        let place = Int(fleet.value.places[client])
        calls.value.failed(caller: place, request: request.value)
        note(.result(caller: sender), .refused(error))
        control.count(.refused(request: "CALL", error: error))
        goOn(place)
    }
}
