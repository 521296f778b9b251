/// Why a component's session is over.
package enum SessionEnd: Sendable, Equatable {
    /// The component has done all it had to do.
    case done
    /// There was no connection to be had, or it was lost; nanoseconds that the server asks to wait for before the next.
    case lost(String, retryAfter: UInt64 = 0)
    /// Anything else: the router refused the session, or the component failed.
    case failed(String)
}

/// `restart` of a container.
package enum RestartPolicy: Sendable, Equatable {
    case never
    case onFailure
    case always
}

/// The life of one instance of a component, over as many sessions as it takes. It knows neither sockets nor clocks.
///
/// ```
/// idle ─► connecting ─► running ─┬─► waiting ─► connecting …
///              └─────────────────┴─► ended
/// ```
package struct ComponentLife: Sendable {
    package enum Outcome: Sendable, Equatable {
        case completed
        case failed(String)
        /// From outside, before it was done.
        case stopped
    }

    package enum State: Sendable, Equatable {
        case idle
        case connecting
        case running
        case waiting
        case ended(Outcome)
    }

    package enum Step: Sendable, Equatable {
        case connect
        /// Nanoseconds; ``ComponentLife/delayIsOver()`` comes next.
        case wait(UInt64)
        case end(Outcome)
    }

    package private(set) var state = State.idle
    /// Sessions that were joined.
    package private(set) var sessions = 0
    private let restart: RestartPolicy
    private let reconnects: Bool
    private var schedule: ReconnectSchedule
    /// Why there is no session; `nil` while there is one, and before the first attempt.
    private var trouble: String?

    /// - Parameter reconnect: `nil`: a lost connection is a failure.
    package init(restart: RestartPolicy, reconnect: ReconnectPolicy?) {
        self.restart = restart
        reconnects = reconnect != nil
        schedule = ReconnectSchedule(reconnect ?? ReconnectPolicy())
    }

    package mutating func start() -> Step {
        guard state == .idle else { return settled }
        state = .connecting
        trouble = "no session was joined in time"
        return .connect
    }

    package mutating func joined() {
        guard state == .connecting else { return }
        state = .running
        sessions += 1
        trouble = nil
        schedule.succeeded()
    }

    package mutating func delayIsOver() -> Step {
        guard state == .waiting else { return settled }
        state = .connecting
        return .connect
    }

    /// The session, or the attempt to get one, is over.
    ///
    /// - Parameter random: 0 to 1, for the delay before the next.
    package mutating func sessionEnded(_ end: SessionEnd, random: Double) -> Step {
        if case .ended = state { return settled }
        switch end {
        case .done: return restart == .always ? retry(random, else: .completed) : settle(.completed)
        case .lost(let why, let pause):
            trouble = why
            guard reconnects || restart != .never else { return settle(.failed(why)) }
            return retry(random, atLeast: pause, else: .failed(why))
        case .failed(let why):
            trouble = why
            return restart == .never ? settle(.failed(why)) : retry(random, else: .failed(why))
        }
    }

    /// The run is over. Who is without a session then has failed to get one.
    package mutating func stop() -> Step {
        if case .ended = state { return settled }
        return settle(trouble.map(Outcome.failed) ?? .stopped)
    }

    private mutating func retry(_ random: Double, atLeast pause: UInt64 = 0, else outcome: Outcome) -> Step {
        guard let delay = schedule.next(random: random, atLeast: pause) else { return settle(outcome) }
        state = .waiting
        return .wait(delay)
    }

    private mutating func settle(_ outcome: Outcome) -> Step {
        state = .ended(outcome)
        return .end(outcome)
    }

    /// For an input that comes too late or out of order.
    private var settled: Step {
        if case .ended(let outcome) = state { .end(outcome) } else { .end(.stopped) }
    }
}
