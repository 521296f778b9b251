import RennbahnBytes

// A connection that speaks RawSocket has the same reader, made for it: its states are others, and the short way of
// WebSocket frames (``PlainFrame``) is shut. So connections of both kinds are read by the same code, which asks nobody what
// they are.

extension MessageReader {
    /// A reader of RawSocket frames.
    ///
    /// - Parameters:
    ///   - kind: what the messages of the connection's serializer are.
    ///   - maxMessageSize: octets of one message, as the handshake announced.
    ///   - isTraced: messages are told as ``Inbound/traced(_:compressed:_:)``.
    ///   - isCounted: each frame is told before it is read.
    package init(
        rawSocket kind: MessageKind, maxMessageSize: Int, isTraced: Bool = false, isCounted: Bool = false
    ) {
        self.init(role: .server, maxMessageSize: maxMessageSize, compression: false, validatesText: false)
        told = isTraced ? isCounted ? .both : .messages : isCounted ? .frames : .nothing
        state = .rawSocket(kind)
        // What observes the state is not called by an initializer: it is this that shuts the short way.
        limitMessages(to: maxMessageSize)
    }

    /// The next frame, of one that is between two; `nil` when it is incomplete.
    mutating func readRawSocket(
        _ kind: MessageKind, in buffer: inout ByteBuffer, window: inout Range<Int>
    ) throws(ProtocolViolation) -> Inbound? {
        guard let header = try RawSocketHeader.parse(buffer.span, in: window) else { return nil }
        switch header.frame {
        case .message: guard header.payloadCount <= maxMessageSize else { throw .messageTooBig }
        case .ping, .pong:
            guard header.payloadCount <= min(maxMessageSize, RawSocketHeader.longestControlPayload) else {
                throw .oversizedControlFrame
            }
        }
        if tellsFrame() { return .frame }
        let start = window.lowerBound &+ RawSocketHeader.count
        guard header.payloadCount <= window.upperBound &- start else {
            guard header.payloadCount > MessageReader.streamingThreshold else { return nil }
            collected.removeAll(keepingCapacity: true)
            window = start..<window.upperBound
            state = .rawSocketPayload(kind, remaining: header.payloadCount)
            return collectRawSocket(kind, header.payloadCount, in: buffer, window: &window)
        }
        let payload = start..<(start &+ header.payloadCount)
        window = payload.upperBound..<window.upperBound
        switch header.frame {
        case .message: return inbound(kind, .buffer(payload))
        case .ping:
            hasToldFrame = false
            return .ping(payload)
        case .pong:
            hasToldFrame = false
            return .pong(payload)
        }
    }

    /// Moves what is there of a message to the assembly.
    mutating func collectRawSocket(
        _ kind: MessageKind, _ remaining: Int, in buffer: borrowing ByteBuffer, window: inout Range<Int>
    ) -> Inbound? {
        let count = min(remaining, window.count)
        let piece = window.lowerBound..<(window.lowerBound &+ count)
        collected.append(buffer.span.extracting(piece))
        window = piece.upperBound..<window.upperBound
        guard count == remaining else {
            state = .rawSocketPayload(kind, remaining: remaining &- count)
            return nil
        }
        state = .rawSocket(kind)
        return inbound(kind, .assembly)
    }

    /// A message is whole, and another frame may follow.
    private mutating func inbound(_ kind: MessageKind, _ place: MessagePlace) -> Inbound {
        switch told {
        case .nothing: return .message(kind, compressed: false, place)
        case .frames, .messages, .both:
            hasToldFrame = false
            return isTraced ? .traced(kind, compressed: false, place) : .message(kind, compressed: false, place)
        }
    }
}
