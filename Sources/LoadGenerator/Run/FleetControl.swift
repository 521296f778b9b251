import RennbahnReactor
import Synchronization

/// What the main thread tells a shard, and what the shard tells of itself: the only things that both touch.
final class FleetControl: Sendable {
    enum Order: UInt8, Sendable {
        /// Make the connections, then wait.
        case open = 0
        /// Send, as the timetable says.
        case load = 1
        /// Say goodbye and end.
        case close = 2
        /// End at once.
        case abandon = 3
    }

    /// An order, and which load it is about: a run in turns gives the order to load again and again.
    struct Command: Equatable, Sendable {
        var order: Order
        /// Counted from 1; 0 before the first.
        var load: UInt32
    }

    let wakeUp: WakeUp
    let latencies = LatencyRequest()
    /// The number of the load above eight bits of the order.
    private let command = Atomic<UInt64>(0)
    private let windowStart = Atomic<UInt64>(.max)
    private let windowEnd = Atomic<UInt64>(.max)
    /// Operations a second of the whole fleet, as bits of a Double; 0: what the configuration says.
    private let rate = Atomic<UInt64>(0)
    /// By how much the rate is that of the load, as bits of a Double; 0: nothing is sent.
    private let steered = Atomic<UInt64>(1.0.bitPattern)

    // Written by the shard once a turn.
    private let ready = Atomic<Int>(0)
    private let lost = Atomic<Int>(0)
    private let failedInARow = Atomic<Int>(0)
    private let messages = Atomic<UInt64>(0)
    private let outstanding = Atomic<UInt64>(0)
    private let drainedLoad = Atomic<UInt32>(0)
    private let hasEnded = Atomic<Bool>(false)
    private let thread = Atomic<Int32>(0)

    private let failures = Mutex<FailureTally>(FailureTally())
    private let figures = Mutex<FleetFigures?>(nil)
    private let turn = Mutex<TurnFigures?>(nil)

    init() throws(SystemError) {
        wakeUp = try WakeUp()
    }

    // MARK: Main thread

    func give(_ order: Order) {
        give(Command(order: order, load: current.load))
    }

    private func give(_ command: Command) {
        self.command.store(UInt64(command.load) << 8 | UInt64(command.order.rawValue), ordering: .releasing)
        wakeUp.wake()
    }

    /// Starts the next load, with the window between these times of the monotonic clock.
    ///
    /// - Parameter rate: operations a second, where an open loop is not to have the rate of its configuration.
    func startLoad(windowStart: UInt64, windowEnd: UInt64, rate: Double? = nil) {
        self.rate.store((rate ?? 0).bitPattern, ordering: .relaxed)
        self.windowStart.store(windowStart, ordering: .relaxed)
        self.windowEnd.store(windowEnd, ordering: .relaxed)
        give(Command(order: .load, load: current.load &+ 1))
    }

    /// - Parameter factor: by how much the rate is to be that of the load; 0: nothing is to be sent.
    func setFactor(_ factor: Double) {
        steered.store(factor.bitPattern, ordering: .relaxed)
        wakeUp.wake()
    }

    /// Moves edges of the window that are yet to come.
    ///
    /// - Parameter start: `nil`: it has begun.
    func moveWindow(start: UInt64?, end: UInt64) {
        if let start { windowStart.store(start, ordering: .relaxed) }
        windowEnd.store(end, ordering: .relaxed)
        wakeUp.wake()
    }

    /// What the shard told last.
    var report: ShardReport {
        ShardReport(
            ready: ready.load(ordering: .relaxed), lost: lost.load(ordering: .relaxed),
            messages: messages.load(ordering: .relaxed), failedInARow: failedInARow.load(ordering: .relaxed),
            outstanding: outstanding.load(ordering: .relaxed),
            isDrained: drainedLoad.load(ordering: .acquiring) == current.load,
            hasEnded: hasEnded.load(ordering: .acquiring))
    }

    /// The number of the shard's thread; 0 before it runs.
    var threadID: Int32 { thread.load(ordering: .relaxed) }

    var tally: FailureTally { failures.withLock { $0 } }

    /// After the shard's thread has ended.
    func takeFigures() -> FleetFigures {
        guard let figures = figures.withLock({ $0 }) else { preconditionFailure("a shard that ends leaves figures") }
        return figures
    }

    /// What the load that is drained now brought; once.
    func takeTurn() -> TurnFigures? {
        turn.withLock { turn in
            defer { turn = nil }
            return turn
        }
    }

    // MARK: Shard

    /// The calling thread is the shard's.
    func begin() { thread.store(Thread.ownID, ordering: .relaxed) }

    var current: Command {
        let word = command.load(ordering: .acquiring)
        return Command(
            order: Order(rawValue: UInt8(truncatingIfNeeded: word)) ?? .abandon,
            load: UInt32(truncatingIfNeeded: word >> 8))
    }

    /// Of this load, where it has one of its own.
    var ownRate: Double? {
        let value = Double(bitPattern: rate.load(ordering: .relaxed))
        return value > 0 ? value : nil
    }

    /// By how much the rate is to be that of the load; 0: nothing is to be sent.
    var factor: Double { Double(bitPattern: steered.load(ordering: .relaxed)) }

    var window: (start: UInt64, end: UInt64) {
        (windowStart.load(ordering: .relaxed), windowEnd.load(ordering: .relaxed))
    }

    /// - Parameter drainedLoad: the number of the load that is over with nothing outstanding; 0: it is not over.
    func tell(_ report: ShardReport, drainedLoad: UInt32) {
        ready.store(report.ready, ordering: .relaxed)
        lost.store(report.lost, ordering: .relaxed)
        messages.store(report.messages, ordering: .relaxed)
        failedInARow.store(report.failedInARow, ordering: .relaxed)
        outstanding.store(report.outstanding, ordering: .relaxed)
        self.drainedLoad.store(drainedLoad, ordering: .releasing)
    }

    /// Before it is told that the load is drained.
    func leave(_ turn: sending TurnFigures) {
        self.turn.withLock { $0 = turn }
    }

    /// A connection is of no use for this reason.
    func note(_ failure: ConnectionFailure) {
        failures.withLock { $0.note(failure) }
    }

    /// Something failed that the connection outlives.
    func count(_ failure: ConnectionFailure) {
        failures.withLock { $0.count(failure) }
    }

    func end(_ figures: sending FleetFigures) {
        self.figures.withLock { $0 = figures }
        hasEnded.store(true, ordering: .releasing)
    }
}

/// How a shard is doing.
struct ShardReport: Sendable {
    /// Clients that have done everything but their work: session open, subscription or registration acknowledged.
    var ready = 0
    /// Clients whose connection ended before it was asked to.
    var lost = 0
    /// Units of work so far, warm-up included.
    var messages: UInt64 = 0
    /// Sessions of the connect scenario that could not be opened, since the last that could, where that is long ago.
    var failedInARow = 0
    /// Operations without their completion.
    var outstanding: UInt64 = 0
    /// The load is over and nothing is outstanding.
    var isDrained = false
    var hasEnded = false
}

/// What failed: the first connection's reason whole, of everything how often it was, whoever it was: there may be as many authids
/// as clients.
struct FailureTally: Sendable {
    private(set) var first: ConnectionFailure?
    private(set) var counts: [String: Int] = [:]
    private(set) var kinds: [FailureKind: UInt64] = [:]

    /// How often anything failed.
    var total: UInt64 { counts.values.reduce(0) { $0 &+ UInt64($1) } }

    mutating func note(_ failure: ConnectionFailure) {
        if first == nil { first = failure }
        count(failure)
    }

    mutating func count(_ failure: ConnectionFailure) {
        counts[failure.withoutAuthID.description, default: 0] += 1
        kinds[FailureKind(failure), default: 0] += 1
    }

    mutating func add(_ other: FailureTally) {
        if first == nil { first = other.first }
        counts.merge(other.counts, uniquingKeysWith: +)
        kinds.merge(other.kinds, uniquingKeysWith: +)
    }
}
