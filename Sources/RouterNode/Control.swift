import Reactor
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
    let wakeUp: WakeUp

    init() throws(SystemError) {
        wakeUp = try WakeUp()
    }

    var current: Order { Order(rawValue: order.load(ordering: .acquiring)) ?? .abandon }

    /// Whether the shard has ended.
    var hasEnded: Bool { ended.load(ordering: .acquiring) }

    func markEnded() {
        ended.store(true, ordering: .releasing)
    }

    func give(_ order: Order) {
        self.order.store(order.rawValue, ordering: .releasing)
        wakeUp.wake()
    }
}
