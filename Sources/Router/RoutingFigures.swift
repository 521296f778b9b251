/// How a session ended.
package enum SessionEnd: String, CaseIterable, Sendable {
    /// The client said GOODBYE.
    case goodbye
    /// The client said ABORT.
    case abort
    /// The client broke the protocol.
    case violation
    /// Its connection ended before.
    case connectionEnd = "connection"
    /// The router shuts down.
    case shutdown
}

/// What is counted of what a shard's router does: only what nothing else tells already, since some of it comes with every message.
struct RoutingCounts: BitwiseCopyable {
    /// PUBLISHes of sessions, refused ones included.
    var publications: UInt64 = 0
    /// EVENTs for subscribers of this shard that are not behind, or have not asked to be left out where they are.
    var events: UInt64 = 0
    /// Calls that ended with an ERROR, or that nobody waited for any more.
    var callsWithoutResult: UInt64 = 0
    var sessionsOpened: UInt64 = 0
    private var goodbyes: UInt64 = 0
    private var aborts: UInt64 = 0
    private var violations: UInt64 = 0
    private var connectionEnds: UInt64 = 0
    private var shutdowns: UInt64 = 0

    mutating func note(_ end: SessionEnd) {
        switch end {
        case .goodbye: goodbyes &+= 1
        case .abort: aborts &+= 1
        case .violation: violations &+= 1
        case .connectionEnd: connectionEnds &+= 1
        case .shutdown: shutdowns &+= 1
        }
    }

    func sessionsEnded(by end: SessionEnd) -> UInt64 {
        switch end {
        case .goodbye: goodbyes
        case .abort: aborts
        case .violation: violations
        case .connectionEnd: connectionEnds
        case .shutdown: shutdowns
        }
    }
}

/// What a shard's router did since it began, and what it has now.
package struct RoutingFigures: Sendable, Equatable {
    package var publications: UInt64 = 0
    package var events: UInt64 = 0
    /// Calls of this shard's sessions that found a callee, and those of them that got a RESULT.
    package var calls: UInt64 = 0
    package var results: UInt64 = 0
    package var sessionsOpened: UInt64 = 0
    /// By ``SessionEnd``, in its order.
    package var sessionsEnded = [UInt64](repeating: 0, count: SessionEnd.allCases.count)
    /// Of this shard, now.
    package var sessions = 0
    package var subscriptions = 0
    package var registrations = 0
    package var pendingCalls = 0
    /// Octets of what it keeps for them, names of other shards included.
    package var keptOctets = 0

    package init() {}
}

extension RoutingCore {
    /// Results are not counted: a call that was made is pending, or ended without one, or had one.
    package func figures() -> RoutingFigures {
        var figures = RoutingFigures()
        figures.publications = counts.publications
        figures.events = counts.events
        figures.calls = dealer.callsMade
        figures.pendingCalls = dealer.calls.count
        figures.results = dealer.callsMade - counts.callsWithoutResult - UInt64(dealer.calls.count)
        figures.sessionsOpened = counts.sessionsOpened
        figures.sessionsEnded = SessionEnd.allCases.map { counts.sessionsEnded(by: $0) }
        figures.sessions = sessions.count
        figures.subscriptions = broker.memberships.count
        figures.registrations = dealer.held.count
        figures.keptOctets = keptOctets() + nameOctets()
        return figures
    }
}
