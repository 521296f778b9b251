/// Names a timer of a ``TimerWheel``. Stays unique for the wheel's life, also after the timer has gone.
package struct TimerID: Sendable, Hashable {
    fileprivate let index: UInt32
    fileprivate let generation: UInt32
}

/// Timers in a hierarchical wheel: constant-time schedule and cancel, no allocation once it has seen its peak.
///
/// Time is cut into ticks of 2^17 ns (131 µs). A timer's deadline is rounded up to a tick, so it never fires early, and at
/// most one tick late as far as the wheel is concerned. Eight levels of 64 slots span all of UInt64:
///
/// ```
/// tick  …  | level 2 | level 1 | level 0 |
///            6 bits    6 bits    6 bits
/// ```
///
/// A timer is in the level of the highest bit group in which its tick differs from the current tick, and in the slot that
/// this group of its tick names. So all timers of a level are due before those of any higher level, and within a level
/// in the order of their slots; the first set bit of the lowest occupied level leads to the earliest. When the time reaches a
/// slot of a higher level its timers move down, each at most seven times in its life.
///
/// Invariant: no pending tick is before `current`, and a pending timer's slot is above the current one in its level (at
/// level 0, at or above).
package struct TimerWheel: ~Copyable {
    /// Nanoseconds of a tick: the bound on how late a timer is, apart from how late ``advance(to:into:)`` is called.
    package static let granularity: UInt64 = 1 << tickShift

    private static let tickShift: UInt64 = 17
    private static let slotBits: UInt64 = 6
    private static let slotCount = 64
    private static let levelCount = 8
    private static let none = UInt32.max

    /// An element of a slot's circular list. The first `levelCount * slotCount` are the slots' own anchors.
    private struct Node {
        var token: UInt64 = 0
        var tick: UInt64 = 0
        var next: UInt32
        var previous: UInt32
        /// Odd while scheduled.
        var generation: UInt32 = 0
        /// The slot whose list it is in.
        var slot: UInt32
    }

    private var nodes: [Node]
    private var firstFree = none
    /// Per level, a bit for each slot that has timers.
    private var occupied = [UInt64](repeating: 0, count: levelCount)
    private var current: UInt64

    /// How many timers are pending.
    package private(set) var count = 0

    /// - Parameter now: nanoseconds of the clock that deadlines are given in.
    package init(now: UInt64) {
        current = now >> TimerWheel.tickShift
        let anchors = UInt32(TimerWheel.levelCount * TimerWheel.slotCount)
        nodes = (0..<anchors).map { Node(next: $0, previous: $0, slot: $0) }
    }

    package var isEmpty: Bool { count == 0 }

    /// Starts a timer. A deadline that has passed already fires at the next ``advance(to:into:)``.
    ///
    /// - Parameter token: what ``advance(to:into:)`` reports; the wheel does not look at it.
    package mutating func schedule(token: UInt64, deadline: UInt64) -> TimerID {
        let remainder = deadline & (TimerWheel.granularity &- 1)
        let tick = deadline >> TimerWheel.tickShift &+ (remainder == 0 ? 0 : 1)
        let index = takeNode()
        nodes[Int(index)].token = token
        nodes[Int(index)].tick = max(tick, current)
        nodes[Int(index)].generation &+= 1
        place(index)
        count &+= 1
        return TimerID(index: index, generation: nodes[Int(index)].generation)
    }

    /// Stops a timer; false when it has fired or was cancelled before.
    @discardableResult
    package mutating func cancel(_ timer: TimerID) -> Bool {
        let index = Int(timer.index)
        guard index < nodes.count, nodes[index].generation == timer.generation else { return false }
        unlink(timer.index)
        free(timer.index)
        return true
    }

    /// Whether a timer has yet to fire.
    package func isPending(_ timer: TimerID) -> Bool {
        let index = Int(timer.index)
        return index < nodes.count && nodes[index].generation == timer.generation
    }

    /// Moves the time forward and appends the tokens of the timers that are due, earliest tick first.
    package mutating func advance(to now: UInt64, into expired: inout [UInt64]) {
        let target = now >> TimerWheel.tickShift
        guard target >= current else { return }
        while let (level, slot, start) = earliestSlot(), start <= target {
            current = max(current, start)
            empty(level: level, slot: slot, into: &expired)
        }
        current = target
    }

    /// When ``advance(to:into:)`` has something to do next; `nil` without timers. Exact for timers within the next
    /// 64 ticks, and a moment before the deadline for others (an advance then brings them closer).
    package var nextDeadline: UInt64? {
        guard let (_, _, start) = earliestSlot() else { return nil }
        return start > UInt64.max >> TimerWheel.tickShift ? .max : start << TimerWheel.tickShift
    }

    // MARK: Slots

    /// The first occupied slot and the tick at which it begins.
    private func earliestSlot() -> (level: Int, slot: Int, start: UInt64)? {
        for level in 0..<TimerWheel.levelCount where occupied[level] != 0 {
            let slot = occupied[level].trailingZeroBitCount
            let shift = UInt64(level) &* TimerWheel.slotBits
            let below: UInt64 = (1 << (shift &+ TimerWheel.slotBits)) &- 1
            return (level, slot, current & ~below | UInt64(slot) << shift)
        }
        return nil
    }

    /// Takes all timers out of a slot: at level 0 they are due, from other levels they move down.
    private mutating func empty(level: Int, slot: Int, into expired: inout [UInt64]) {
        let anchor = level &* TimerWheel.slotCount &+ slot
        occupied[level] &= ~(1 << UInt64(slot))
        var index = nodes[anchor].next
        nodes[anchor].next = UInt32(anchor)
        nodes[anchor].previous = UInt32(anchor)
        while index != UInt32(anchor) {
            let next = nodes[Int(index)].next
            if level == 0 {
                expired.append(nodes[Int(index)].token)
                free(index)
            } else {
                place(index)
            }
            index = next
        }
    }

    /// Puts a node into the slot that its tick demands.
    private mutating func place(_ index: UInt32) {
        let tick = nodes[Int(index)].tick
        let differing = (tick ^ current) | 1
        let level = (63 &- differing.leadingZeroBitCount) / Int(TimerWheel.slotBits)
        let slot = Int(tick >> (UInt64(level) &* TimerWheel.slotBits)) & (TimerWheel.slotCount &- 1)
        let anchor = level &* TimerWheel.slotCount &+ slot
        let last = nodes[anchor].previous
        nodes[Int(index)].slot = UInt32(anchor)
        nodes[Int(index)].next = UInt32(anchor)
        nodes[Int(index)].previous = last
        nodes[Int(last)].next = index
        nodes[anchor].previous = index
        occupied[level] |= 1 << UInt64(slot)
    }

    private mutating func unlink(_ index: UInt32) {
        let node = nodes[Int(index)]
        nodes[Int(node.previous)].next = node.next
        nodes[Int(node.next)].previous = node.previous
        let anchor = Int(node.slot)
        if nodes[anchor].next == node.slot {
            occupied[anchor / TimerWheel.slotCount] &= ~(1 << UInt64(anchor % TimerWheel.slotCount))
        }
    }

    // MARK: Nodes

    private mutating func takeNode() -> UInt32 {
        if firstFree != TimerWheel.none {
            let index = firstFree
            firstFree = nodes[Int(index)].next
            return index
        }
        let index = UInt32(nodes.count)
        nodes.append(Node(next: index, previous: index, slot: index))
        return index
    }

    private mutating func free(_ index: UInt32) {
        nodes[Int(index)].generation &+= 1
        nodes[Int(index)].next = firstFree
        firstFree = index
        count &-= 1
    }
}
