package import RennbahnBytes

extension FrameHeader {
    /// Writes the head of a whole message in front of its payload, over bytes that `buffer` has already.
    ///
    /// - Parameters:
    ///   - maskKey: for a client's frame, whose payload must then be masked.
    ///   - end: where the head ends and the payload starts, at least ``longest``.
    /// - Returns: where the head starts.
    package static func place(
        opcode: Opcode, compressed: Bool, payloadCount: Int, maskKey: UInt32?, before end: Int,
        in buffer: inout ByteBuffer
    ) -> Int {
        precondition(payloadCount >= 0 && end >= longest)
        var start = end
        var maskBit: UInt64 = 0
        if let maskKey {
            start &-= 4
            buffer.set(bigEndian: maskKey, at: start)
            maskBit = 0x80
        }
        let first: UInt64 = (compressed ? 0xc0 : 0x80) | UInt64(opcode.rawValue)
        let count = UInt64(payloadCount)
        if count < 126 {
            start &-= 2
            buffer.set(bigEndian: UInt16(truncatingIfNeeded: first << 8 | maskBit | count), at: start)
        } else if count <= 0xffff {
            start &-= 4
            buffer.set(bigEndian: UInt32(truncatingIfNeeded: first << 24 | (maskBit | 126) << 16 | count), at: start)
        } else {
            start &-= 10
            buffer.set(bigEndian: UInt16(truncatingIfNeeded: first << 8 | maskBit | 127), at: start)
            buffer.set(bigEndian: count, at: start &+ 2)
        }
        return start
    }
}
