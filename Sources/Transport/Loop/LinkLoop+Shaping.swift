import RennbahnBytes
import RennbahnCrypto
import RennbahnWebSocket
import RennbahnWebSocketDeflate

// Frames that are not the plain ones: see ``WebSocketOptions``. Made for each connection, since a mask key is
// used once; nothing of this is on the path of connections without such options.

extension LinkLoop {
    func queueShaped(_ message: inout OutgoingMessage, _ slot: Int) {
        let shape = profiles[Int(links.value[slot].profile)].options.plainShape(links.value[slot].role)
        traceSentMessage(slot, message)
        var frames = ByteBuffer(capacity: OutgoingMessage.headroom + message.payloadCount)
        if links.value[slot].sendWindowBits > 0,
            message.payloadCount >= Int(links.value[slot].compressionThreshold), compress(&message, slot)
        {
            shape.append(
                opcode: message.opcode, compressed: true, payload: message.compressed.payloadSpan,
                nextKey: { maskKeys.value.next() }, to: &frames)
        } else {
            shape.append(
                opcode: message.opcode, payload: message.payloadSpan, nextKey: { maskKeys.value.next() }, to: &frames)
        }
        traceSentFrames(slot, frames.span)
        pool.value.append(frames.span, to: &links.value[slot].output)
    }
}
