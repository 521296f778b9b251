import RennbahnBytes
import RennbahnWAMP
import RennbahnWebSocket

// The parts of a router on a message's way in, each with its own place in the stream.

struct FrameStage: ~Copyable {
    private var reader: MessageReader
    /// What is not read yet of the frames.
    private var window = 0..<0

    /// - Parameter compression: whether messages may be compressed.
    init(compression: Bool) {
        // As of a router: the scanner checks the text.
        reader = MessageReader(
            role: .server, maxMessageSize: StageInput.maxMessageSize, compression: compression, validatesText: false)
    }

    /// Where the payload of the next frame is. When the stream comes again it is masked again, which is the same work.
    @inline(__always)
    mutating func next(_ frames: inout ByteBuffer) throws(StageFailure) -> Range<Int> {
        if window.isEmpty { window = 0..<frames.count }
        do throws(ProtocolViolation) {
            if case .message(_, _, .buffer(let payload)) = try reader.next(in: &frames, window: &window) {
                return payload
            }
        } catch {}
        throw .wrongOutcome(.frame)
    }
}

struct InflateStage: ~Copyable {
    /// The message that was inflated last.
    private(set) var message = ByteBuffer()
    private var codec: PooledInflater?
    private var cycle: Cycle

    init(_ agreement: Agreement?, _ client: borrowing ClientStream) throws(StageFailure) {
        cycle = Cycle(client.count)
        if let agreement { codec = PooledInflater(.server, agreement) }
        for index in 0..<client.wire.beforeCount {
            // Each time, so that the buffer gets no larger than a loop's: how much room there is tells zlib which way to go.
            message.removeAll(keepingCapacity: true)
            try codec?.inflate(client.wire.before[index], into: &message)
        }
    }

    /// - Returns: whether there was something to inflate.
    @inline(__always)
    mutating func next(_ client: borrowing ClientStream) throws(StageFailure) -> Bool {
        let index = cycle.next()
        guard client.wire.isCompressed[index] else { return false }
        message.removeAll(keepingCapacity: true)
        try codec?.inflate(client.wire.payloads[index], into: &message)
        return true
    }
}

struct ScanStage {
    private let serializer: Serializer
    private var scanner = EnvelopeScanner()
    private var cycle: Cycle

    init(_ serializer: Serializer, _ count: Int) {
        self.serializer = serializer
        cycle = Cycle(count)
    }

    @inline(__always)
    mutating func next(_ client: borrowing ClientStream) throws(StageFailure) -> ScannedClientMessage {
        let index = cycle.next()
        do throws(WAMPViolation) {
            return try scanner.scanClientMessage(client.publishes[index], serializer: serializer)
        } catch {
            throw .wrongOutcome(.scan)
        }
    }
}

struct RouteStage: ~Copyable {
    private var router: SubscribedRouter
    private var cycle: Cycle

    init(_ ids: PublicationIDs, _ count: Int) {
        router = SubscribedRouter(ids)
        cycle = Cycle(count)
    }

    /// - Returns: receivers.
    @inline(__always)
    mutating func next(_ client: borrowing ClientStream) -> Int {
        let index = cycle.next()
        return router.publish(
            client.scans[index].message, topic: client.publishes[index].extracting(client.scans[index].uri.range))
    }

    /// What the last one became.
    mutating func event() -> EventIDs? { router.event() }
}
