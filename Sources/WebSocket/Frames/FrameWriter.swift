package import RennbahnBytes

/// Writes whole frames: head, payload, and the mask when there is a key.
package enum FrameWriter {
    /// The most octets of a Close reason: the payload of a control frame less the code.
    package static let closeReasonLimit = FrameHeader.controlPayloadLimit - 2

    /// Appends one frame with a copy of `payload`, masked in place when `maskKey` is given (a client's frames).
    package static func append(
        opcode: Opcode, isFinal: Bool = true, compressed: Bool = false, payload: Span<UInt8>, maskKey: UInt32?,
        to buffer: inout ByteBuffer
    ) {
        precondition(!opcode.isControl || payload.count <= FrameHeader.controlPayloadLimit && isFinal && !compressed)
        buffer.reserve(FrameHeader.longest + payload.count)
        FrameHeader(
            opcode: opcode, isFinal: isFinal, isCompressed: compressed, maskKey: maskKey, payloadCount: payload.count
        ).append(to: &buffer)
        let start = buffer.count
        buffer.append(payload)
        if let maskKey {
            var mask = XORMask(bigEndianKey: maskKey)
            buffer.applyMask(&mask, to: start..<buffer.count)
        }
    }

    /// Appends a Close frame (section 5.5.1). A reason that is too long is cut where a character ends.
    ///
    /// - Parameter code: `nil` for an empty payload, which has no reason either.
    package static func appendClose(
        code: CloseCode?, reason: Span<UInt8>, maskKey: UInt32?, to buffer: inout ByteBuffer
    ) {
        guard let code else {
            return append(opcode: .close, payload: Span<UInt8>(), maskKey: maskKey, to: &buffer)
        }
        precondition(code.mayBeOnTheWire, "the code may not be sent")
        var payload = ByteBuffer(capacity: FrameHeader.controlPayloadLimit)
        payload.append(bigEndian: code.rawValue)
        payload.append(reason.extracting(first: whole(reason, limit: closeReasonLimit)))
        append(opcode: .close, payload: payload.span, maskKey: maskKey, to: &buffer)
    }

    package static func appendClose(
        code: CloseCode, reason: StaticString, maskKey: UInt32?, to buffer: inout ByteBuffer
    ) {
        var text = ByteBuffer()
        text.append(reason)
        appendClose(code: code, reason: text.span, maskKey: maskKey, to: &buffer)
    }

    /// How many octets of `text`, at most `limit`, do not cut a character in two.
    private static func whole(_ text: Span<UInt8>, limit: Int) -> Int {
        guard text.count > limit else { return text.count }
        var end = limit
        while end > 0, text[end] & 0xc0 == 0x80 { end -= 1 }
        return end
    }
}
