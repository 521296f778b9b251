import Synchronization

/// How many connections a transport may have at a time, over all loops that accept for it: `max_connections`.
package final class ConnectionQuota: Sendable {
    package let limit: Int
    private let count = Atomic<Int>(0)

    package init(_ limit: Int) {
        precondition(limit > 0)
        self.limit = limit
    }

    /// Connections that there are.
    package var used: Int { count.load(ordering: .relaxed) }

    /// Takes one; false when there is none left.
    func take() -> Bool {
        if count.add(1, ordering: .relaxed).newValue <= limit { return true }
        giveBack()
        return false
    }

    func giveBack() {
        count.subtract(1, ordering: .relaxed)
    }
}
