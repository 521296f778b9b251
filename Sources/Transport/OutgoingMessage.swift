package import Bytes
package import WebSocket

/// A message on its way out, built once however many connections receive it.
///
/// ```
/// │ headroom (14) │ payload …                 the frame header is written right before the payload
///        └ start of the frame
/// ```
package struct OutgoingMessage: ~Copyable {
    /// The longest frame header: two octets, eight of length, four of mask.
    static let headroom = 14

    private var plain = ByteBuffer()
    private var kind = MessageKind.binary
    /// Where the unmasked, uncompressed frame starts; -1 until it is made.
    private(set) var plainStart = -1
    private var header = ByteBuffer(capacity: OutgoingMessage.headroom)

    /// The compressed frame that every connection can share which keeps no context and has this window; 0: none made.
    var sharedWindowBits = 0
    var compressed = ByteBuffer()
    var compressedStart = 0

    package init() {}

    /// Starts a new message.
    package mutating func begin(_ kind: MessageKind) {
        self.kind = kind
        plainStart = -1
        sharedWindowBits = 0
        OutgoingMessage.makeRoom(in: &plain)
    }

    /// Where the payload is appended to, after ``begin(_:)``.
    package var payload: ByteBuffer {
        _read { yield plain }
        _modify { yield &plain }
    }

    package var payloadCount: Int { plain.count - OutgoingMessage.headroom }

    var payloadSpan: Span<UInt8> {
        @_lifetime(borrow self)
        borrowing get { plain.span.extracting(droppingFirst: OutgoingMessage.headroom) }
    }

    var opcode: Opcode { kind == .text ? .text : .binary }

    /// The whole frame as a server sends it, made on first use.
    mutating func finishPlain() {
        guard plainStart < 0 else { return }
        header.removeAll(keepingCapacity: true)
        FrameHeader.appendServerHeader(
            opcode: opcode, compressed: false, payloadCount: payloadCount, to: &header)
        plainStart = OutgoingMessage.place(header, before: OutgoingMessage.headroom, in: &plain)
    }

    var plainFrame: Span<UInt8> {
        @_lifetime(borrow self)
        borrowing get { plain.span.extracting(droppingFirst: plainStart) }
    }

    /// The whole frame as a client sends it: masks the payload in place, so that the message cannot be sent again.
    mutating func finishMasked(key: UInt32) {
        precondition(plainStart < 0, "a masked message is sent once")
        header.removeAll(keepingCapacity: true)
        FrameHeader.appendClientHeader(
            opcode: opcode, compressed: false, payloadCount: payloadCount, maskKey: key, to: &header)
        plainStart = OutgoingMessage.place(header, before: OutgoingMessage.headroom, in: &plain)
        var mask = XORMask(bigEndianKey: key)
        plain.applyMask(&mask, to: OutgoingMessage.headroom..<plain.count)
    }

    /// Completes the frame whose compressed payload was appended to ``compressed`` behind the headroom.
    mutating func finishCompressed(maskKey: UInt32?) {
        let count = compressed.count - OutgoingMessage.headroom
        header.removeAll(keepingCapacity: true)
        if let maskKey {
            FrameHeader.appendClientHeader(
                opcode: opcode, compressed: true, payloadCount: count, maskKey: maskKey, to: &header)
            var mask = XORMask(bigEndianKey: maskKey)
            compressed.applyMask(&mask, to: OutgoingMessage.headroom..<compressed.count)
        } else {
            FrameHeader.appendServerHeader(opcode: opcode, compressed: true, payloadCount: count, to: &header)
        }
        compressedStart = OutgoingMessage.place(header, before: OutgoingMessage.headroom, in: &compressed)
    }

    var compressedFrame: Span<UInt8> {
        @_lifetime(borrow self)
        borrowing get { compressed.span.extracting(droppingFirst: compressedStart) }
    }

    /// Moves the plain frame's storage out, to be shared; ``begin(_:)`` starts anew.
    mutating func surrenderPlain() -> ByteBuffer {
        var taken = ByteBuffer()
        swap(&taken, &plain)
        return taken
    }

    static func makeRoom(in buffer: inout ByteBuffer) {
        buffer.removeAll(keepingCapacity: true)
        buffer.append("\0\0\0\0\0\0\0\0\0\0\0\0\0\0")
    }

    /// Writes `header` so that it ends at `end`; returns where it starts.
    private static func place(_ header: borrowing ByteBuffer, before end: Int, in buffer: inout ByteBuffer) -> Int {
        let start = end - header.count
        for index in 0..<header.count { buffer.set(header.span[index], at: start + index) }
        return start
    }
}
