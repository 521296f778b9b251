import RennbahnReactor

/// Which connections have a state of zlib of their own, and how far the sweep that parks those that have become idle has come.
/// A connection knows its own place on the list.
struct CodecSweep {
    private var slots: [UInt32] = []
    private var position = 0
    /// Of the next step.
    var timer: TimerID?

    /// The connection that the sweep looks at next; `nil`: it has seen all of them, and begins anew.
    mutating func next() -> Int? {
        guard position < slots.count else {
            position = 0
            return nil
        }
        return Int(slots[position])
    }

    /// The connection keeps its state: the sweep goes on behind it.
    mutating func pass() {
        position += 1
    }

    /// Puts a connection on the list; returns its place.
    mutating func list(_ slot: Int) -> Int32 {
        slots.append(UInt32(truncatingIfNeeded: slot))
        return Int32(truncatingIfNeeded: slots.count - 1)
    }

    /// Takes the connection at a place off the list; returns the one that is there now, if it is another.
    mutating func unlist(_ place: Int32) -> Int? {
        let last = slots.removeLast()
        guard Int(place) < slots.count else { return nil }
        slots[Int(place)] = last
        return Int(last)
    }
}
