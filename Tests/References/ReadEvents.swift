import RennbahnBytes
package import RennbahnWebSocket

/// What came out of a reader, copied.
package enum Event: Equatable, CustomStringConvertible {
    case message(MessageKind, compressed: Bool, [UInt8])
    case ping([UInt8])
    case pong([UInt8])
    case close(UInt16?, [UInt8])
    case violation(ProtocolViolation)

    package var description: String {
        switch self {
        case .message(let kind, let compressed, let bytes):
            "message(\(kind), compressed: \(compressed), \(bytes.count) octets \(bytes.prefix(16)))"
        case .ping(let bytes): "ping(\(bytes))"
        case .pong(let bytes): "pong(\(bytes))"
        case .close(let code, let reason): "close(\(code.map(String.init) ?? "none"), \(reason))"
        case .violation(let violation): "violation(\(violation))"
        }
    }
}

/// What a reader is made with.
package struct ReaderSetup: Sendable {
    package var role: Role
    package var maxMessageSize: Int
    package var compression: Bool
    package var validatesText: Bool
    package var maxFrameSize: Int
    package var acceptsEitherMasking: Bool
    package var appliesMask: Bool
    package var isTraced: Bool
    package var isCounted: Bool

    package init(
        role: Role = .server, maxMessageSize: Int = 1 << 20, compression: Bool = false, validatesText: Bool = true,
        maxFrameSize: Int = .max, acceptsEitherMasking: Bool = false, appliesMask: Bool = true, isTraced: Bool = false,
        isCounted: Bool = false
    ) {
        self.role = role
        self.maxMessageSize = maxMessageSize
        self.compression = compression
        self.validatesText = validatesText
        self.maxFrameSize = maxFrameSize
        self.acceptsEitherMasking = acceptsEitherMasking
        self.appliesMask = appliesMask
        self.isTraced = isTraced
        self.isCounted = isCounted
    }

    package func reader() -> MessageReader {
        MessageReader(
            role: role, maxMessageSize: maxMessageSize, compression: compression, validatesText: validatesText,
            maxFrameSize: maxFrameSize, acceptsEitherMasking: acceptsEitherMasking, appliesMask: appliesMask,
            isTraced: isTraced, isCounted: isCounted)
    }
}

/// Feeds `bytes` to a reader in pieces that end at `cuts`, as a shard does: what the reader leaves is kept and
/// presented again in front of the next piece.
package func read(_ bytes: [UInt8], cuts: [Int] = [], _ setup: ReaderSetup = ReaderSetup()) -> Reading {
    var reader = setup.reader()
    return read(bytes, cuts: cuts, with: &reader)
}

package func read(_ bytes: [UInt8], cuts: [Int], with reader: inout MessageReader) -> Reading {
    var reading = Reading()
    var kept: [UInt8] = []
    var start = 0
    for end in cuts + [bytes.count] {
        var buffer = ByteBuffer()
        // A few octets in front, as when another connection's bytes lie there.
        buffer.append("front")
        let piece = kept + bytes[start..<end]
        buffer.append(piece.span)
        start = end
        var window = 5..<buffer.count
        do {
            while let inbound = try reader.next(in: &buffer, window: &window) {
                if inbound == .frame { reading.frames.append(try FrameHeader.parse(buffer.span, in: window)) }
                reading.take(inbound, buffer, &reader)
            }
        } catch {
            reading.events.append(.violation(error))
            return reading
        }
        kept = Array(buffer.span.copied()[window])
        reading.mostKept = max(reading.mostKept, kept.count)
        reading.mostOwned = max(reading.mostOwned, reader.ownedMemory)
    }
    reading.ownedAtEnd = reader.ownedMemory
    return reading
}

package struct Reading {
    package fileprivate(set) var events: [Event] = []
    /// The frames that were told.
    package fileprivate(set) var frames: [FrameHeader?] = []
    /// How many messages were handed on as a range of the buffer.
    package private(set) var inPlace = 0
    /// The most octets that the caller had to keep.
    package fileprivate(set) var mostKept = 0
    /// The most memory that the reader had after a piece.
    package fileprivate(set) var mostOwned = 0
    package fileprivate(set) var ownedAtEnd = 0

    fileprivate mutating func take(_ inbound: Inbound, _ buffer: borrowing ByteBuffer, _ reader: inout MessageReader) {
        let bytes = buffer.span
        switch inbound {
        case .message(let kind, let compressed, .buffer(let range)),
            .traced(let kind, let compressed, .buffer(let range)):
            inPlace += 1
            events.append(.message(kind, compressed: compressed, bytes.extracting(range).copied()))
        case .message(let kind, let compressed, .assembly), .traced(let kind, let compressed, .assembly):
            events.append(.message(kind, compressed: compressed, reader.taken()))
        case .frame: break
        case .ping(let range): events.append(.ping(bytes.extracting(range).copied()))
        case .pong(let range): events.append(.pong(bytes.extracting(range).copied()))
        case .close(let code, let range): events.append(.close(code?.rawValue, bytes.extracting(range).copied()))
        }
    }
}

extension MessageReader {
    /// The collected message, which the reader then owns no longer.
    package mutating func taken() -> [UInt8] {
        var message = ByteBuffer()
        exchangeAssembly(with: &message)
        return message.span.copied()
    }
}
