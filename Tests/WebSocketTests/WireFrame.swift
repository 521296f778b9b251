import RennbahnBytes
import RennbahnWebSocket

/// A frame as a test writes it, octet by octet, with every freedom to break the rules.
struct WireFrame {
    var first: UInt8
    var payload: [UInt8]
    var mask: [UInt8]?
    /// How many octets the length takes on the wire beyond the seven bits: 0, 2 or 8; `nil` for the shortest form.
    var lengthOctets: Int?
    /// The length that is announced, if not that of the payload.
    var announced: UInt64?

    init(_ first: UInt8, _ payload: [UInt8] = [], mask: [UInt8]? = [0x37, 0xfa, 0x21, 0x3d]) {
        self.first = first
        self.payload = payload
        self.mask = mask
    }

    init(_ first: UInt8, _ text: String, mask: [UInt8]? = [0x37, 0xfa, 0x21, 0x3d]) {
        self.init(first, Array(text.utf8), mask: mask)
    }

    var bytes: [UInt8] {
        let length = announced ?? UInt64(payload.count)
        let octets = lengthOctets ?? (length < 126 ? 0 : length < 65536 ? 2 : 8)
        let short = octets == 0 ? UInt8(length) : octets == 2 ? 126 : 127
        var bytes = [first, short | (mask == nil ? 0 : 0x80)]
        for index in 0..<octets { bytes.append(UInt8(truncatingIfNeeded: length >> UInt64(8 * (octets - 1 - index)))) }
        bytes += mask ?? []
        for (index, octet) in payload.enumerated() { bytes.append(octet ^ (mask?[index % 4] ?? 0)) }
        return bytes
    }
}

/// What came out of a reader, copied.
enum Event: Equatable, CustomStringConvertible {
    case message(MessageKind, compressed: Bool, [UInt8])
    case ping([UInt8])
    case pong([UInt8])
    case close(UInt16?, [UInt8])
    case violation(ProtocolViolation)

    var description: String {
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
struct ReaderSetup: Sendable {
    var role = Role.server
    var maxMessageSize = 1 << 20
    var compression = false
    var validatesText = true
    var maxFrameSize = Int.max
    var acceptsEitherMasking = false
    var appliesMask = true
    var isTraced = false
    var isCounted = false

    func reader() -> MessageReader {
        MessageReader(
            role: role, maxMessageSize: maxMessageSize, compression: compression, validatesText: validatesText,
            maxFrameSize: maxFrameSize, acceptsEitherMasking: acceptsEitherMasking, appliesMask: appliesMask,
            isTraced: isTraced, isCounted: isCounted)
    }
}

/// Feeds `bytes` to a reader in pieces that end at `cuts`, as a shard does: what the reader leaves is kept and
/// presented again in front of the next piece.
func read(_ bytes: [UInt8], cuts: [Int] = [], _ setup: ReaderSetup = ReaderSetup()) -> Reading {
    var reader = setup.reader()
    return read(bytes, cuts: cuts, with: &reader)
}

func read(_ bytes: [UInt8], cuts: [Int], with reader: inout MessageReader) -> Reading {
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

struct Reading {
    var events: [Event] = []
    /// The frames that were told.
    var frames: [FrameHeader?] = []
    /// How many messages were handed on as a range of the buffer.
    var inPlace = 0
    /// The most octets that the caller had to keep.
    var mostKept = 0
    /// The most memory that the reader had after a piece.
    var mostOwned = 0
    var ownedAtEnd = 0

    mutating func take(_ inbound: Inbound, _ buffer: borrowing ByteBuffer, _ reader: inout MessageReader) {
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
    mutating func taken() -> [UInt8] {
        var message = ByteBuffer()
        exchangeAssembly(with: &message)
        return message.span.copied()
    }
}
