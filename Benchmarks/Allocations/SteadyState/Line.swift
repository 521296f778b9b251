import AllocationCounter
import RennbahnBytes
import RennbahnRouter
import RennbahnWAMP
import RennbahnWebSocket

/// The path of a message through one shard, without its sockets: what a client writes, the frame, the scan, the route,
/// and what the receivers' queues get. The shard's steps are functions that are not inlined, so that a profile has them
/// by name.
struct Line: ~Copyable {
    private let serializer: Serializer
    private var router: ShardRouter
    private var effects = Effects()
    private var reader: MessageReader
    private var scanner = EnvelopeScanner()
    private var received = ByteBuffer(capacity: 64 * 1024)
    private var client = ByteBuffer(capacity: 64 * 1024)
    private var message = ByteBuffer(capacity: 64 * 1024)
    private var frame = ByteBuffer(capacity: 64 * 1024)
    private var pool = ChunkPool()
    private var queues: [OutputQueue]
    private var compression: LineCompression
    private var inflated = ByteBuffer(capacity: 64 * 1024)
    private var compressed = ByteBuffer(capacity: 64 * 1024)
    private var nextRequest: UInt64 = 1
    /// The request id of the INVOCATION that waits for its YIELD.
    private(set) var invocation: UInt64?
    /// Messages that were queued for receivers.
    private(set) var queued = 0
    /// Blocks that the shard's part of the path has allocated.
    private(set) var allocations: UInt64 = 0
    /// Octets of all frames, of clients and for them.
    private(set) var wireBytes = 0

    /// - Parameter random: as ``RandomReservoir`` wants it.
    init(
        serializer: Serializer, sessions: Int, compression: Bool, random: @escaping @Sendable (inout [UInt64]) -> Void
    ) {
        self.serializer = serializer
        router = ShardRouter(
            configuration: RouterConfiguration(realms: ["realm1"]), shard: 0, shards: 1,
            random: RandomReservoir(refill: random), hashSeed: 0x5eed)
        reader = MessageReader(role: .server, maxMessageSize: 1 << 20, compression: compression, validatesText: false)
        queues = [OutputQueue](repeating: OutputQueue(), count: sessions)
        self.compression = LineCompression(isOn: compression, sessions: sessions)
        let realm = Array("realm1".utf8)
        for index in 0..<sessions {
            router.hello(realm: realm.span, from: Line.handle(index), into: &effects)
            effects.removeAll()
        }
    }

    private static func handle(_ index: Int) -> SessionHandle {
        SessionHandle(index: UInt32(index), generation: 0)
    }

    // MARK: What clients write

    mutating func subscribe(_ session: Int, to topic: [UInt8]) throws {
        client.removeAll(keepingCapacity: true)
        MessageWriter.subscribe(serializer, request: takeRequest(), topic: topic.span, into: &client)
        try send(from: session)
    }

    mutating func register(_ session: Int, as procedure: [UInt8]) throws {
        client.removeAll(keepingCapacity: true)
        MessageWriter.register(serializer, request: takeRequest(), procedure: procedure.span, into: &client)
        try send(from: session)
    }

    mutating func publish(_ session: Int, topic: [UInt8], args: [UInt8], acknowledge: Bool) throws {
        client.removeAll(keepingCapacity: true)
        MessageWriter.publish(
            serializer, request: takeRequest(), acknowledge: acknowledge, topic: topic.span,
            payload: Payload(serializer: serializer, elements: 1), args.span, into: &client)
        try send(from: session)
    }

    mutating func call(_ session: Int, procedure: [UInt8], args: [UInt8]) throws {
        client.removeAll(keepingCapacity: true)
        MessageWriter.call(
            serializer, request: takeRequest(), procedure: procedure.span,
            payload: Payload(serializer: serializer, elements: 1), args.span, into: &client)
        try send(from: session)
    }

    mutating func yield(_ session: Int, invocation: UInt64, args: [UInt8]) throws {
        client.removeAll(keepingCapacity: true)
        MessageWriter.yield(
            serializer, request: invocation, payload: Payload(serializer: serializer, elements: 1), args.span,
            into: &client)
        try send(from: session)
    }

    private mutating func takeRequest() -> UInt64 {
        defer { nextRequest += 1 }
        return nextRequest
    }

    /// Frames and masks what the client wrote, and has the shard work it off.
    private mutating func send(from session: Int) throws {
        received.removeAll(keepingCapacity: true)
        if compression.isOn {
            compression.compressForShard(session, client, into: &compressed)
            Line.maskedFrame(compressed, isBinary: serializer.isBinary, compressed: true, into: &received)
        } else {
            Line.maskedFrame(client, isBinary: serializer.isBinary, compressed: false, into: &received)
        }
        wireBytes += received.count
        let before = allocation_counter_allocations()
        try serve(session)
        allocations += allocation_counter_allocations() - before
    }

    private static func maskedFrame(
        _ message: borrowing ByteBuffer, isBinary: Bool, compressed: Bool, into frame: inout ByteBuffer
    ) {
        FrameWriter.append(
            opcode: isBinary ? .binary : .text, compressed: compressed, payload: message.span, maskKey: 0x1234_5678,
            to: &frame)
    }

    // MARK: What the shard does with it

    /// The whole path: what `scripts/tier0` counts.
    @inline(never)
    private mutating func serve(_ session: Int) throws {
        // Held apart from the rest of the line, which changes while these bytes are borrowed.
        var received = ByteBuffer()
        swap(&received, &self.received)
        defer { swap(&received, &self.received) }
        var window = 0..<received.count
        while let range = try parse(&received, &window) {
            if compression.isOn {
                try inflate(received.span.extracting(range), session)
                var inflated = ByteBuffer()
                swap(&inflated, &self.inflated)
                defer { swap(&inflated, &self.inflated) }
                try workOff(inflated.span, session)
            } else {
                try workOff(received.span.extracting(range), session)
            }
        }
        flush()
    }

    @inline(__always)
    private mutating func workOff(_ bytes: Span<UInt8>, _ session: Int) throws {
        let scanned = try scan(bytes)
        route(scanned.message, from: session, bytes.extracting(scanned.uri.range))
        for index in 0..<effects.list.count {
            let effect = effects.list[index]
            let uri = bytes.extracting(scanned.uri.range)
            guard build(effect, uri, scanned.payload, bytes.extracting(scanned.payloadRange)) else { continue }
            enqueue(effect)
        }
        effects.removeAll()
    }

    @inline(never)
    private mutating func inflate(_ bytes: Span<UInt8>, _ session: Int) throws {
        try compression.inflate(session, bytes, into: &inflated)
    }

    /// The frame of the message in hand, compressed for one session: its context is its own.
    @inline(never)
    private mutating func deflate(_ session: Int) {
        compression.deflate(session, message, into: &compressed)
        Line.frame(compressed, isBinary: serializer.isBinary, compressed: true, into: &frame)
    }

    /// The next message's place in `received`, unmasked.
    @inline(never)
    private mutating func parse(_ received: inout ByteBuffer, _ window: inout Range<Int>) throws -> Range<Int>? {
        while let inbound = try reader.next(in: &received, window: &window) {
            guard case .message(_, _, .buffer(let range)) = inbound else { continue }
            return range
        }
        return nil
    }

    @inline(never)
    private mutating func scan(_ bytes: Span<UInt8>) throws -> ScannedClientMessage {
        try scanner.scanClientMessage(bytes, serializer: serializer)
    }

    @inline(never)
    private mutating func route(_ message: ClientMessage, from session: Int, _ uri: Span<UInt8>) {
        router.receive(message, from: Line.handle(session), uri: uri, into: &effects)
    }

    /// Writes the effect's message and its frame; false when it has none.
    @inline(never)
    private mutating func build(
        _ effect: Effect, _ uri: Span<UInt8>, _ payload: Payload, _ bytes: Span<UInt8>
    ) -> Bool {
        message.removeAll(keepingCapacity: true)
        switch effect {
        case .event(let subscription, let publication, _, let carriesTopic):
            if carriesTopic {
                MessageWriter.event(
                    serializer, subscription: subscription, publication: publication, topic: uri, payload: payload,
                    bytes, into: &message)
            } else {
                MessageWriter.event(
                    serializer, subscription: subscription, publication: publication, payload: payload, bytes,
                    into: &message)
            }
        case .published(_, let request, let publication):
            MessageWriter.published(serializer, request: request, publication: publication, into: &message)
        case .invocation(_, let request, let registration, let carriesProcedure):
            invocation = request
            if carriesProcedure {
                MessageWriter.invocation(
                    serializer, request: request, registration: registration, procedure: uri, payload: payload, bytes,
                    into: &message)
            } else {
                MessageWriter.invocation(
                    serializer, request: request, registration: registration, payload: payload, bytes, into: &message)
            }
        case .result(_, let request):
            invocation = nil
            MessageWriter.result(serializer, request: request, payload: payload, bytes, into: &message)
        case .welcome, .abort, .goodbye, .error, .subscribed, .unsubscribed, .registered, .unregistered, .callError,
            .interrupt, .forward, .close, .publicationRefused:
            return false
        }
        if !compression.isOn { Line.frame(message, isBinary: serializer.isBinary, compressed: false, into: &frame) }
        return true
    }

    /// Puts the head of a frame in front of the message.
    private static func frame(
        _ message: borrowing ByteBuffer, isBinary: Bool, compressed: Bool, into frame: inout ByteBuffer
    ) {
        frame.removeAll(keepingCapacity: true)
        FrameHeader.appendServerHeader(
            opcode: isBinary ? .binary : .text, compressed: compressed, payloadCount: message.count, to: &frame)
        frame.append(message.span)
    }

    /// Puts the frame into the queues of the effect's receivers: a copy for one, the turn's bytes for several.
    @inline(never)
    private mutating func enqueue(_ effect: Effect) {
        switch effect {
        case .event(_, _, let recipients, _):
            if recipients.count == 1 || compression.isOn {
                for position in recipients { queue(for: effects.recipients[position]) }
            } else {
                share(with: recipients)
            }
        case .published(let session, _, _), .invocation(let session, _, _, _), .result(let session, _):
            queue(for: session)
        case .welcome, .abort, .goodbye, .error, .subscribed, .unsubscribed, .registered, .unregistered, .callError,
            .interrupt, .forward, .close, .publicationRefused:
            break
        }
    }

    private mutating func queue(for session: SessionHandle) {
        if compression.isOn { deflate(Int(session.index)) }
        Line.append(frame, to: &queues[Int(session.index)], of: &pool)
        wireBytes += frame.count
        queued += 1
    }

    private mutating func share(with recipients: Range<Int>) {
        // Of the message before: its queues are empty.
        pool.endTurn()
        let shared = Line.share(frame, in: &pool)
        for position in recipients {
            pool.append(shared, to: &queues[Int(effects.recipients[position].index)])
            wireBytes += shared.count
            queued += 1
        }
        pool.release(shared)
    }

    private static func share(_ frame: borrowing ByteBuffer, in pool: inout ChunkPool) -> SharedFrame {
        pool.share(frame.span)
    }

    private static func append(
        _ frame: borrowing ByteBuffer, to queue: inout OutputQueue, of pool: inout ChunkPool
    ) {
        pool.append(frame.span, to: &queue)
    }

    /// Empties the queues, as sends that take everything do.
    @inline(never)
    private mutating func flush() {
        for index in queues.indices where !queues[index].isEmpty {
            pool.consume(queues[index].count, from: &queues[index])
        }
    }
}
