import Logging
import RennbahnAuthentication
import RennbahnBytes
import RennbahnReactor
import RennbahnRouter
import RennbahnTransport
import RennbahnWAMP
import RennbahnWebSocket

/// One shard of a router: its connections, its part of the routing state, and the lines to the other shards.
///
/// Ownership: everything in it belongs to the thread that calls ``run()``; ``ShardControl`` and the rings are the only
/// ways in from outside.
package final class RouterShard {
    let shard: Int
    let loop: LinkLoop
    let control: ShardControl
    /// Of ``control``: reached through it, it would be retained in every turn.
    private let wakeUp: WakeUp
    /// The wake-ups of all shards, to ring the bell after records were pushed.
    let peers: [ShardControl]
    /// The shards whose bell is to be rung at the end of the turn, a bit each.
    let bells = Box<UInt64>(0)
    /// To each shard, by its number; the one to itself is never used.
    let outgoing: Slab<ShardLine>
    /// From each shard, likewise.
    let incoming: Slab<RingConsumer>

    let router: Box<RoutingCore>
    let scanner = Box(EnvelopeScanner())
    let effects = Box(Effects())
    /// The slot of each connection's serializer, by the connection's.
    let serializers: Box<FlatList<UInt8>>
    /// A message being built, for each serializer.
    let messages: Slab<OutgoingMessage>
    /// The input's payload in another serializer, whose slot is ``transcodedTo``.
    let transcoded = Box(ByteBuffer())
    /// ``nothing`` where the input's payload was not transcoded.
    let transcodedTo = Box(RouterShard.nothing)
    static let nothing = -1
    let unescapedURI = Box(ByteBuffer())
    /// What was left out of subscriptions with `x_slow`.
    let arrears = Box(Arrears())
    /// Receivers of the EVENT in hand that are behind, or were.
    let laggards = Box(FlatList<SessionHandle>())
    let fanOuts: Box<FanOuts>
    /// EVENTs that were left out since their subscriber was behind and has asked for that.
    let leftOut = Box<UInt64>(0)
    /// Invocations that their callee does not get: answered as if the callee had failed them.
    let undeliverable = Box(FlatList<(callee: SessionHandle, request: RequestID, error: PredefinedURI)>())
    let realms: RealmDirectory
    /// By realm and role: ``NodeConfiguration/slowReceiversOfRoles``.
    let slowReceiversOfRoles: [String: [String: SlowReceivers]]
    /// The id of each connection's session, by the slot of the connection; none where it has none.
    let sessionIDs = Box(FlatList<SessionID>())
    /// By connection without a session: the time of its HELLO.
    let helloTimers = Box<[LinkID: TimerID]>([:])
    /// By connection: what awaits AUTHENTICATE.
    let challenges = Box<[LinkID: PendingChallenge]>([:])
    /// The cookies of sessions.
    let cookieSessions = Box<[LinkID: CookieSession]>([:])
    /// EVENTs that were larger than their receiver takes.
    let oversized = Box<UInt64>(0)
    /// PUBLISHes that were delivered to nobody because of options that are not offered.
    let refusedPublications = Box<UInt64>(0)
    /// ERRORs to clients.
    let errors = Box<UInt64>(0)
    let connectionEndCounts = Box(ConnectionEndCounts())

    let refusedLogins = Box(LineRate())

    /// Names of the transports, by the profiles of connections.
    let transports: [String]
    /// Whether sessions have the same ids and authids in every run.
    let hasFixedIDs: Bool
    let logger: Logger
    private var stopDeadline: UInt64?
    private var waste: Waste?
    private let refusals: Box<RefusalLog>

    init(
        shard: Int, loop: LinkLoop, controls: [ShardControl], outgoing: consuming Slab<ShardLine>,
        incoming: consuming Slab<RingConsumer>, configuration: RouterConfiguration, realms: RealmDirectory,
        slowReceiversOfRoles: [String: [String: SlowReceivers]], hashSeed: UInt64, transports: [String],
        hasFixedIDs: Bool, wastedShare: Double, logger: Logger
    ) throws(SystemError) {
        self.shard = shard
        self.loop = loop
        self.realms = realms
        self.slowReceiversOfRoles = slowReceiversOfRoles
        control = controls[shard]
        wakeUp = control.wakeUp
        self.transports = transports
        self.hasFixedIDs = hasFixedIDs
        self.logger = logger
        refusals = Box(RefusalLog(logger))
        waste = wastedShare > 0 ? Waste(share: wastedShare) : nil
        peers = controls
        self.outgoing = outgoing
        self.incoming = incoming
        router = Box(
            RoutingCore(
                configuration: configuration, shard: shard, shards: controls.count,
                random: IDSource.reservoir(areFixed: hasFixedIDs), hashSeed: hashSeed))
        var messages = Slab<OutgoingMessage>(capacity: Serializer.allCases.count)
        for _ in Serializer.allCases { _ = messages.insert(OutgoingMessage()) }
        self.messages = messages
        fanOuts = Box(FanOuts(shard: shard, time: loop.limits.fanOutTime, mostParked: loop.limits.ringCapacity))
        var serializers = FlatList<UInt8>()
        serializers.extend(to: loop.limits.maxConnections, with: UInt8(Serializer.json.slot))
        self.serializers = Box(serializers)
        try loop.watch(control.wakeUp)
    }

    /// Runs until it is told to stop and its connections are gone.
    func run() {
        while turn() {}
    }

    /// One turn: sends what the last one has left to send, waits for more, works it off. False when the shard has ended.
    package func turn() -> Bool {
        let received = drainRings()
        ringBells()
        loop.flushForAWhile()
        if fanOuts.value.isActive { goOnFanningOut() }
        // Behind the flush, which drains receivers that others wait for.
        releaseWaiters()
        let isBacklogged = drainOverflows()
        ringBells()
        if isStopped() { return false }
        waste?.spend()
        if received || isBacklogged || loop.isOverdue || fanOuts.value.isActive || !findsWork() {
            sleep(received: received, isBacklogged: isBacklogged)
        }
        while let event = loop.next() { handle(event) }
        if loop.counters.value.refused != refusals.value.seen { tellRefusals() }
        return true
    }

    /// Waits for events, or fetches what there is if more is to be done.
    private func sleep(received: Bool, isBacklogged: Bool) {
        wakeUp.prepareToSleep()
        // A line that overflows is looked after every millisecond: its ring empties without a bell. The order to
        // stop may have come after it was looked for, and before the sleep was announced.
        let isBusy = received || ringsHaveRecords || fanOuts.value.isActive
        let bound: Int32 = isBusy ? 0 : isBacklogged ? 1 : control.current == .run ? -1 : 10
        loop.wait(milliseconds: bound)
        wakeUp.finishSleep()
    }

    /// Looks for work without sleeping, for ``Limits/busyPoll``; true when the loop has fetched some.
    private func findsWork() -> Bool {
        loop.pollBusily { ringsHaveRecords || control.current != .run }
    }

    var figures: ShardFigures {
        var figures = ShardFigures(loop.counters.value)
        figures.oversized = oversized.value
        figures.leftOut = leftOut.value
        figures.refusedPublications = refusedPublications.value
        figures.refusedLogins = refusedLogins.value.total
        for other in 0..<outgoing.usedSlots {
            figures.mostOverflowed = max(figures.mostOverflowed, outgoing[other].mostOverflowed)
        }
        return figures
    }

    // Inlined with ``receive(_:from:)``: else an event with references in its rare cases is copied for each message.
    @inline(__always)
    private func handle(_ event: LinkEvent) {
        switch event {
        case .message(let link, let kind): receive(kind, from: link)
        case .opened(let link, _): opened(link)
        case .closed(let link, let end): closed(link, end)
        case .timer(let token): waitExpired(token)
        }
    }

    // What follows is out of the way of the messages.

    @inline(never)
    private func tellRefusals() {
        refusals.value.tell(loop.counters.value, last: loop.refusedPeer)
    }

    @inline(never)
    private func opened(_ link: LinkID) {
        if loop.counters.value.malformedForwards != refusals.value.seenForwards { tellRefusals() }
        serializers.value[Int(link.index)] = UInt8(serializer(ofSubprotocolOf: link).slot)
        awaitHello(of: link)
    }

    @inline(never)
    private func closed(_ link: LinkID, _ end: LinkEnd) {
        report(end, of: link)
        connectionEndCounts.value.note(end)
        forgetSession(of: link)
        control.ends?.note()
        if !cookieSessions.value.isEmpty { forgetCookie(of: link) }
        stopAwaitingHello(of: link)
        forgetChallenge(of: link)
        router.value.detach(SessionHandle(link), into: &effects.value)
        carryOut(Input())
    }

    @inline(__always)
    func serializer(of session: SessionHandle) -> Serializer {
        serializers.value[Int(session.index)] == 0 ? .json : .msgpack
    }

    /// Without a subprotocol it is JSON: `require_websocket_subprotocol`.
    private func serializer(ofSubprotocolOf link: LinkID) -> Serializer {
        guard let name = loop.subprotocolName(of: link) else { return .json }
        return Serializer.allCases.first { $0.subprotocol == name } ?? .json
    }

    // MARK: Messages of this shard's sessions

    @inline(__always)
    private func receive(_ kind: MessageKind, from link: LinkID) {
        let loop = loop
        let bytes = loop.message
        let session = SessionHandle(link)
        let serializer = serializer(of: session)
        // Text that is no JSON is checked by nobody for UTF-8, so it must not pass.
        guard fits(serializer, kind) else {
            loop.fail(link, code: .protocolError, reason: "text or binary frame does not fit the serializer")
            return
        }
        let scanned: ScannedClientMessage
        do {
            scanned = try scanner.value.scanClientMessage(bytes, serializer: serializer)
        } catch {
            refuse(link, error)
            return
        }
        if scanned.uri.escaped {
            unescapedURI.value.removeAll(keepingCapacity: true)
            JSONText.unescape(bytes.extracting(scanned.uri.range), into: &unescapedURI.value)
            let uri = unsafe _overrideLifetime(unescapedURI.unboundSpan, borrowing: self)
            route(scanned, bytes, uri, session)
        } else {
            route(scanned, bytes, bytes.extracting(scanned.uri.range), session)
        }
    }

    @inline(__always)
    private func fits(_ serializer: Serializer, _ kind: MessageKind) -> Bool {
        switch (serializer, kind) {
        case (.json, .text), (.msgpack, .binary): true
        case (.json, .binary), (.msgpack, .text): false
        }
    }

    private func route(
        _ scanned: ScannedClientMessage, _ bytes: Span<UInt8>, _ uri: Span<UInt8>, _ session: SessionHandle
    ) {
        if scanned.message.beginsSession { return begin(scanned, bytes, uri, session) }
        router.value.process(scanned.message, from: session, uri: uri, into: &effects.value)
        carryOut(
            Input(
                uri: uri, payload: scanned.payload, bytes: bytes.extracting(scanned.payloadRange),
                from: Origin(local: session, shard)))
        if !undeliverable.value.isEmpty { answerUndeliverable() }
    }

    func refuse(_ link: LinkID, _ violation: WAMPViolation) {
        if isBrokenText(violation, link), loop.validatesUTF8(link) {
            loop.fail(link, code: .invalidPayload, reason: "text is not UTF-8")
        } else {
            router.value.violate(SessionHandle(link), message: violation.message, into: &effects.value)
            carryOut(Input())
        }
    }

    /// Whether the message in hand has text that is not UTF-8; the scanner may have stumbled over something before it.
    private func isBrokenText(_ violation: WAMPViolation, _ link: LinkID) -> Bool {
        if case .invalidUTF8 = violation { return true }
        let loop = loop
        switch serializer(of: SessionHandle(link)) {
        case .json: return !UTF8Validator.isValid(loop.message)
        case .msgpack: return false
        }
    }

    /// An invocation that cannot be written in the callee's serializer, or for which the callee is too slow, is answered as
    /// if the callee had refused it.
    func answerUndeliverable() {
        while let (callee, request, error) = undeliverable.value.popLast() {
            let uri = error.text.utf8Bytes
            router.value.process(.invocationError(request: request), from: callee, uri: uri, into: &effects.value)
            carryOut(Input(uri: uri))
        }
    }

    // MARK: Stopping

    var isStopping: Bool { stopDeadline != nil }

    /// Whether the shard is done.
    private func isStopped() -> Bool {
        switch control.current {
        case .run: return false
        case .tell:
            control.answer(status)
            return false
        case .abandon:
            finish()
            return true
        case .stop:
            if let deadline = stopDeadline {
                guard loop.linkCount == 0 || loop.now >= deadline else { return false }
                finish()
                return true
            }
            stopDeadline = loop.now + loop.limits.shutdownTimeout
            loop.stopListening()
            router.value.shutDown(into: &effects.value)
            carryOut(Input())
            loop.closeUnopened()
            // Connections without a session have nobody to answer a GOODBYE.
            loop.forEachOpen { link in
                if !router.value.awaitsGoodbye(SessionHandle(link)) { loop.close(link, code: .goingAway) }
            }
            loop.flush()
            stopFanningOut()
            return loop.linkCount == 0
        }
    }

    private func finish() {
        loop.stopListening()
        loop.dropAll()
        while loop.next() != nil {}
    }
}

// A session's handle in the router is the identity of its connection.
extension SessionHandle {
    init(_ link: LinkID) {
        self.init(index: link.index, generation: link.generation)
    }
}

extension LinkID {
    init(_ session: SessionHandle) {
        self.init(index: session.index, generation: session.generation)
    }
}
