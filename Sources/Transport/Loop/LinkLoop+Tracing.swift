import RennbahnBytes
import RennbahnReactor
import RennbahnWebSocket

// What a tracer is told. Connections that are traced read through ``Inbound/frame`` and ``Inbound/traced(_:compressed:_:)``
// and send in the shaped way, so that none but those with rates, which are told of frames as well, comes by here with a message.

extension LinkLoop {
    /// `nil`: the connection is not traced.
    func tracer(_ slot: Int) -> (any LinkTracer)? { profiles[Int(links.value[slot].profile)].tracer }

    func traceAccepted(_ slot: Int) {
        guard let tracer = tracer(slot) else { return }
        tracer.accepted(id(slot), from: try? kernel.peerAddress(of: links.value[slot].descriptor))
    }

    /// The frame at the beginning of the unread bytes was not told yet.
    func traceReceivedFrame(_ slot: Int) {
        guard let tracer = tracer(slot), let header = try? FrameHeader.parse(inputBytes, in: turn.value.window)
        else { return }
        tracer.frame(.received, id(slot), header)
    }

    /// The message in hand.
    @inline(never)
    func traceReceivedMessage(_ slot: Int, _ kind: MessageKind) {
        guard let tracer = tracer(slot) else { return }
        let id = id(slot)
        tracer.message(.received, id, kind, subprotocol: subprotocolName(of: id), message)
    }

    func traceSentMessage(_ slot: Int, _ message: borrowing OutgoingMessage) {
        guard let tracer = tracer(slot) else { return }
        let id = id(slot)
        tracer.message(.sent, id, message.kind, subprotocol: subprotocolName(of: id), message.payloadSpan)
    }

    /// The heads of whole frames.
    func traceSentFrames(_ slot: Int, _ frames: Span<UInt8>) {
        guard let tracer = tracer(slot) else { return }
        var window = 0..<frames.count
        while let header = try? FrameHeader.parse(frames, in: window) {
            tracer.frame(.sent, id(slot), header)
            window = (window.lowerBound + header.encodedCount + header.payloadCount)..<window.upperBound
        }
    }
}
