import RennbahnReactor
import Synchronization

/// What other threads tell a shard: to stop, or to look at its rings.
final class ShardControl: Sendable {
    enum Order: UInt8, Sendable {
        case run = 0
        /// Say goodbye, drain, end.
        case stop = 1
        /// End at once.
        case abandon = 2
        /// Say how it is doing, then go on.
        case tell = 3
    }

    private let order = Atomic<UInt8>(0)
    private let ended = Atomic<Bool>(false)
    private let figures = Mutex<ShardFigures?>(nil)
    private let status = Mutex<ShardStatus?>(nil)
    /// Who waits for the shard's answer.
    private let asking = Mutex<WakeUp?>(nil)
    let wakeUp: WakeUp
    /// Is told of connections that end, unless nobody looks after the memory.
    let ends: ConnectionEnds?

    init(ends: ConnectionEnds? = nil) throws(SystemError) {
        wakeUp = try WakeUp()
        self.ends = ends
    }

    var current: Order { Order(rawValue: order.load(ordering: .acquiring)) ?? .abandon }

    /// Whether the shard has ended.
    var hasEnded: Bool { ended.load(ordering: .acquiring) }

    /// What the shard did; `nil` until it has ended.
    var finalFigures: ShardFigures? { figures.withLock { $0 } }

    func markEnded(_ figures: ShardFigures) {
        self.figures.withLock { $0 = figures }
        ended.store(true, ordering: .releasing)
    }

    // MARK: How it is doing

    /// Asks the shard, unless it stops: an order takes the place of the question, so that it costs a turn nothing that nobody asks.
    ///
    /// - Parameter asker: is woken when it has answered.
    func ask(waking asker: WakeUp) {
        asking.withLock { $0 = asker }
        _ = order.compareExchange(
            expected: Order.run.rawValue, desired: Order.tell.rawValue, ordering: .acquiringAndReleasing)
        wakeUp.wake()
    }

    /// Of the shard.
    func answer(_ status: ShardStatus) {
        self.status.withLock { $0 = status }
        _ = order.compareExchange(
            expected: Order.tell.rawValue, desired: Order.run.rawValue, ordering: .acquiringAndReleasing)
        asking.withLock { $0 }?.wake()
    }

    /// Whether nothing is asked that the shard has not answered.
    var isAnswered: Bool { current != .tell }

    /// What the shard answered last; `nil` before it was asked.
    var lastStatus: ShardStatus? { status.withLock { $0 } }

    func give(_ order: Order) {
        self.order.store(order.rawValue, ordering: .releasing)
        wakeUp.wake()
    }
}
