import RennbahnBytes

/// The short way for what nearly all frames are: a data message in one frame, complete in the buffer, with a length of
/// at most 16 bits, whose text nobody wants validated here.
///
/// It decides by a few octets whether a frame is one of these, and has no opinion on any other.
struct PlainFrame: Sendable {
    /// Octets that hold the first two, a length of 16 bits and a mask key: fetched with one load.
    private static let loaded = 8

    /// The mask bit of the second octet as the peer must send it.
    private let maskBit: UInt8
    /// Octets of a head whose length is in the second octet.
    private let headCount: UInt8
    /// A bit for each kind of message that is taken, numbered by RSV1 and the opcode's lowest bit.
    private let kinds: UInt8
    /// The largest payload; negative while no frame is taken.
    var limit: Int

    /// - Parameter masked: whether the peer must mask its frames.
    init(masked: Bool, compression: Bool, validatesText: Bool) {
        maskBit = masked ? 0x80 : 0
        headCount = masked ? 6 : 2
        kinds = (validatesText ? 0b0001 : 0b0011) | (compression ? 0b1100 : 0)
        limit = -1
    }

    /// Reads and unmasks the frame at the beginning of `window`, if it is one of these, as
    /// ``MessageReader/next(in:window:)`` does.
    @inline(__always)
    func read(in buffer: inout ByteBuffer, window: inout Range<Int>) -> Inbound? {
        let end = window.upperBound
        var start = window.lowerBound
        guard end &- start >= PlainFrame.loaded else { return nil }
        var head = buffer.span.littleEndianWord(at: start)
        let first = UInt8(truncatingIfNeeded: head)
        // FIN is set, RSV2 and RSV3 are not, and the opcode is 1 or 2.
        guard (first & 0xbf) &- 0x81 < 2, kinds &>> (first >> 5 & 2 | first & 1) & 1 != 0 else { return nil }
        // The mask bit cancels where it is as it must be; where it is not, the length is none.
        var count = Int(UInt8(truncatingIfNeeded: head >> 8) ^ maskBit)
        start &+= Int(headCount)
        head >>= 16
        if count > 125 {
            guard count == 126 else { return nil }
            count = Int(UInt16(truncatingIfNeeded: head).byteSwapped)
            guard count > 125 else { return nil }
            start &+= 2
            head >>= 16
        }
        guard count <= limit, count <= end &- start else { return nil }
        let payload = start..<(start &+ count)
        window = payload.upperBound..<end
        if maskBit != 0 { buffer.applyMask(littleEndianKey: UInt32(truncatingIfNeeded: head), to: payload) }
        return .message(first & 1 != 0 ? .text : .binary, compressed: first & 0x40 != 0, .buffer(payload))
    }
}
