package import RennbahnBytes
package import RennbahnWebSocket

/// A message on its way out, built once however many connections receive it.
///
/// ```
/// │ headroom (14) │ payload …                 the frame header is written right before the payload
///        └ start of the frame
/// ```
package struct OutgoingMessage: ~Copyable {
    /// The longest frame header: two octets, eight of length, four of mask.
    static let headroom = FrameHeader.longest

    private var plain = ByteBuffer()
    private(set) var kind = MessageKind.binary
    /// Where the unmasked, uncompressed frame starts; -1 until it is made.
    private(set) var plainStart = -1

    /// The plain frame where several connections send it from, while it is shared.
    var shared: SharedFrame?

    var compressed = CompressedForms()

    package init() {}

    /// Starts a new message.
    package mutating func begin(_ kind: MessageKind) {
        assert(shared == nil, "a shared message is released first")
        self.kind = kind
        plainStart = -1
        compressed.removeAll()
        plain.begin(headroom: OutgoingMessage.headroom)
    }

    /// Where the payload is appended to, after ``begin(_:)``.
    package var payload: ByteBuffer {
        _read { yield plain }
        _modify { yield &plain }
    }

    package var payloadCount: Int { plain.count - OutgoingMessage.headroom }

    /// Appends what was appended to ``payload``.
    package borrowing func copyPayload(to target: inout ByteBuffer) {
        target.append(payloadSpan)
    }

    /// What was appended to ``payload``, to keep.
    package borrowing func copiedPayload() -> [UInt8] {
        payloadSpan.copied()
    }

    var payloadSpan: Span<UInt8> {
        @_lifetime(borrow self)
        borrowing get { plain.span.extracting(droppingFirst: OutgoingMessage.headroom) }
    }

    var opcode: Opcode {
        switch kind {
        case .text: .text
        case .binary: .binary
        }
    }

    /// The whole frame as a server sends it, made on first use.
    package mutating func finishPlain() {
        guard plainStart < 0 else { return }
        plainStart = FrameHeader.place(
            opcode: opcode, compressed: false, payloadCount: payloadCount, maskKey: nil,
            before: OutgoingMessage.headroom, in: &plain)
    }

    package var plainFrame: Span<UInt8> {
        @_lifetime(borrow self)
        borrowing get { plain.span.extracting(droppingFirst: plainStart) }
    }

    /// The whole frame as a client sends it: masks the payload in place, so that the message cannot be sent again.
    package mutating func finishMasked(key: UInt32) {
        precondition(plainStart < 0, "a masked message is sent once")
        plainStart = FrameHeader.place(
            opcode: opcode, compressed: false, payloadCount: payloadCount, maskKey: key,
            before: OutgoingMessage.headroom, in: &plain)
        var mask = XORMask(bigEndianKey: key)
        plain.applyMask(&mask, to: OutgoingMessage.headroom..<plain.count)
    }
}
