/// A connection that is not read until a congested one has drained; `shard` is the one that owns it. Or the owner of the loop.
package struct LinkWaiter: Sendable, Hashable {
    package var shard: Int
    package var link: LinkID

    /// The owner of the loop waits until a connection has drained: it keeps something for it.
    package static func owner(of link: LinkID) -> LinkWaiter { LinkWaiter(shard: -1, link: link) }
    package var isOwner: Bool { shard < 0 }

    package init(shard: Int, link: LinkID) {
        self.shard = shard
        self.link = link
    }
}

/// A connection that need not wait any longer.
package struct ReleasedWaiter: Sendable, Equatable {
    package var waiter: LinkWaiter
    /// Whether what it waited for is still behind.
    package var inVain: Bool

    package init(_ waiter: LinkWaiter, inVain: Bool = false) {
        self.waiter = waiter
        self.inVain = inVain
    }
}

/// Who waits for congested connections to drain, by the slot of the connection; rare.
///
/// Thousands may wait for one, each of which asks again with each of its messages that is on its way: whether it waits already is
/// a look into a set. They go on in the order in which they began to wait, so that a run can be repeated.
struct Waiters {
    private struct List {
        var inOrder: [LinkWaiter] = []
        var members: Set<LinkWaiter> = []

        mutating func add(_ waiter: LinkWaiter) -> Bool {
            guard members.insert(waiter).inserted else { return false }
            inOrder.append(waiter)
            return true
        }
    }

    private var lists: [Int: List] = [:]

    /// Connections that somebody waits for.
    var count: Int { lists.count }

    /// Notes a waiter; false when it waits for that connection already.
    mutating func add(_ waiter: LinkWaiter, for slot: Int) -> Bool { lists[slot, default: List()].add(waiter) }

    /// The connection has drained, or is gone: who may go on.
    mutating func release(_ slot: Int) -> [LinkWaiter] { lists.removeValue(forKey: slot)?.inOrder ?? [] }
}
