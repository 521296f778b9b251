import RennbahnBytes
import RennbahnReactor
package import RennbahnWebSocket

/// Names a connection within its shard: its slot, and how often the slot was used before.
package struct LinkID: Hashable, Sendable, BitwiseCopyable {
    package var index: UInt32
    package var generation: UInt32

    package init(index: UInt32, generation: UInt32) {
        self.index = index
        self.generation = generation
    }
}

/// Why a connection ended. What has much to tell is indirect: every connection has room for one of these.
package enum LinkEnd: Error, Sendable, Equatable {
    /// A Close frame came, or ours was answered: its code, and the reason that the peer gave.
    indirect case closed(code: UInt16, reason: String = "")
    /// Requests for web services were answered, and no further one came, or was to come.
    case answered
    /// The peer ended the TCP connection without a close handshake.
    case lost
    /// A system call failed.
    case failed(errno: Int32)
    /// The TCP connection could not be made.
    case refused(errno: Int32)
    case openHandshakeTimeout
    case closeHandshakeTimeout
    /// The peer took nothing of its queued output for ``Limits/stallTimeout``.
    case stalled
    /// The peer did not answer a ping in time.
    case pingTimeout
    /// ``Limits/maxQueuedOutput`` was reached.
    case outputOverflow
    /// An EVENT waited for ``Limits/oldestEvent``.
    case outputOutdated
    /// The peer broke RFC 6455 or RFC 7692; the code was sent to it.
    indirect case violation(code: UInt16, reason: StaticString)
    /// The TLS handshake failed, or the session broke: why.
    indirect case tls(String)
    /// The opening handshake failed: the HTTP status that was sent or received, why, and the seconds that the server asks to
    /// wait for, if it does.
    indirect case handshake(status: Int, reason: String, retryAfter: UInt64? = nil)
    /// This side dropped the connection.
    case dropped

    package static func == (left: LinkEnd, right: LinkEnd) -> Bool {
        left.kind == right.kind && left.detail == right.detail && left.retryAfter == right.retryAfter
    }

    /// Which case it is.
    private var kind: Int {
        switch self {
        case .closed: 0
        case .answered: 1
        case .lost: 2
        case .failed: 3
        case .refused: 4
        case .openHandshakeTimeout: 5
        case .closeHandshakeTimeout: 6
        case .stalled: 7
        case .pingTimeout: 8
        case .outputOverflow: 9
        case .violation: 10
        case .tls: 11
        case .handshake: 12
        case .dropped: 13
        case .outputOutdated: 14
        }
    }

    /// What a case has to tell, as a number and a text.
    private var detail: (number: Int, text: String) {
        switch self {
        case .closed(let code, let reason): (Int(code), reason)
        case .failed(let errno), .refused(let errno): (Int(errno), "")
        case .violation(let code, let reason): (Int(code), reason.description)
        case .tls(let reason): (0, reason)
        case .handshake(let status, let reason, retryAfter: _): (status, reason)
        case .answered, .lost, .openHandshakeTimeout, .closeHandshakeTimeout, .stalled, .pingTimeout, .outputOverflow,
            .outputOutdated, .dropped:
            (0, "")
        }
    }

    /// Whether the connection was ended for the sake of others: for what its peer did not take, or for what it had of the memory.
    package var isForOthers: Bool {
        switch self {
        case .stalled, .outputOverflow, .outputOutdated: true
        case .violation(let code, reason: _): code == CloseCode.tryAgainLater.rawValue
        case .closed, .answered, .lost, .failed, .refused, .openHandshakeTimeout, .closeHandshakeTimeout, .pingTimeout,
            .tls,
            .handshake, .dropped:
            false
        }
    }

    /// Seconds that a server which refused the connection asks to wait for, a year at most; `nil`: it has not said.
    package var retryAfter: UInt64? {
        guard case .handshake(status: _, reason: _, let seconds) = self else { return nil }
        return seconds
    }
}

extension LinkEnd {
    /// What a failed read or write means: a reset or broken pipe is a peer that went away.
    init(errno: Int32) {
        self = SystemError.isPeerGone(errno) ? .lost : .failed(errno: errno)
    }
}

extension LinkEnd: CustomStringConvertible {
    package var description: String {
        switch self {
        case .closed(let code, let reason):
            "closed with \(code)" + (reason.isEmpty ? "" : ": \(reason.legible(upTo: 128))")
        case .answered: "its requests were answered"
        case .lost: "connection lost without a close handshake"
        case .failed(let errno): "system error: \(SystemError.text(errno))"
        case .refused(let errno): "connect failed: \(SystemError.text(errno))"
        case .openHandshakeTimeout: "opening handshake timed out"
        case .closeHandshakeTimeout: "closing handshake timed out"
        case .stalled: "peer took no output for the stall timeout"
        case .pingTimeout: "a ping was not answered in time"
        case .outputOverflow: "queued output reached its limit"
        case .outputOutdated: "peer was too far behind with its events"
        case .violation(let code, let reason): "protocol violation \(code): \(reason)"
        case .tls(let reason): "TLS: \(reason)"
        case .handshake(let status, let reason, retryAfter: _):
            "opening handshake failed with status \(status): \(reason)"
        case .dropped: "dropped"
        }
    }
}

/// What a turn of the loop brings, one thing at a time.
package enum LinkEvent: Sendable {
    /// The opening handshake is done; `subprotocol` is an index into the profile's list, or -1.
    case opened(LinkID, subprotocol: Int)
    /// A whole message; its bytes are at hand until the next event.
    case message(LinkID, MessageKind)
    case closed(LinkID, LinkEnd)
    /// A timer of the loop's owner.
    case timer(UInt64)
}
