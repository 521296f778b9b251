import RennbahnBytes
import RennbahnRouter
import RennbahnTransport

/// How a shard is doing, and what it did since it began.
package struct ShardStatus: Sendable, Equatable {
    package var figures: ShardFigures
    /// PUBLISHes of sessions.
    package var publications: UInt64
    /// EVENTs for subscribers without `x_slow`.
    package var events: UInt64
    /// Calls that found a callee, and those of them that got a RESULT.
    package var calls: UInt64
    package var results: UInt64
    /// ERRORs to clients.
    package var errors: UInt64
    package var sessionsOpened: UInt64
    /// Sessions by how they ended, in the order of ``sessionEnds``.
    package var sessionsEnded: [UInt64]
    /// Of sessions, now.
    package var sessions: Int
    package var subscriptions: Int
    package var registrations: Int
    package var pendingCalls: Int
    /// Octets that sockets gave, and that they took.
    package var bytesIn: UInt64
    package var bytesOut: UInt64
    package var accepted: UInt64
    /// Connections whose opening handshake was completed.
    package var opened: UInt64
    /// Attempts to accept one that failed.
    package var failedAccepts: UInt64
    /// Connections that were turned away for want of room.
    package var refusedForRoom: UInt64
    /// Connections by how they ended, in the order of ``ConnectionEndKind``.
    package var ended: [UInt64]
    /// In any state, now.
    package var connections: Int
    /// What waits to be sent, in octets.
    package var queuedBytes: Int
    package var memory: MemoryUse

    /// How sessions end.
    package static var sessionEnds: [String] { SessionEnd.allCases.map(\.rawValue) }

    /// Octets of what clients make a shard keep, and what it may be.
    package struct MemoryUse: Sendable, Equatable {
        package var unfinished = 0
        package var waitingInput = 0
        package var output = 0
        package var state = 0
        package var limitOfUnfinished = 0
        package var limitOfWaitingInput = 0
        package var limitOfOutput = 0
        package var limitOfState = 0

        package init() {}

        package mutating func add(_ other: MemoryUse) {
            unfinished += other.unfinished
            waitingInput += other.waitingInput
            output += other.output
            state += other.state
            limitOfUnfinished += other.limitOfUnfinished
            limitOfWaitingInput += other.limitOfWaitingInput
            limitOfOutput += other.limitOfOutput
            limitOfState += other.limitOfState
        }
    }
}

/// How a connection ended, as metrics tell it apart.
package enum ConnectionEndKind: String, CaseIterable, Sendable {
    case closed, answered, lost, failed
    case openHandshakeTimeout = "open_handshake_timeout"
    case closeHandshakeTimeout = "close_handshake_timeout"
    case pingTimeout = "ping_timeout"
    case stalled
    case outputOverflow = "output_overflow"
    case outputOutdated = "output_outdated"
    case violation, tls, handshake, dropped

    init(_ end: LinkEnd) {
        self =
            switch end {
            case .closed: .closed
            case .answered: .answered
            case .lost: .lost
            // Nothing that is accepted can be refused.
            case .failed, .refused: .failed
            case .openHandshakeTimeout: .openHandshakeTimeout
            case .closeHandshakeTimeout: .closeHandshakeTimeout
            case .pingTimeout: .pingTimeout
            case .stalled: .stalled
            case .outputOverflow: .outputOverflow
            case .outputOutdated: .outputOutdated
            case .violation: .violation
            case .tls: .tls
            case .handshake: .handshake
            case .dropped: .dropped
            }
    }
}

struct ConnectionEndCounts {
    private(set) var counts = [UInt64](repeating: 0, count: ConnectionEndKind.allCases.count)

    mutating func note(_ end: LinkEnd) {
        let kind = ConnectionEndKind(end)
        guard let index = ConnectionEndKind.allCases.firstIndex(of: kind) else { return }
        counts[index] &+= 1
    }
}

extension RouterShard {
    /// Of now; out of the way of the messages, since it is told where somebody asks.
    var status: ShardStatus {
        @inline(never) get {
            let routing = router.value.figures()
            var memory = ShardStatus.MemoryUse()
            memory.unfinished = loop.unfinishedBytes
            memory.waitingInput = loop.waitingInputBytes
            memory.output = loop.queuedBytes
            memory.state = routing.keptOctets
            memory.limitOfUnfinished = loop.limits.maxUnfinished
            memory.limitOfWaitingInput = loop.limits.maxPausedInput
            memory.limitOfOutput = loop.limits.maxQueuedOfAll
            memory.limitOfState = loop.limits.maxState
            let refused = loop.counters.value.refused
            let failed = loop.counters.value.failedAccepts
            return ShardStatus(
                figures: figures, publications: routing.publications, events: routing.events, calls: routing.calls,
                results: routing.results, errors: errors.value, sessionsOpened: routing.sessionsOpened,
                sessionsEnded: routing.sessionsEnded, sessions: routing.sessions, subscriptions: routing.subscriptions,
                registrations: routing.registrations, pendingCalls: routing.pendingCalls,
                bytesIn: loop.counters.value.bytesIn, bytesOut: loop.counters.value.bytesOut,
                accepted: loop.counters.value.accepted, opened: loop.counters.value.opened, failedAccepts: failed,
                refusedForRoom: refused - failed - loop.counters.value.refusedByAddress,
                ended: connectionEndCounts.value.counts, connections: loop.linkCount, queuedBytes: loop.queuedBytes,
                memory: memory)
        }
    }
}
