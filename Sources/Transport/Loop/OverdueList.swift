import RennbahnBytes

/// How much of what turns have put off is sent.
package struct OverdueOutput: Sendable, Equatable {
    /// Connections that were put off, and those of them that have had their turn since: how often, from the beginning.
    package var putOff: UInt64
    package var written: UInt64

    package init(putOff: UInt64 = 0, written: UInt64 = 0) {
        self.putOff = putOff
        self.written = written
    }

    @inline(__always)
    package var isEmpty: Bool { putOff == written }
}

/// Connections with output that turns before had no time for, in the order in which they go.
struct OverdueList: ~Copyable {
    private static let mostPassed = 1024

    private var slots = FlatList<UInt32>()
    private var first = 0
    private(set) var output = OverdueOutput()

    var count: Int { slots.count - first }

    mutating func putOff(_ slot: UInt32) {
        slots.append(slot)
        output.putOff += 1
    }

    mutating func next() -> UInt32? {
        guard first < slots.count else { return nil }
        let slot = slots[first]
        first += 1
        output.written += 1
        if first == slots.count || first >= OverdueList.mostPassed && first > slots.count / 2 { forgetPassed() }
        return slot
    }

    private mutating func forgetPassed() {
        for index in first..<slots.count { slots[index - first] = slots[index] }
        for _ in 0..<first { _ = slots.popLast() }
        first = 0
    }
}
