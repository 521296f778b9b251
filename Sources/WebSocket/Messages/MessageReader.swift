package import RennbahnBytes

/// Turns received bytes into messages and control frames (RFC 6455, sections 5 and 6.2); one per connection.
///
/// A frame that is complete in the receive buffer is unmasked there and handed on as a range, without a copy. What is
/// incomplete or fragmented is collected in the reader's own memory, which grows with the bytes that came and not with
/// the length that the peer announced. An idle reader owns no memory.
@safe
package struct MessageReader: ~Copyable {
    /// An incomplete frame with more payload than this is collected by the reader; a smaller one stays with the
    /// caller until it is complete. So the caller never keeps more than this and a head.
    package static let streamingThreshold = 16 * 1024

    enum State {
        /// Between messages.
        case idle
        /// Between two fragments of a message.
        case fragments(OpenMessage)
        /// Inside the payload of a frame that is collected.
        case payload(OpenMessage, OpenFrame)
        /// A Close frame arrived, or a violation: nothing more is read.
        case closed
        /// RawSocket, between frames.
        case rawSocket(MessageKind)
        /// RawSocket, inside a message that is collected.
        case rawSocketPayload(MessageKind, remaining: Int)
    }

    /// What is told besides messages and control frames.
    enum Told {
        case nothing
        /// Each frame, before it is read.
        case frames
        /// Messages, as those of a connection that is traced.
        case messages
        case both
    }

    // The largest first, so that no room is lost between them: there is one reader for each connection.

    private var plain: PlainFrame
    package private(set) var maxMessageSize: Int
    private let maxFrameSize: Int
    var collected = ByteBuffer()
    var state = State.idle {
        didSet {
            plain.limit = plainLimit
            isInsideMessage = collects
        }
    }
    private var validator = UTF8Validator()
    private let role: Role
    private let compression: Bool
    package let validatesText: Bool
    private let acceptsEitherMasking: Bool
    private let appliesMask: Bool
    var told = Told.nothing
    /// Whether a message is being collected, of which there is more to come.
    package private(set) var isInsideMessage = false
    /// The frame that is read next was told with ``Inbound/frame``.
    var hasToldFrame = false

    /// - Parameters:
    ///   - role: which end we are, hence whether frames must or must not be masked.
    ///   - maxMessageSize: octets of payload of one message on the wire, all fragments together.
    ///   - maxFrameSize: octets of payload of one data frame.
    ///   - compression: whether permessage-deflate was agreed on.
    ///   - validatesText: whether uncompressed text is checked to be UTF-8 here, octet by octet as it arrives.
    ///   - acceptsEitherMasking: switches the masking rule of section 5.1 off.
    ///   - appliesMask: whether masked payloads are unmasked; see ``FrameShape/appliesMask``.
    ///   - isTraced: whether each frame is told before it is read, and messages as those of a connection that is traced.
    ///   - isCounted: whether each frame is told before it is read.
    package init(
        role: Role, maxMessageSize: Int, compression: Bool, validatesText: Bool, maxFrameSize: Int = .max,
        acceptsEitherMasking: Bool = false, appliesMask: Bool = true, isTraced: Bool = false,
        isCounted: Bool = false
    ) {
        precondition(maxMessageSize >= 0 && maxFrameSize >= 0)
        self.role = role
        self.maxMessageSize = maxMessageSize
        self.maxFrameSize = maxFrameSize
        self.compression = compression
        self.validatesText = validatesText
        self.acceptsEitherMasking = acceptsEitherMasking
        self.appliesMask = appliesMask
        told = isTraced ? .both : isCounted ? .frames : .nothing
        plain = PlainFrame(masked: role == .server, compression: compression, validatesText: validatesText)
        plain.limit = plainLimit
    }

    /// The largest payload of a frame that may go the short way, as the state is; negative for none.
    private var plainLimit: Int {
        switch state {
        case .idle: acceptsEitherMasking || !appliesMask || tellsFrames ? -1 : min(maxMessageSize, maxFrameSize)
        case .fragments, .payload, .closed, .rawSocket, .rawSocketPayload: -1
        }
    }

    private var tellsFrames: Bool {
        switch told {
        case .frames, .both: true
        case .nothing, .messages: false
        }
    }

    var isTraced: Bool {
        switch told {
        case .messages, .both: true
        case .nothing, .frames: false
        }
    }

    private var collects: Bool {
        switch state {
        case .fragments, .payload, .rawSocketPayload: true
        case .idle, .closed, .rawSocket: false
        }
    }

    /// Bounds the messages that come from now on to so many octets, on the wire; one that is being collected, too.
    package mutating func limitMessages(to octets: Int) {
        precondition(octets >= 0)
        maxMessageSize = octets
        plain.limit = plainLimit
    }

    /// Octets of payload that are collected of a message.
    package var collectedCount: Int { collected.count }

    /// Exchanges the collected payload of the message that was last returned with ``MessagePlace/assembly`` for `buffer`,
    /// which is emptied.
    package mutating func exchangeAssembly(with buffer: inout ByteBuffer) {
        buffer.removeAll(keepingCapacity: false)
        swap(&collected, &buffer)
    }

    /// Octets of memory that the reader owns.
    package var ownedMemory: Int { collected.capacity }

    /// The next message or control frame in the unread bytes `window` of `buffer`, unmasked in place.
    ///
    /// Moves `window.lowerBound` past what was consumed. When `nil` is returned, what is left in `window` is the
    /// beginning of a frame: the caller keeps it and presents it again in front of the bytes that come next. After a
    /// Close frame or a violation everything is consumed and ignored.
    package mutating func next(
        in buffer: inout ByteBuffer, window: inout Range<Int>
    ) throws(ProtocolViolation) -> Inbound? {
        if let message = plain.read(in: &buffer, window: &window) { return message }
        return window.isEmpty ? nil : try readAny(in: &buffer, window: &window)
    }

    @inline(never)
    private mutating func readAny(
        in buffer: inout ByteBuffer, window: inout Range<Int>
    ) throws(ProtocolViolation) -> Inbound? {
        do throws(ProtocolViolation) {
            while true {
                switch state {
                case .idle:
                    guard let header = try FrameHeader.parse(buffer.span, in: window) else { return nil }
                    try check(header)
                    if tellsFrame() { return .frame }
                    if header.opcode.isControl { return try readControl(header, in: &buffer, window: &window) }
                    if header.isFinal {
                        if header.payloadCount <= window.count &- header.encodedCount {
                            return try readWhole(header, in: &buffer, window: &window)
                        }
                        if !collectsIncomplete(header) { return nil }
                    }
                    begin(header, window: &window)
                case .fragments(let message):
                    guard let header = try FrameHeader.parse(buffer.span, in: window) else { return nil }
                    try check(header)
                    if tellsFrame() { return .frame }
                    if header.opcode.isControl { return try readControl(header, in: &buffer, window: &window) }
                    enter(header, of: message, window: &window)
                case .payload(let message, let frame):
                    let (ended, inbound) = try collect(message, frame, in: &buffer, window: &window)
                    if inbound != nil || !ended { return inbound }
                case .rawSocket(let kind): return try readRawSocket(kind, in: &buffer, window: &window)
                case .rawSocketPayload(let kind, let remaining):
                    return collectRawSocket(kind, remaining, in: buffer, window: &window)
                case .closed:
                    window = window.upperBound..<window.upperBound
                    return nil
                }
            }
        } catch {
            state = .closed
            throw error
        }
    }

    // MARK: Rules

    /// The rules of a head that depend on the connection.
    private func check(_ header: FrameHeader) throws(ProtocolViolation) {
        if !acceptsEitherMasking {
            switch role {
            case .server: guard header.maskKey != nil else { throw .unmaskedClientFrame }
            case .client: guard header.maskKey == nil else { throw .maskedServerFrame }
            }
        }
        guard !header.opcode.isControl else { return }
        if header.isCompressed, !compression { throw .compressionNotNegotiated }
        var room = maxMessageSize
        switch state {
        case .idle:
            guard header.opcode != .continuation else { throw .unexpectedContinuation }
        case .fragments:
            guard header.opcode == .continuation else { throw .interruptedMessage }
            room &-= collected.count
        case .payload, .closed, .rawSocket, .rawSocketPayload:
            preconditionFailure("no head is read inside a payload")
        }
        guard header.payloadCount <= maxFrameSize else { throw .frameTooBig }
        guard header.payloadCount <= room else { throw .messageTooBig }
    }

    /// Whether the reader takes the beginning of an unfragmented frame: because it is large, or because its text is
    /// to fail at the first wrong octet.
    private func collectsIncomplete(_ header: FrameHeader) -> Bool {
        header.payloadCount > MessageReader.streamingThreshold
            || header.opcode == .text && !header.isCompressed && validatesText
    }

    private func validates(_ message: OpenMessage) -> Bool {
        switch message.kind {
        case .text: validatesText && !message.isCompressed
        case .binary: false
        }
    }

    /// Whether the frame that begins is to be told first.
    mutating func tellsFrame() -> Bool {
        guard tellsFrames, !hasToldFrame else { return false }
        hasToldFrame = true
        return true
    }

    private func arrived(_ message: OpenMessage, _ place: MessagePlace) -> Inbound {
        isTraced
            ? .traced(message.kind, compressed: message.isCompressed, place)
            : .message(message.kind, compressed: message.isCompressed, place)
    }

    // MARK: Frames that are complete in the buffer

    /// Unmasks the payload in place and consumes the frame.
    private mutating func takeFrame(
        _ header: FrameHeader, in buffer: inout ByteBuffer, window: inout Range<Int>
    ) -> Range<Int> {
        hasToldFrame = false
        let start = window.lowerBound &+ header.encodedCount
        let payload = start..<(start &+ header.payloadCount)
        if appliesMask, let key = header.maskKey { buffer.applyMask(littleEndianKey: key.byteSwapped, to: payload) }
        window = payload.upperBound..<window.upperBound
        return payload
    }

    private mutating func readWhole(
        _ header: FrameHeader, in buffer: inout ByteBuffer, window: inout Range<Int>
    ) throws(ProtocolViolation) -> Inbound {
        let message = OpenMessage(header)
        let payload = takeFrame(header, in: &buffer, window: &window)
        if validates(message), !UTF8Validator.isValid(buffer.span.extracting(payload)) { throw .invalidText }
        return arrived(message, .buffer(payload))
    }

    private mutating func readControl(
        _ header: FrameHeader, in buffer: inout ByteBuffer, window: inout Range<Int>
    ) throws(ProtocolViolation) -> Inbound? {
        guard header.payloadCount <= window.count &- header.encodedCount else { return nil }
        let payload = takeFrame(header, in: &buffer, window: &window)
        switch header.opcode {
        case .ping: return .ping(payload)
        case .pong: return .pong(payload)
        case .close: return try readClose(payload, in: buffer.span)
        case .continuation, .text, .binary: preconditionFailure("not a control frame")
        }
    }

    private mutating func readClose(
        _ payload: Range<Int>, in bytes: Span<UInt8>
    ) throws(ProtocolViolation) -> Inbound {
        guard !payload.isEmpty else {
            state = .closed
            return .close(nil, reason: payload)
        }
        guard payload.count >= 2 else { throw .truncatedClosePayload }
        let code = CloseCode(rawValue: bytes.bigEndian(UInt16.self, at: payload.lowerBound))
        guard code.mayBeOnTheWire else { throw .invalidCloseCode }
        let reason = (payload.lowerBound &+ 2)..<payload.upperBound
        guard UTF8Validator.isValid(bytes.extracting(reason)) else { throw .invalidCloseReason }
        state = .closed
        return .close(code, reason: reason)
    }

    // MARK: Payload that is collected

    /// Begins to collect a message with its first frame.
    private mutating func begin(_ header: FrameHeader, window: inout Range<Int>) {
        collected.removeAll(keepingCapacity: true)
        validator = UTF8Validator()
        enter(header, of: OpenMessage(header), window: &window)
    }

    private mutating func enter(_ header: FrameHeader, of message: OpenMessage, window: inout Range<Int>) {
        hasToldFrame = false
        let frame = OpenFrame(
            remaining: header.payloadCount, isFinal: header.isFinal,
            mask: appliesMask ? header.maskKey.map(XORMask.init(bigEndianKey:)) : nil)
        state = .payload(message, frame)
        window = (window.lowerBound &+ header.encodedCount)..<window.upperBound
    }

    /// Moves what is there of the frame's payload to the assembly.
    ///
    /// - Returns: whether the frame ended, and the message if it ended with it.
    private mutating func collect(
        _ message: OpenMessage, _ frame: OpenFrame, in buffer: inout ByteBuffer, window: inout Range<Int>
    ) throws(ProtocolViolation) -> (ended: Bool, Inbound?) {
        var frame = frame
        let count = min(frame.remaining, window.count)
        let piece = window.lowerBound..<(window.lowerBound &+ count)
        if var mask = frame.mask {
            buffer.applyMask(&mask, to: piece)
            frame.mask = mask
        }
        window = piece.upperBound..<window.upperBound
        if validates(message), !validator.consume(buffer.span.extracting(piece)) { throw .invalidText }
        collected.append(buffer.span.extracting(piece))
        frame.remaining &-= count
        guard frame.remaining == 0 else {
            state = .payload(message, frame)
            return (false, nil)
        }
        guard frame.isFinal else {
            state = .fragments(message)
            return (true, nil)
        }
        if validates(message), !validator.isComplete { throw .invalidText }
        state = .idle
        return (true, arrived(message, .assembly))
    }
}
