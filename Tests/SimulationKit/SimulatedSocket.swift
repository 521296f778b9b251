import RennbahnReactor

/// One end of a simulated connection, or a listening socket.
final class SimulatedSocket {
    enum Kind {
        case listener
        case stream
    }

    let kind: Kind
    var outgoing: Pipe?
    var incoming: Pipe?
    /// The other end, while somebody has it open.
    var peer: Int32?
    /// Connections that wait to be accepted.
    var backlog: [Int32] = []
    /// errno of what happened to the connection, until it was told.
    var error: Int32?
    var isPeerGone = false
    /// Reading was ended on this side.
    var isDeaf = false
    var resetsOnClose = false
    /// The end of who was connected to, whose calls may fail; those that end it may be excepted.
    var hasFaults = false
    var isSpared = false
    var receivedAt: UInt64 = 0
    /// Of the peer.
    var address = SocketAddress.loopback(port: 1)
    var token: UInt64 = 0
    var interest: Interest = []

    init(_ kind: Kind) {
        self.kind = kind
    }

    /// The error, which is told once.
    func takeError() -> Int32? {
        defer { error = nil }
        return error
    }

    /// What a poller tells: errors and hang-ups whether they were asked for or not (epoll_ctl(2)).
    var readiness: Readiness {
        switch kind {
        case .listener: return backlog.isEmpty ? [] : .readable
        case .stream: break
        }
        var ready: UInt32 = 0
        if error != nil { ready |= Readiness.error.rawValue | Readiness.hangUp.rawValue }
        if interest.rawValue & Interest.read.rawValue != 0, incoming?.isReadable == true || isDeaf || error != nil {
            ready |= Readiness.readable.rawValue
        }
        if interest.rawValue & Interest.write.rawValue != 0, outgoing?.room ?? 0 > 0 || error != nil {
            ready |= Readiness.writable.rawValue
        }
        if incoming?.isAtEnd == true, outgoing?.isShut == true { ready |= Readiness.hangUp.rawValue }
        return Readiness(rawValue: ready)
    }
}
