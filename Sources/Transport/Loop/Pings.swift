import RennbahnBytes
import RennbahnReactor

/// The pings by the clock of the connections that have some (`auto_ping_…`), by slot. Nothing is done per message: what the peer has
/// sent lately is asked when a timer fires. Time is handed in; the loop owns the timers themselves.
struct Pings {
    struct Outstanding: Equatable {
        /// When the ping was sent; what makes its payload one of a kind, with the number.
        var sent: UInt64
        var number: UInt32
    }

    private struct State {
        var timer: TimerID?
        /// The ping that is not answered.
        var outstanding: Outstanding?
        var lastNumber: UInt32 = 0
        /// Octets that the kernel held for the peer at the last look.
        var unsent = 0
    }

    /// What to do when the timer of a connection has fired.
    enum Action: Equatable {
        /// Look again at that time.
        case look(at: UInt64)
        case send(Outstanding, lookAt: UInt64)
        /// The peer has not answered in time.
        case giveUp
    }

    private var states: [Int: State] = [:]

    var count: Int { states.count }

    /// Whether a ping to the connection waits for its pong.
    func awaitsAnswer(_ slot: Int) -> Bool {
        !states.isEmpty && states[slot]?.outstanding != nil
    }

    func timer(of slot: Int) -> TimerID? { states[slot]?.timer }

    /// Takes note of the timer of a connection; returns the one before, which is to be cancelled.
    mutating func armed(_ slot: Int, _ timer: TimerID) -> TimerID? {
        let before = states[slot]?.timer
        states[slot, default: State()].timer = timer
        return before
    }

    /// The timer has fired.
    ///
    /// - Parameters:
    ///   - heard: when the peer last sent something; 0: not known, or of no interest.
    ///   - unsent: octets that the kernel holds for the peer. Where they have become fewer it is there, and may have much to
    ///     read before it comes to the ping.
    ///   - isBlocked: whether the ping may still be queued, or its pong not read: a peer that takes no output is the stall
    ///     timer's.
    mutating func fired(
        _ slot: Int, _ settings: WebSocketOptions.AutoPing, heard: UInt64, unsent: Int = 0, isBlocked: Bool, now: UInt64
    ) -> Action {
        let takes = unsent < states[slot]?.unsent ?? 0
        states[slot, default: State()].timer = nil
        states[slot]?.unsent = unsent
        guard let outstanding = states[slot]?.outstanding else {
            if heard + settings.interval > now { return .look(at: heard + settings.interval) }
            return send(slot, settings, now)
        }
        if heard > outstanding.sent {
            states[slot]?.outstanding = nil
            return .look(at: max(now, heard + settings.interval))
        }
        return settings.timeout == 0 || isBlocked || takes ? .look(at: now + settings.patience) : .giveUp
    }

    private mutating func send(_ slot: Int, _ settings: WebSocketOptions.AutoPing, _ now: UInt64) -> Action {
        let number = (states[slot]?.lastNumber ?? 0) &+ 1
        let ping = Outstanding(sent: now, number: number)
        states[slot, default: State()].lastNumber = number
        states[slot]?.outstanding = ping
        return .send(ping, lookAt: now + settings.patience)
    }

    /// A pong came; when to look next, if it answers the ping that waits for one. Only its own payload does (RFC 6455,
    /// section 5.5.3).
    mutating func answered(
        _ slot: Int, _ settings: WebSocketOptions.AutoPing, _ payload: Span<UInt8>, now: UInt64
    ) -> UInt64? {
        guard let outstanding = states[slot]?.outstanding, outstanding.matches(payload, size: settings.size) else {
            return nil
        }
        states[slot]?.outstanding = nil
        return now + settings.interval
    }

    /// The connection is gone; returns its timer, which is to be cancelled.
    mutating func forget(_ slot: Int) -> TimerID? {
        states.isEmpty ? nil : states.removeValue(forKey: slot)?.timer
    }
}

extension Pings.Outstanding {
    /// The payload, all in network byte order, then zeros up to the size:
    /// ```
    /// │ time (8) │ number (4) │ 0 …
    /// ```
    func append(size: Int, to payload: inout ByteBuffer) {
        payload.append(bigEndian: sent)
        payload.append(bigEndian: number)
        for _ in 12..<size { payload.append(0) }
    }

    fileprivate func matches(_ payload: Span<UInt8>, size: Int) -> Bool {
        payload.count == size && payload.bigEndian(UInt64.self, at: 0) == sent
            && payload.bigEndian(UInt32.self, at: 8) == number
    }
}

extension WebSocketOptions.AutoPing {
    /// When to look what became of a ping.
    fileprivate var patience: UInt64 { timeout > 0 ? timeout : interval }
}
