import RennbahnBytes
import RennbahnTransport
import RennbahnWAMP

/// The parts of a router that a message passes, those that `LinkLoop` and `RouterShard` put together, without the loop around
/// them: a stage can be repeated by itself.
///
/// Each stage goes through the stream at its own pace. What it takes from the stage before was made when the path was set up, and
/// lies in memory one behind the other, as in a receive buffer.
struct StagePath: ~Copyable, StageWork {
    /// Its stages.
    private(set) var parts: [Stage] = []
    private(set) var client: ClientStream
    private var framing: FrameStage
    private(set) var inflating: InflateStage
    private var scanning: ScanStage
    private var routing: RouteStage
    private var building: BuildStage
    private var events = Messages()
    private var deflating: DeflateStage
    /// Of all outcomes, so that none is left out by an optimizer.
    private var digest = 0

    /// Messages of the stream.
    var messages: Int { client.count }

    /// Sets the path up by sending the whole stream through it, so that the codecs have their contexts and the buffers their
    /// sizes.
    ///
    /// - Parameter receive: gets each frame that goes to the subscriber, with the number of its message in the stream.
    static func make(
        _ input: StageInput, _ ids: PublicationIDs,
        receive: (_ index: Int, _ frame: Span<UInt8>) throws(StageFailure) -> Void
    ) throws(StageFailure) -> StagePath {
        let agreement = try Agreement(input.deflate)
        let client = try ClientStream(input, agreement)
        let inflating = try InflateStage(agreement, client)
        var path = StagePath(input.serializer, ids, agreement, client, inflating)
        try path.carryStream(receive)
        return path
    }

    private mutating func carryStream(
        _ receive: (_ index: Int, _ frame: Span<UInt8>) throws(StageFailure) -> Void
    ) throws(StageFailure) {
        var stages: Set<Stage> = [.frame, .scan, .route, .build]
        for index in 0..<messages {
            if try takeIn(index) { stages.insert(.inflate) }
            if try giveOut() {
                stages.insert(.deflate)
                try receive(index, deflating.forms.frame)
            } else {
                try receive(index, building.message.plainFrame)
            }
        }
        parts = Stage.allCases.filter(stages.contains)
    }

    /// A path that nothing has taken yet.
    private init(
        _ serializer: Serializer, _ ids: PublicationIDs, _ agreement: Agreement?, _ client: consuming ClientStream,
        _ inflating: consuming InflateStage
    ) {
        let count = client.count
        let threshold = agreement?.threshold ?? .max
        framing = FrameStage(compression: agreement != nil)
        scanning = ScanStage(serializer, count)
        routing = RouteStage(ids, count)
        building = BuildStage(serializer, threshold: threshold, count)
        deflating = DeflateStage(serializer, threshold: threshold, agreement, count)
        self.client = client
        self.inflating = inflating
    }

    /// A path whose subscriber gets what was published.
    static func checked(_ input: StageInput, _ ids: PublicationIDs) throws(StageFailure) -> StagePath {
        let subscriber = Subscriber(input, try Agreement(input.deflate))
        return try make(input, ids) { (index, frame) throws(StageFailure) in try subscriber.receive(index, frame) }
    }

    /// The way of a message up to the router.
    ///
    /// - Returns: whether it was compressed.
    private mutating func takeIn(_ index: Int) throws(StageFailure) -> Bool {
        let payload = try framing.next(&client.wire.frames)
        guard client.wire.frames.span.extracting(payload).equals(client.wire.payloads[index]) else {
            throw .wrongOutcome(.frame)
        }
        let isCompressed = try inflating.next(client)
        guard !isCompressed || inflating.message.span.equals(client.publishes[index]) else {
            throw .wrongOutcome(.inflate)
        }
        guard try scanning.next(client) == client.scans[index] else { throw .wrongOutcome(.scan) }
        return isCompressed
    }

    /// The way from there to the subscriber.
    ///
    /// - Returns: whether it is compressed.
    private mutating func giveOut() throws(StageFailure) -> Bool {
        guard routing.next(client) == 1, let ids = routing.event() else { throw .wrongOutcome(.route) }
        building.append(ids, client)
        guard building.next(client) > 0 else { throw .wrongOutcome(.build) }
        var event = ByteBuffer()
        building.message.copyPayload(to: &event)
        events.append(event.span)
        return deflating.next(events) > 0
    }

    // MARK: Repeated; counted by their names (``CallgrindProfile``)

    mutating func run(_ stage: Stage, _ count: Int) throws(StageFailure) {
        digest = 0
        switch stage {
        case .frame: try frameMessages(count)
        case .inflate: try inflateMessages(count)
        case .scan: try scanMessages(count)
        case .route: routeMessages(count)
        case .build: buildMessages(count)
        case .deflate: deflateMessages(count)
        }
        guard digest > 0 else { throw .wrongOutcome(stage) }
    }

    @inline(never)
    private mutating func frameMessages(_ count: Int) throws(StageFailure) {
        for _ in 0..<count { digest &+= try framing.next(&client.wire.frames).count }
    }

    @inline(never)
    private mutating func inflateMessages(_ count: Int) throws(StageFailure) {
        for _ in 0..<count {
            _ = try inflating.next(client)
            digest &+= inflating.message.count
        }
    }

    @inline(never)
    private mutating func scanMessages(_ count: Int) throws(StageFailure) {
        for _ in 0..<count { digest &+= try scanning.next(client).uri.range.count }
    }

    @inline(never)
    private mutating func routeMessages(_ count: Int) {
        for _ in 0..<count { digest &+= routing.next(client) }
    }

    @inline(never)
    private mutating func buildMessages(_ count: Int) {
        for _ in 0..<count { digest &+= building.next(client) }
    }

    @inline(never)
    private mutating func deflateMessages(_ count: Int) {
        for _ in 0..<count { digest &+= deflating.next(events) }
    }
}
