import Bytes
import Router
import WAMP
import WebSocket

/// The path of a message through one shard, without its sockets: what a client writes, the frame, the scan, the route,
/// and what the receivers' queues get.
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
    private var nextRequest: UInt64 = 1
    /// The request id of the INVOCATION that waits for its YIELD.
    private(set) var invocation: UInt64?
    /// Messages that were queued for receivers.
    private(set) var queued = 0

    /// - Parameter random: as ``RandomReservoir`` wants it.
    init(serializer: Serializer, sessions: Int, random: @escaping @Sendable (inout [UInt64]) -> Void) {
        self.serializer = serializer
        router = ShardRouter(
            configuration: RouterConfiguration(realms: ["realm1"]), shard: 0, shards: 1,
            random: RandomReservoir(refill: random), hashSeed: 0x5eed)
        reader = MessageReader(role: .server, maxMessageSize: 1 << 20, compression: false, validatesText: false)
        queues = [OutputQueue](repeating: OutputQueue(), count: sessions)
        let realm = Array("realm1".utf8)
        for index in 0..<sessions {
            router.hello(HelloDetails(roles: .all), realm: realm.span, from: Line.handle(index), into: &effects)
            effects.removeAll()
        }
    }

    private static func handle(_ index: Int) -> SessionHandle {
        SessionHandle(index: UInt32(index), generation: 0)
    }

    // MARK: What clients write

    mutating func subscribe(_ session: Int, to topic: [UInt8], match: MatchPolicy = .exact) throws {
        client.removeAll(keepingCapacity: true)
        MessageWriter.subscribe(serializer, request: takeRequest(), match: match, topic: topic.span, into: &client)
        try deliver(from: session)
    }

    mutating func register(_ session: Int, as procedure: [UInt8], match: MatchPolicy = .exact) throws {
        client.removeAll(keepingCapacity: true)
        MessageWriter.register(
            serializer, request: takeRequest(), match: match, procedure: procedure.span, into: &client)
        try deliver(from: session)
    }

    mutating func publish(_ session: Int, topic: [UInt8], args: [UInt8]) throws {
        client.removeAll(keepingCapacity: true)
        MessageWriter.publish(
            serializer, request: takeRequest(), acknowledge: true, topic: topic.span,
            payload: Payload(serializer: serializer, elements: 1), args.span, into: &client)
        try deliver(from: session)
    }

    mutating func call(_ session: Int, procedure: [UInt8], args: [UInt8]) throws {
        client.removeAll(keepingCapacity: true)
        MessageWriter.call(
            serializer, request: takeRequest(), procedure: procedure.span,
            payload: Payload(serializer: serializer, elements: 1), args.span, into: &client)
        try deliver(from: session)
    }

    mutating func yield(_ session: Int, invocation: UInt64, args: [UInt8]) throws {
        client.removeAll(keepingCapacity: true)
        MessageWriter.yield(
            serializer, request: invocation, payload: Payload(serializer: serializer, elements: 1), args.span,
            into: &client)
        try deliver(from: session)
    }

    private mutating func takeRequest() -> UInt64 {
        defer { nextRequest += 1 }
        return nextRequest
    }

    // MARK: What the shard does with it

    /// Frames and masks what the client wrote, reads it back as the shard does, and carries out what its router says.
    private mutating func deliver(from session: Int) throws {
        // Held apart from the rest of the line, which changes while these bytes are borrowed.
        var received = ByteBuffer()
        swap(&received, &self.received)
        defer { swap(&received, &self.received) }
        received.removeAll(keepingCapacity: true)
        FrameWriter.append(
            opcode: serializer.isBinary ? .binary : .text, payload: client.span, maskKey: 0x1234_5678, to: &received)
        var window = 0..<received.count
        while let inbound = try reader.next(in: &received, window: &window) {
            guard case .message(_, compressed: false, .buffer(let range)) = inbound else { continue }
            let bytes = received.span.extracting(range)
            let scanned = try scanner.scanClientMessage(bytes, serializer: serializer)
            let uri = bytes.extracting(scanned.uri.range)
            router.receive(scanned.message, from: Line.handle(session), uri: uri, into: &effects)
            for index in 0..<effects.list.count {
                carryOut(effects.list[index], uri, scanned.payload, bytes.extracting(scanned.payloadRange))
            }
            effects.removeAll()
        }
        for index in queues.indices where !queues[index].isEmpty { pool.clear(&queues[index]) }
    }

    private mutating func carryOut(
        _ effect: Effect, _ uri: Span<UInt8>, _ payload: Payload, _ bytes: Span<UInt8>
    ) {
        message.removeAll(keepingCapacity: true)
        switch effect {
        case .event(let subscription, let publication, let recipients, let carriesTopic):
            if carriesTopic {
                MessageWriter.event(
                    serializer, subscription: subscription, publication: publication, topic: uri, payload: payload,
                    bytes, into: &message)
            } else {
                MessageWriter.event(
                    serializer, subscription: subscription, publication: publication, payload: payload, bytes,
                    into: &message)
            }
            buildFrame()
            for position in recipients { queue(for: effects.recipients[position]) }
        case .published(let session, let request, let publication):
            MessageWriter.published(serializer, request: request, publication: publication, into: &message)
            send(to: session)
        case .invocation(let session, let request, let registration, let carriesProcedure):
            invocation = request
            if carriesProcedure {
                MessageWriter.invocation(
                    serializer, request: request, registration: registration, procedure: uri, payload: payload, bytes,
                    into: &message)
            } else {
                MessageWriter.invocation(
                    serializer, request: request, registration: registration, payload: payload, bytes, into: &message)
            }
            send(to: session)
        case .result(let session, let request):
            invocation = nil
            MessageWriter.result(serializer, request: request, payload: payload, bytes, into: &message)
            send(to: session)
        case .welcome, .abort, .goodbye, .error, .subscribed, .unsubscribed, .registered, .unregistered, .callError,
            .interrupt, .forward, .close:
            break
        }
    }

    private mutating func send(to session: SessionHandle) {
        buildFrame()
        queue(for: session)
    }

    /// Puts the head of a frame in front of the message.
    private mutating func buildFrame() {
        Line.frame(message, isBinary: serializer.isBinary, into: &frame)
    }

    private static func frame(_ message: borrowing ByteBuffer, isBinary: Bool, into frame: inout ByteBuffer) {
        frame.removeAll(keepingCapacity: true)
        FrameHeader.appendServerHeader(
            opcode: isBinary ? .binary : .text, compressed: false, payloadCount: message.count, to: &frame)
        frame.append(message.span)
    }

    private mutating func queue(for session: SessionHandle) {
        Line.append(frame, to: &queues[Int(session.index)], of: &pool)
        queued += 1
    }

    private static func append(
        _ frame: borrowing ByteBuffer, to queue: inout OutputQueue, of pool: inout ChunkPool
    ) {
        pool.append(frame.span, to: &queue)
    }
}
