/// Where a run is. Times are nanoseconds of the clock that is handed in.
package enum Phase: Equatable, Sendable {
    case idle
    /// Connections are made, sessions opened, topics subscribed to and procedures registered.
    case connecting(deadline: UInt64)
    /// All are ready; nothing happens, so that what is left of connecting is over.
    case settling(until: UInt64)
    /// All are ready and nothing is on its way: the next turn can begin. Only of a run in turns.
    case waiting
    /// Load without records.
    case warmingUp(until: UInt64)
    case measuring(since: UInt64, until: UInt64)
    /// No new operations; what is on its way arrives.
    case draining(window: MeasuredWindow, deadline: UInt64)
    case closing(PhaseOutcome, deadline: UInt64)
    case finished(PhaseOutcome)

    /// Whether everything has been measured.
    package var isOver: Bool {
        switch self {
        case .closing, .finished: true
        case .idle, .connecting, .settling, .waiting, .warmingUp, .measuring, .draining: false
        }
    }
}

/// The measured window as it really was: a late timer makes it longer, and rates divide by what it was.
package struct MeasuredWindow: Equatable, Sendable {
    package let start: UInt64
    package let end: UInt64

    package init(start: UInt64, end: UInt64) {
        self.start = start
        self.end = end
    }

    package var seconds: Double { Double(end &- start) / 1_000_000_000 }
}

/// How a run ended.
package enum PhaseOutcome: Equatable, Sendable {
    case completed(MeasuredWindow)
    /// Messages were still outstanding when the time to drain was over.
    case drainTimedOut(MeasuredWindow)
    case connectTimedOut
    case aborted
}

/// What to do now.
package enum PhaseAction: Equatable, Sendable {
    case none
    case startConnecting
    case waitToSettle
    /// Start the load; record nothing.
    case startLoad
    /// Reset the recorders, sample CPU and bytes: the window begins.
    case beginWindow
    /// Sample again and stop the load: the window is over.
    case endWindow
    case closeConnections
    /// The run is over.
    case report(PhaseOutcome)
}

/// Takes a run through its phases: connect → settle → warm-up → measure → drain → close.
///
/// A run in turns waits instead of loading: connect → settle → wait; each ``beginTurn(leadIn:window:at:)`` goes through
/// warm-up, measure and drain and waits again, until ``close(at:)``.
///
/// Each input returns at most one action. After a `tick`, tick again with the same time until it returns `.none`: a phase
/// may have no length.
package struct PhaseMachine: Sendable {
    package private(set) var phase = Phase.idle
    private let durations: PhaseDurations
    private let isInTurns: Bool
    /// Length of the window of this turn.
    private var window: UInt64
    private var lastWindow = MeasuredWindow(start: 0, end: 0)

    package init(durations: PhaseDurations, isInTurns: Bool = false) {
        self.durations = durations
        self.isInTurns = isInTurns
        window = durations.window
    }

    package mutating func start(at now: UInt64) -> PhaseAction {
        guard case .idle = phase else { return .none }
        phase = .connecting(deadline: now &+ durations.connectTimeout)
        return .startConnecting
    }

    /// Every connection is open and every subscription and registration acknowledged.
    package mutating func allConnected(at now: UInt64) -> PhaseAction {
        guard case .connecting = phase else { return .none }
        phase = .settling(until: now &+ durations.settle)
        return .waitToSettle
    }

    /// Nothing is outstanding any more.
    package mutating func drained(at now: UInt64) -> PhaseAction {
        guard case .draining(let window, _) = phase else { return .none }
        guard isInTurns else { return close(.completed(window), at: now) }
        lastWindow = window
        phase = .waiting
        return .none
    }

    /// The next turn of a run that waits; the load leads in before its window.
    package mutating func beginTurn(leadIn: UInt64, window: UInt64, at now: UInt64) -> PhaseAction {
        guard case .waiting = phase else { return .none }
        self.window = window
        phase = .warmingUp(until: now &+ leadIn)
        return .startLoad
    }

    /// No more turns.
    package mutating func close(at now: UInt64) -> PhaseAction {
        guard case .waiting = phase else { return .none }
        return close(.completed(lastWindow), at: now)
    }

    /// When the window of the load that leads in will end; nil in any other phase.
    package var plannedWindow: MeasuredWindow? {
        guard case .warmingUp(let until) = phase else { return nil }
        return MeasuredWindow(start: until, end: until &+ window)
    }

    /// All connections are closed.
    package mutating func allClosed(at now: UInt64) -> PhaseAction {
        guard case .closing(let outcome, _) = phase else { return .none }
        phase = .finished(outcome)
        return .report(outcome)
    }

    /// A signal, or an error that makes going on useless.
    package mutating func abort(at now: UInt64) -> PhaseAction {
        switch phase {
        case .idle:
            phase = .finished(.aborted)
            return .report(.aborted)
        case .connecting, .settling, .waiting, .warmingUp, .measuring, .draining: return close(.aborted, at: now)
        case .closing, .finished: return .none
        }
    }

    /// Somebody has seen enough of the phase: the warm-up is over, or the window. Others end by themselves.
    package mutating func endEarly(at now: UInt64) -> PhaseAction {
        switch phase {
        case .warmingUp: phase = .warmingUp(until: now)
        case .measuring(let start, _): phase = .measuring(since: start, until: now)
        case .idle, .connecting, .settling, .waiting, .draining, .closing, .finished: return .none
        }
        return tick(at: now)
    }

    package mutating func tick(at now: UInt64) -> PhaseAction {
        guard let due = nextDeadline, now >= due else { return .none }
        switch phase {
        case .idle, .waiting, .finished: return .none
        case .connecting: return close(.connectTimedOut, at: now)
        case .settling where isInTurns:
            phase = .waiting
            return .none
        case .settling:
            phase = .warmingUp(until: now &+ durations.warmUp)
            return .startLoad
        case .warmingUp:
            phase = .measuring(since: now, until: now &+ window)
            return .beginWindow
        case .measuring(let start, _):
            let window = MeasuredWindow(start: start, end: now)
            phase = .draining(window: window, deadline: now &+ durations.drainTimeout)
            return .endWindow
        case .draining(let window, _): return close(.drainTimedOut(window), at: now)
        case .closing(let outcome, _):
            phase = .finished(outcome)
            return .report(outcome)
        }
    }

    /// When the next tick has something to do; nil while only events can.
    package var nextDeadline: UInt64? {
        switch phase {
        case .idle, .waiting, .finished: nil
        case .connecting(let deadline), .draining(_, let deadline), .closing(_, let deadline): deadline
        case .settling(let until), .warmingUp(let until), .measuring(_, let until): until
        }
    }

    private mutating func close(_ outcome: PhaseOutcome, at now: UInt64) -> PhaseAction {
        phase = .closing(outcome, deadline: now &+ durations.closeTimeout)
        return .closeConnections
    }
}
