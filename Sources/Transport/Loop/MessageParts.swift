import RennbahnReactor

/// Messages of which a part has come, by the slot of their connection: since when, and by when they have to be whole. Nothing is
/// done for a message that is whole when it is read. Time is handed in; the loop owns the timers themselves.
///
/// A connection has one timer, which is not moved when another message begins: it looks what there is when it fires.
struct MessageParts {
    private struct State {
        /// When the first of the message was read.
        var since: UInt64
        /// Whether it is collected by the reader; else it is a short frame, and waits with the connection.
        var isCollected: Bool
        /// That the reader has collected.
        var octets = 0
        /// What the timer was set for.
        var deadline: UInt64 = 0
        var timer: TimerID?
    }

    private var states: [Int: State] = [:]
    /// Octets that readers have collected, of all connections.
    private(set) var octets = 0

    /// Connections that have, or lately had, a message in part.
    var count: Int { states.count }

    /// The connection whose message takes the most of them.
    var largest: Int? {
        states.max { ($0.value.octets, $0.key) < ($1.value.octets, $1.key) }?.key
    }

    /// A connection was read, and its last message is not whole. Returns whether it has no timer yet.
    ///
    /// - Parameters:
    ///   - collected: octets of it that the reader has; `nil`: it is a short frame.
    ///   - goesOn: whether nothing but this message was read.
    mutating func note(_ slot: Int, collected: Int?, goesOn: Bool, now: UInt64) -> Bool {
        let isCollected = collected != nil
        guard let state = states[slot] else {
            states[slot] = State(since: now, isCollected: isCollected)
            count(slot, collected ?? 0)
            return true
        }
        count(slot, collected ?? 0)
        if state.isCollected != isCollected || !isCollected && !goesOn {
            states[slot]?.since = now
            states[slot]?.isCollected = isCollected
        }
        return false
    }

    private mutating func count(_ slot: Int, _ collected: Int) {
        octets += collected - (states[slot]?.octets ?? 0)
        states[slot]?.octets = collected
    }

    /// A message that was collected is whole.
    mutating func ended(_ slot: Int) {
        guard !states.isEmpty, states[slot] != nil else { return }
        states[slot]?.isCollected = false
        count(slot, 0)
    }

    /// The time begins anew: the connection was not read for a while.
    mutating func restart(_ slot: Int, now: UInt64) {
        if !states.isEmpty { states[slot]?.since = now }
    }

    mutating func armed(_ slot: Int, _ timer: TimerID, for deadline: UInt64) {
        states[slot]?.timer = timer
        states[slot]?.deadline = deadline
    }

    /// The timer has fired: when to look again; `nil`: the time of the message is over.
    ///
    /// A message has more time with each octet. It is measured by what the timer was set for and not by the clock: a loop that
    /// was late, which is no fault of the peer's, takes what came in between before it judges.
    ///
    /// - Parameter allowance: nanoseconds that the octets that came may take.
    mutating func fired(_ slot: Int, allowance: UInt64) -> UInt64? {
        guard let state = states[slot] else { return nil }
        states[slot]?.timer = nil
        let deadline = state.since &+ allowance
        return deadline > state.deadline ? deadline : nil
    }

    /// The connection is gone, or has no message in part; returns its timer, which is to be cancelled.
    mutating func forget(_ slot: Int) -> TimerID? {
        guard !states.isEmpty, let state = states.removeValue(forKey: slot) else { return nil }
        octets -= state.octets
        return state.timer
    }
}
