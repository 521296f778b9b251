/// How far one connection is behind what it is sent, and whether those who send to it wait. Without sockets and clock: times are
/// nanoseconds, and handed in.
///
/// ```
/// clear ──above the high mark──► holding ──below the low mark in time──► clear
///                                   │
///                                   └─in vain, or for somebody who has waited enough─► detached ─► clear
/// ```
///
/// A receiver cannot keep on holding its senders in vain: each detachment lasts twice as long as the one before.
struct Congestion: Equatable {
    enum Phase: Equatable {
        case clear
        /// Who sends to it is not read until it is below the low mark, or until then.
        case holding(until: UInt64)
        /// Who sends to it goes on. It is clear when it is below the low mark, but not before then.
        case detached(until: UInt64)
    }

    enum Answer: Equatable {
        /// Whoever sent to it waits; if it is the first one, for so long.
        case holds(newUntil: UInt64?)
        /// Nobody waits for it.
        case passes
    }

    static let holdTime: UInt64 = 250_000_000
    static let shortestDetachment: UInt64 = 10_000_000_000
    static let mostDoublings = 6
    /// One that was clear for so long is one that was never detached.
    static let forgetAfter: UInt64 = 600_000_000_000

    private(set) var phase = Phase.clear
    /// Whether it was above the high mark since it was last below the low one, whoever waits for it or need not.
    private(set) var isFilled = false
    private var detachments = 0
    private var clearSince: UInt64 = 0

    var isClear: Bool { phase == .clear }

    var isDetached: Bool {
        if case .detached = phase { return true }
        return false
    }

    /// A message was queued for it, and more waits for it now than the high mark.
    mutating func aboveHighMark(at now: UInt64) -> Answer {
        isFilled = true
        switch phase {
        case .clear:
            if now >= clearSince + Congestion.forgetAfter { detachments = 0 }
            phase = .holding(until: now + Congestion.holdTime)
            return .holds(newUntil: now + Congestion.holdTime)
        case .holding: return .holds(newUntil: nil)
        case .detached: return .passes
        }
    }

    /// Less waits for it than the low mark.
    mutating func belowLowMark(at now: UInt64) {
        isFilled = false
        switch phase {
        case .clear: break
        case .holding: becomeClear(now)
        case .detached(let until): if now >= until { becomeClear(now) }
        }
    }

    /// It is waited for as long as it takes from here on. How often it was detached is kept for when it is not any more.
    mutating func suspend(at now: UInt64) {
        isFilled = false
        if !isClear { becomeClear(now) }
    }

    private mutating func becomeClear(_ now: UInt64) {
        phase = .clear
        clearSince = now
    }

    /// The time that a hold has is over; true if it was in vain.
    mutating func holdExpired(at now: UInt64) -> Bool {
        guard case .holding(let until) = phase, now >= until else { return false }
        return detach(at: now)
    }

    /// Nobody waits for it from here on; false if nobody did.
    mutating func detach(at now: UInt64) -> Bool {
        guard case .holding = phase else { return false }
        phase = .detached(until: now + Congestion.shortestDetachment << UInt64(detachments))
        detachments = min(detachments + 1, Congestion.mostDoublings)
        return true
    }
}
