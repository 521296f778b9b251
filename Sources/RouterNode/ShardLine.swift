import RennbahnBytes
import RennbahnReactor
import RennbahnRouter
import RennbahnTransport
import RennbahnWAMP

/// What travels between two shards besides the bytes it carries.
enum ShardRecord: BitwiseCopyable, Sendable {
    /// From the sending shard's router; `origin` is the connection whose message caused it, if one did.
    case router(ShardMessage, origin: LinkID)
    /// A receiver of this connection's messages is congested: it waits for it, until it need not any longer.
    case hold(LinkID, for: LinkID)
    case endHold(LinkID, inVain: Bool)
    /// Somebody who waits for this receiver has waited enough.
    case detach(LinkID)
    /// This connection's messages are fanned out for longer than a turn allows: it is not read until it may go on.
    case suspend(LinkID)
    case goOn(LinkID)
}

/// ```
/// record in a ring:  ShardHeader │ URI (uriCount octets) │ payload (the rest)
/// ```
struct ShardHeader: BitwiseCopyable, Sendable {
    var record: ShardRecord
    var uriCount: UInt32
    /// ``Serializer``'s raw value.
    private var serializer: UInt8
    private var elements: UInt8

    static let size = MemoryLayout<ShardHeader>.size

    /// The header at the start of a record that this process wrote.
    init(reading bytes: Span<UInt8>) {
        precondition(bytes.count >= ShardHeader.size, "a record is at least a header")
        self = unsafe bytes.withUnsafeBytes { unsafe $0.loadUnaligned(as: ShardHeader.self) }
    }

    init(_ record: ShardRecord, uriCount: Int = 0, payload: Payload = .none(.json)) {
        self.record = record
        self.uriCount = UInt32(truncatingIfNeeded: uriCount)
        serializer = payload.serializer.rawValue
        elements = payload.elements
    }

    /// What the payload behind the URI is.
    var payload: Payload {
        Payload(serializer: Serializer(rawValue: serializer) ?? .json, elements: elements)
    }

    func write(to buffer: inout ByteBuffer) {
        buffer.removeAll(keepingCapacity: true)
        unsafe withUnsafeBytes(of: self) { bytes in
            unsafe buffer.append(Span<UInt8>(_unsafeBytes: bytes))
        }
    }
}

extension LinkID {
    /// No connection: the control plane speaks for itself.
    static let none = LinkID(index: .max, generation: .max)
}

/// The way to one other shard: a ring, and behind it what did not fit.
///
/// The overflow is short by construction: whoever causes a record that does not fit is not read from until the
/// overflow is gone.
struct ShardLine: ~Copyable {
    private var producer: RingProducer
    private var overflow: [[UInt8]] = []
    private var overflowStart = 0
    private var overflowBytes = 0
    /// Most bytes that waited outside the ring at a time.
    private(set) var mostOverflowed = 0
    /// Connections to resume when the overflow is gone.
    private(set) var paused: [LinkID] = []
    private var header = ByteBuffer(capacity: ShardHeader.size)

    init(_ producer: consuming RingProducer) {
        self.producer = producer
    }

    var isOverflowing: Bool { overflowStart < overflow.count }

    /// Sends a record; false when it had to go to the overflow, so that its cause must be paused.
    mutating func send(_ head: ShardHeader, _ uri: Span<UInt8>, _ payload: Span<UInt8>) -> Bool {
        head.write(to: &header)
        if !isOverflowing, ShardLine.push(to: &producer, header, uri, payload) { return true }
        let record = header.span.copied() + uri.copied() + payload.copied()
        overflow.append(record)
        overflowBytes += record.count
        mostOverflowed = max(mostOverflowed, overflowBytes)
        return false
    }

    mutating func remember(_ paused: LinkID) {
        self.paused.append(paused)
    }

    /// Moves the overflow to the ring as far as it fits; returns whom to resume when it is empty now.
    mutating func drainOverflow() -> [LinkID] {
        while isOverflowing {
            guard pushOldest() else { return [] }
            overflowBytes -= overflow[overflowStart].count
            overflow[overflowStart] = []
            overflowStart += 1
        }
        overflow.removeAll(keepingCapacity: true)
        overflowStart = 0
        defer { paused.removeAll() }
        return paused
    }

    private mutating func pushOldest() -> Bool {
        let record = overflow[overflowStart]
        return producer.push(record.span)
    }

    private static func push(
        to producer: inout RingProducer, _ header: borrowing ByteBuffer, _ uri: Span<UInt8>, _ payload: Span<UInt8>
    ) -> Bool {
        producer.push(header.span, uri, payload)
    }
}
