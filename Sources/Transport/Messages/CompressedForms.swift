package import RennbahnBytes
package import RennbahnWebSocket

/// A message as it goes to connections with compression: the frames that those without context takeover share, one for each set
/// of parameters among them, and behind them the one that was made last, for a connection with a context of its own.
///
/// ```
/// │ headroom, payload │ headroom, payload │ … │ headroom, payload │
///   shared                                      for one connection
/// ```
package struct CompressedForms: ~Copyable {
    private struct Shared {
        /// See ``Deflater/parameters``.
        var parameters: UInt16 = 0
        var frame = 0..<0
    }

    private var bytes = ByteBuffer()
    /// Most sets of parameters whose frames are kept: what is beyond is compressed for each connection.
    private var shared = InlineArray<8, Shared>(repeating: Shared())
    private var sharedCount = 0
    /// Where the frame that was made last starts.
    private var start = 0

    package init() {}

    /// Forgets the message.
    mutating func removeAll() {
        sharedCount = 0
    }

    private var sharedEnd: Int { sharedCount == 0 ? 0 : shared[sharedCount &- 1].frame.upperBound }

    /// Starts a frame; then its compressed payload is appended to ``payload``.
    package mutating func begin() {
        start = sharedEnd
        if start == 0 {
            bytes.begin(headroom: OutgoingMessage.headroom)
        } else {
            bytes.begin(headroom: OutgoingMessage.headroom, at: start)
        }
    }

    package var payload: ByteBuffer {
        _read { yield bytes }
        _modify { yield &bytes }
    }

    /// What was appended since ``begin()``.
    package var payloadSpan: Span<UInt8> {
        @_lifetime(borrow self)
        borrowing get { bytes.span.extracting(droppingFirst: start &+ OutgoingMessage.headroom) }
    }

    /// Completes the frame.
    package mutating func finish(_ opcode: Opcode, maskKey: UInt32?) {
        let payloadStart = start &+ OutgoingMessage.headroom
        start = FrameHeader.place(
            opcode: opcode, compressed: true, payloadCount: bytes.count - payloadStart, maskKey: maskKey,
            before: payloadStart, in: &bytes)
        guard let maskKey else { return }
        var mask = XORMask(bigEndianKey: maskKey)
        bytes.applyMask(&mask, to: payloadStart..<bytes.count)
    }

    /// The frame that was completed last.
    package var frame: Span<UInt8> {
        @_lifetime(borrow self)
        borrowing get { bytes.span.extracting(droppingFirst: start) }
    }

    // MARK: Shared frames

    /// Keeps the frame that was completed last for all connections with these parameters, if there is room.
    mutating func share(_ parameters: UInt16) {
        guard sharedCount < shared.count else { return }
        shared[sharedCount] = Shared(parameters: parameters, frame: start..<bytes.count)
        sharedCount &+= 1
    }

    /// Where the shared frame for these parameters is, if it was made.
    func place(of parameters: UInt16) -> Range<Int>? {
        for index in 0..<sharedCount where shared[index].parameters == parameters { return shared[index].frame }
        return nil
    }

    subscript(place: Range<Int>) -> Span<UInt8> {
        @_lifetime(borrow self)
        borrowing get { bytes.span.extracting(place) }
    }
}
