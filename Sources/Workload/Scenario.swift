/// What the clients of a fleet do.
package enum Scenario: Equatable, Sendable {
    /// Publishers send, every subscriber of the topic receives.
    case pubsub(publishers: Int, subscribers: Int, topics: Int)
    /// Callers call, a callee answers with the arguments that it got.
    case rpc(callers: Int, callees: Int)
    /// Sessions are opened, one after another, and stay open.
    case connect
    /// WebSocket messages come back from a bare echo: the floor below everything else.
    case echo
    /// A bare WebSocket server sends unasked, clients receive.
    case push

    package static let names = ["pubsub", "rpc", "connect", "echo", "push"]

    /// Whether it speaks WebSocket alone, without WAMP.
    package var isBare: Bool { self == .echo || self == .push }

    /// Whether clients begin anything that may wait: not where sessions come and go by themselves, or the server sends.
    package var canPause: Bool { self != .connect && self != .push }

    package var name: String {
        switch self {
        case .pubsub: "pubsub"
        case .rpc: "rpc"
        case .connect: "connect"
        case .echo: "echo"
        case .push: "push"
        }
    }

    /// One client in a hundred publishes, each to a topic of its own; the others subscribe, spread evenly. 2,000 clients
    /// are 20 publishers with 99 subscribers each. Every generator shard gets at least one topic.
    package static func standardPubSub(clients: Int, shards: Int = 1) -> Scenario {
        let topics = max(clients / 100, shards, 1)
        return .pubsub(publishers: topics, subscribers: max(clients - topics, 0), topics: topics)
    }

    /// Half the clients call, the other half is called; the odd one calls.
    package static func standardRPC(clients: Int) -> Scenario {
        .rpc(callers: clients - clients / 2, callees: clients / 2)
    }

    /// Units of work that are on their way in a closed loop; the connect scenario has none.
    package func messagesInFlight(depth: Int, clients: Int) -> Int {
        switch self {
        case .pubsub(let publishers, let subscribers, let topics): publishers * depth * subscribers / max(1, topics)
        case .rpc(let callers, _): callers * depth
        case .echo: clients * depth
        case .connect, .push: 0
        }
    }

    /// Clients that begin operations.
    package func senders(clients: Int) -> Int {
        switch self {
        case .pubsub(let publishers, _, _): publishers
        case .rpc(let callers, _): callers
        case .connect, .echo: clients
        case .push: 0
        }
    }

    /// Clients that the roles add up to; nil where every client has the same role.
    package var roleCount: Int? {
        switch self {
        case .pubsub(let publishers, let subscribers, topics: _): Scenario.sum(publishers, subscribers)
        case .rpc(let callers, let callees): Scenario.sum(callers, callees)
        case .connect, .echo, .push: nil
        }
    }

    /// Numbers of users: what is too large to add up is too large.
    private static func sum(_ one: Int, _ other: Int) -> Int {
        let (sum, overflows) = one.addingReportingOverflow(other)
        return overflows ? .max : sum
    }
}

/// How operations are paced.
package enum LoadModel: Equatable, Sendable {
    /// So many operations in flight per sender; the next starts when one completes. Finds what that depth carries.
    case closed(depth: Int)
    /// So many operations a second of the whole fleet, whatever comes back. Finds latency.
    case open(rate: Double, arrivals: ArrivalProcess)

    package var isOpen: Bool {
        switch self {
        case .closed: false
        case .open: true
        }
    }
}

/// How the arrivals of an open loop are spread over time.
package enum ArrivalProcess: String, Sendable, CaseIterable {
    /// Evenly.
    case constant
    /// Independently of each other, as users do: exponential gaps, from the seed.
    case poisson
}

/// Lengths of the phases of a run, and how long connect and drain may take, in nanoseconds.
package struct PhaseDurations: Equatable, Sendable {
    package var connectTimeout: UInt64
    package var settle: UInt64
    package var warmUp: UInt64
    package var window: UInt64
    package var drainTimeout: UInt64
    package var closeTimeout: UInt64

    package init(
        connectTimeout: UInt64 = 30_000_000_000, settle: UInt64 = 500_000_000, warmUp: UInt64 = 2_000_000_000,
        window: UInt64 = 5_000_000_000, drainTimeout: UInt64 = 5_000_000_000, closeTimeout: UInt64 = 2_000_000_000
    ) {
        self.connectTimeout = connectTimeout
        self.settle = settle
        self.warmUp = warmUp
        self.window = window
        self.drainTimeout = drainTimeout
        self.closeTimeout = closeTimeout
    }

    /// Everything together, or nil if that does not fit 64 bits.
    var total: UInt64? {
        var sum: UInt64 = 0
        for duration in [connectTimeout, settle, warmUp, window, drainTimeout, closeTimeout] {
            let (next, overflow) = sum.addingReportingOverflow(duration)
            if overflow { return nil }
            sum = next
        }
        return sum
    }
}
