import RennbahnBytes
import RennbahnMeasurement
import RennbahnReactor
import RennbahnTransport
import RennbahnWAMP
import RennbahnWebSocket
import RennbahnWorkload

/// One thread's part of the fleet: its clients, their connections, their load and what they measure.
///
/// Ownership: everything in it belongs to the thread that calls ``run()``; ``FleetControl`` is the only way in from
/// outside. A topic or procedure and all who use it are on one shard (``FleetPlan``).
final class FleetShard {
    let loop: LinkLoop
    let kernel: Kernel
    let control: FleetControl
    let setting: ShardSetting
    let scenario: ScenarioKind
    let serializer: Serializer
    let kind: MessageKind

    // Boxes: touched once a message or more, so without exclusivity checks.
    let fleet: Box<Fleet>
    let meter: Box<Meter>
    let scanner = Box(EnvelopeScanner())
    let message = Box(OutgoingMessage())
    let arguments: Arguments
    let echoes: Box<EchoWriter>
    let uris: URITable
    let tracker: Box<SequenceTracker>
    let publications: Box<PublicationWindow>
    let calls: Box<CallTracker>
    let visits = Box(VisitCounters())
    let pacer: Box<Pacer>
    let departures = Box<[Departure]>([])
    let laggards: Box<LaggardPace>
    let logins: Box<Logins>
    let faults = Box(FaultList())
    /// Violations by messages that the load is not made of: what opens and closes sessions, and what nobody asked for.
    var strays = VerificationCounters()
    /// Connections whose session is over, to be closed when this turn has taken what came with its end.
    var farewells: [LinkID] = []
    /// When the order to close was carried out, or the last GOODBYE since then came; `nil` before.
    var farewellAt: UInt64?

    /// Visitors that could not open a session, and when they come again.
    var revisits: [Int] = []
    var revisitAt: UInt64 = 0
    /// Whether operations are started; from the order to load until the window ends.
    var isLoading = false
    /// Whether the load was ever started.
    private(set) var hasLoaded = false
    /// Whether the order to close, or to end, was carried out.
    var isClosing = false
    var window = (start: UInt64.max, end: UInt64.max)
    /// By how much the rate is that of the load; 0: paused.
    var factor = 1.0
    private(set) var isWindowOver = false
    private var command = FleetControl.Command(order: .open, load: 0)
    /// Of the loop, when this load began.
    private var readBefore = (receives: UInt64(0), messages: UInt64(0))
    /// The load that is over with nothing outstanding.
    private var drainedLoad: UInt32 = 0
    let openedSince: UInt64
    var connectsBegun = 0
    let hello: [UInt8]

    /// - Parameter kernel: what stands behind sockets and clock: the machine, or a simulation.
    init(_ setting: ShardSetting, control: FleetControl, kernel: Kernel = .system) throws(SystemError) {
        let workload = setting.configuration.workload
        self.setting = setting
        self.control = control
        self.kernel = kernel
        serializer = setting.configuration.serializer
        kind = workload.payload.message?.isBinary ?? serializer.isBinary ? .binary : .text
        scenario = ScenarioKind(workload.scenario)
        let roles = setting.plan.roles(ofShard: setting.shard)
        var limits = setting.configuration.limits
        limits.maxConnections = roles.count * 2 + 16
        limits.openHandshakeTimeout = workload.phases.connectTimeout
        limits.closeHandshakeTimeout = max(1, workload.phases.closeTimeout)
        loop = try LinkLoop(limits: limits, connect: setting.connectProfile, kernel: kernel)
        try loop.watch(control.wakeUp)

        let fleet = Fleet(roles: roles, senderCount: setting.plan.senderCount, slots: limits.maxConnections)
        let plan = setting.plan
        let receivers = roles.compactMap { role -> Int? in
            switch role {
            case .subscriber(_, let topic): topic
            case .callee(let procedure): procedure
            case .publisher, .stuckSubscriber, .caller, .visitor, .echoer, .listener: nil
            }
        }
        let depth = Pacer.depth(workload)
        tracker = Box(
            SequenceTracker(
                channels: max(1, plan.channelCount), senders: plan.senderCount, receiverChannels: receivers))
        publications = Box(
            PublicationWindow(
                depth: depth,
                receivers: scenario == .pubsub ? fleet.senderNumbers.map { plan.receivers(ofSender: $0) } : []))
        calls = Box(
            CallTracker(
                senders: scenario == .rpc || scenario == .echo ? fleet.senderNumbers : [], depth: depth,
                isOrdered: scenario == .echo && workload.reply != .stamped))
        uris = setting.uris()
        arguments = Arguments(workload, serializer: serializer, run: setting.run)
        echoes = Box(EchoWriter(workload, serializer: serializer, run: setting.run))
        pacer = Box(Pacer(senders: fleet.senders.count))
        laggards = Box(LaggardPace(interval: workload.laggards.interval))
        hello = setting.hello()
        logins = Box(
            Logins(setting.configuration.principals, shard: setting.shard, of: setting.configuration.workload.shards))
        openedSince = kernel.now()
        meter = Box(Meter(now: openedSince, isPaced: workload.load.isOpen))
        self.fleet = Box(fleet)
    }

    /// Runs until it is told to end.
    func run() {
        control.begin()
        while turn() {}
        end()
    }

    /// One turn: sends what is due, then waits and takes what has come; false where all is over.
    func turn() -> Bool {
        obey()
        followSteering()
        openMore()
        prove()
        revisit()
        pace()
        paceLaggards()
        flush()
        tell()
        if isOver { return false }
        control.wakeUp.prepareToSleep()
        let maySleep = control.current == command && !isSteered && !logins.value.areBehind
        loop.wait(until: maySleep ? nextDeadline : 0)
        control.wakeUp.finishSleep()
        meter.value.startLoopTurn(at: loop.now)
        keepWindow()
        while let event = loop.next() { handle(event) }
        closeFarewells()
        return true
    }

    /// After the last turn.
    func end() {
        loop.dropAll()
        while loop.next() != nil {}
        control.end(finish())
    }

    private func handle(_ event: LinkEvent) {
        switch event {
        case .message(let link, _):
            let hasRead = tick()
            guard let client = fleet.value.client(of: link) else { return }
            switch scenario {
            case .pubsub, .rpc, .connect: receive(client)
            case .echo: echoed(client)
            case .push: pushed(client)
            }
            if hasRead { keepPace() }
        case .opened(let link, let subprotocol):
            guard let client = fleet.value.client(of: link) else { return }
            opened(client, subprotocol: subprotocol)
        case .closed(let link, let end):
            guard let client = fleet.value.client(of: link) else { return }
            closed(client, end)
        case .timer: break
        }
    }

    /// One more message of this turn; returns whether the clock was read, so that a long turn does not hide its own length.
    @discardableResult
    func tick() -> Bool {
        guard meter.value.tick() else { return false }
        meter.value.advance(to: kernel.now())
        return true
    }

    // MARK: Phases

    private func obey() {
        let current = control.current
        guard current != command else { return }
        command = current
        switch current.order {
        case .open: break
        case .load:
            (window, factor) = (control.window, control.factor)
            isWindowOver = false
            drainedLoad = 0
            isLoading = true
            hasLoaded = true
            readBefore = (loop.counters.value.receives, loop.counters.value.messagesIn)
            meter.value.startTurn(
                bytesSent: loop.counters.value.bytesOut, bytesReceived: loop.counters.value.bytesIn)
            startLoad()
        case .close:
            isLoading = false
            noteUnanswered()
            isClosing = true
            farewellAt = meter.value.time
            leaveAll()
        case .abandon:
            isLoading = false
            pacer.value.stop()
            isClosing = true
        }
    }

    /// Opens and closes the window when its time has come.
    private func keepWindow() {
        guard command.order == .load, !isWindowOver else { return }
        let time = meter.value.time
        if !meter.value.isRecording {
            guard time >= window.start else { return }
            meter.value.startWindow(
                bytesSent: loop.counters.value.bytesOut, bytesReceived: loop.counters.value.bytesIn)
        } else if time >= window.end {
            meter.value.endWindow(
                bytesSent: loop.counters.value.bytesOut, bytesReceived: loop.counters.value.bytesIn)
            isWindowOver = true
            isLoading = false
            pacer.value.finish(before: meter.value.time)
            noteLag()
        }
    }

    /// How long the shard may sleep.
    private var nextDeadline: UInt64 {
        let time = meter.value.time
        switch command.order {
        case .open: return time + (isOpening ? 1_000_000 : 100_000_000)
        case .close, .abandon: return time + 10_000_000
        case .load:
            if isWindowOver { return time + (drainedLoad > 0 ? 100_000_000 : 10_000_000) }
            let edge = meter.value.isRecording ? window.end : window.start
            if !revisits.isEmpty { return min(edge, revisitAt) }
            return min(edge, pacer.value.nextDueAt ?? .max, laggards.value.nextRead, time + 100_000_000)
        }
    }

    private var isOver: Bool {
        switch command.order {
        case .open, .load: false
        case .close: loop.linkCount == 0
        case .abandon: true
        }
    }

    private func tell() {
        control.latencies.answer(
            with: LatencyRequest.Answer(
                response: meter.value.figures.latencies.response, outstanding: self.outstanding,
                lag: control.latencies.isForLag ? meter.value.figures.latencies.lag : nil,
                operations: meter.value.figures.operations,
                bytesSent: loop.counters.value.bytesOut, bytesReceived: loop.counters.value.bytesIn))
        let outstanding = isWindowOver && drainedLoad == 0 ? self.outstanding : 0
        if isWindowOver, outstanding == 0, drainedLoad == 0 {
            drainedLoad = command.load
            if setting.isInTurns {
                var turn = meter.value.endTurn(
                    bytesSent: loop.counters.value.bytesOut, bytesReceived: loop.counters.value.bytesIn)
                turn.receives = loop.counters.value.receives &- readBefore.receives
                turn.received = loop.counters.value.messagesIn &- readBefore.messages
                control.leave(turn)
            }
        }
        control.tell(
            ShardReport(
                ready: fleet.value.ready, lost: fleet.value.lost, messages: meter.value.messages,
                failedInARow: visits.value.failedForLong(at: meter.value.time), outstanding: outstanding),
            drainedLoad: drainedLoad)
    }

    private func finish() -> FleetFigures {
        if meter.value.isRecording {
            meter.value.endWindow(
                bytesSent: loop.counters.value.bytesOut, bytesReceived: loop.counters.value.bytesIn)
        }
        var figures = meter.value.figures
        noteUnansweredGoodbyes()
        figures.verification = verification
        nameLosses()
        figures.faults = faults.value
        figures.awaited = awaited
        figures.failedVisits = visits.value.failed
        figures.laggards = laggards.value.figures
        return figures
    }
}

/// The scenarios without their numbers.
enum ScenarioKind: Sendable {
    case pubsub, rpc, connect, echo, push

    var isBare: Bool { self == .echo || self == .push }

    init(_ scenario: Scenario) {
        switch scenario {
        case .pubsub: self = .pubsub
        case .rpc: self = .rpc
        case .connect: self = .connect
        case .echo: self = .echo
        case .push: self = .push
        }
    }
}
