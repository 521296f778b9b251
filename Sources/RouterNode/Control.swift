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
    }

    private let order = Atomic<UInt8>(0)
    private let ended = Atomic<Bool>(false)
    private let figures = Mutex<ShardFigures?>(nil)
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

    func give(_ order: Order) {
        self.order.store(order.rawValue, ordering: .releasing)
        wakeUp.wake()
    }
}
