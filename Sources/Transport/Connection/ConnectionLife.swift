import RennbahnReactor
import RennbahnWebSocket

/// The life of one connection: what is said and watched for next, which time-out runs, when and why it is over. Without sockets,
/// clock or buffers: an input is a method, its outcome a ``Step`` that the loop carries out.
///
/// ```
/// connecting ─► securing ─► awaitingResponse ─┐      ┌─► closeSent ─► closeExchanged
///                                             ├─► open ───────────────────▲      (a client's; a server ends or drains)
///               securing ─► awaitingRequest ──┘
///                              │        ▲
///                              ▼        │
///                           answering ─► betweenRequests ─► open
///
/// draining ─► halfClosed ─► ended             draining: from any phase before it; ended: from any phase
/// ```
///
/// Messages on an open connection are no input: the loop looks at ``phase`` and goes on, so that none of this is on their path.
struct ConnectionLife {
    enum Phase: UInt8, CaseIterable {
        /// Client: the TCP connection is being made.
        case connecting
        /// The TLS handshake is under way; without TLS there is no such phase.
        case securing
        /// Client: the opening handshake's request was sent.
        case awaitingResponse
        /// Server: waits for a request, of the opening handshake or for a web service.
        case awaitingRequest
        /// Server: an answer to a request for a web service is being sent; the next request waits.
        case answering
        /// Server: an answer was sent, and nothing of a further request has come.
        case betweenRequests
        case open
        /// Our Close frame is out, the peer's has not come (RFC 6455, section 7.1.3).
        case closeSent
        /// Client: both Close frames are exchanged; the server ends the TCP connection (section 7.1.1).
        case closeExchanged
        /// Nothing is read any more; what is queued is sent yet.
        case draining
        /// All is said and the sending half is shut down: the peer's end is waited for, since closing with unread input
        /// would reset the connection, and a reset can overtake the last frame.
        case halfClosed
        /// To be reported and removed at the end of the turn.
        case ended
    }

    private(set) var phase: Phase
    let role: Role
    /// Whether the TCP connection of a client has a time-out of its own.
    private let hasConnectTimeout: Bool
    /// Whether output waits until the socket has room.
    private(set) var wantsWrite = false
    /// Whether both Close frames are exchanged (section 7.1.4).
    private var isClean = false
    /// How many congested receivers this connection sends to; it is not read while there are any.
    private(set) var pauses: Int32 = 0
    /// Why the connection ends or has ended: once both Close frames are exchanged, while draining, and ever after.
    private(set) var ending = LinkEnd.dropped

    /// - Parameter hasConnectTimeout: of a client, whether making the TCP connection has a time-out of its own.
    init(role: Role, isSecure: Bool = false, hasConnectTimeout: Bool = false) {
        self.role = role
        self.hasConnectTimeout = hasConnectTimeout
        switch role {
        case .client: phase = .connecting
        case .server: phase = isSecure ? .securing : .awaitingRequest
        }
    }

    /// Its time-out begins with it.
    var beginning: Step { Step(timer: .arm(hasConnectTimeout ? .connecting : .opening)) }

    // MARK: What is seen of a connection

    @inline(__always)
    var isOpen: Bool {
        switch phase {
        case .open: true
        case .connecting, .securing, .awaitingResponse, .awaitingRequest, .answering, .betweenRequests, .closeSent,
            .closeExchanged, .draining, .halfClosed, .ended:
            false
        }
    }

    var hasEnded: Bool {
        if case .ended = phase { return true }
        return false
    }

    /// Whether frames are read: they are until the peer cannot have anything to say.
    var readsFrames: Bool {
        switch phase {
        case .open, .closeSent, .closeExchanged: true
        case .connecting, .securing, .awaitingResponse, .awaitingRequest, .answering, .betweenRequests, .draining,
            .halfClosed, .ended:
            false
        }
    }

    /// Whether frames are taken from the peer now.
    var isReading: Bool { pauses == 0 && readsFrames }

    /// Whether nothing is read although there may be something, so that the end of the connection would go unseen.
    var isHeldBack: Bool {
        if case .answering = phase { return true }
        return pauses > 0 && readsFrames
    }

    /// What the socket is watched for.
    var interest: Interest {
        // Plain arithmetic: what OptionSet offers is generic, and not specialized in another module.
        var wanted = wantsWrite ? Interest.write.rawValue : 0
        switch phase {
        case .connecting: wanted |= Interest.write.rawValue
        case .securing, .awaitingResponse, .awaitingRequest, .betweenRequests, .draining, .halfClosed:
            wanted |= Interest.read.rawValue
        case .open, .closeSent, .closeExchanged: if pauses == 0 { wanted |= Interest.read.rawValue }
        // A short answer is sent with the turn and shall cost no change of what is watched.
        case .answering: if !wantsWrite { wanted |= Interest.read.rawValue }
        case .ended: break
        }
        return Interest(rawValue: wanted)
    }

    /// What the end of the transport means now: once both Close frames are exchanged it is a clean one.
    private var endOfTransport: LinkEnd {
        switch phase {
        case .closeExchanged, .draining, .halfClosed: ending
        case .securing: .tls("the peer ended the connection during the handshake")
        case .connecting, .awaitingResponse, .awaitingRequest, .answering, .betweenRequests, .open, .closeSent, .ended:
            .lost
        }
    }

    /// Whether the first cause of the end is known, which nothing that comes later takes the place of. An end in good order that
    /// this side began is none until the peer has it: what becomes of that is told.
    private var isSettled: Bool {
        switch phase {
        case .closeExchanged, .ended: return true
        case .draining, .halfClosed:
            switch ending {
            case .closed: return isClean
            case .answered: return false
            case .lost, .failed, .refused, .openHandshakeTimeout, .closeHandshakeTimeout, .stalled, .pingTimeout,
                .outputOverflow, .outputOutdated, .violation, .tls, .handshake, .dropped:
                return true
            }
        case .connecting, .securing, .awaitingResponse, .awaitingRequest, .answering, .betweenRequests, .open,
            .closeSent:
            return false
        }
    }

    /// Whether what the peer has said will be read, whatever becomes of what is written.
    private var isHeard: Bool {
        switch phase {
        case .securing, .awaitingResponse: true
        case .open, .closeSent, .closeExchanged: pauses == 0
        case .connecting, .awaitingRequest, .answering, .betweenRequests, .draining, .halfClosed, .ended: false
        }
    }

    // MARK: Changes

    private mutating func end(with reason: LinkEnd) -> Step {
        if !isSettled { ending = reason }
        phase = .ended
        return Step(ends: true)
    }

    private mutating func drain(_ reason: LinkEnd, _ word: Step.Word = .nothing) -> Step {
        if !isSettled { ending = reason }
        phase = .draining
        return Step(dropsInput: true, word: word, timer: .arm(.draining), sends: true)
    }
}

// MARK: - Inputs of the opening

extension ConnectionLife {
    /// Client: the TCP connection is made.
    mutating func connected(toSecure: Bool) -> Step {
        guard case .connecting = phase else { return .nothing }
        phase = toSecure ? .securing : .awaitingResponse
        return Step(timer: hasConnectTimeout ? .arm(.opening) : .keep)
    }

    /// The TLS handshake is done.
    mutating func secured() -> Step {
        guard case .securing = phase else { return .nothing }
        switch role {
        case .server: phase = .awaitingRequest
        case .client: phase = .awaitingResponse
        }
        return .nothing
    }

    /// Server: octets of a request came, and not all of its head.
    mutating func requestBegun() -> Step {
        guard case .betweenRequests = phase else { return .nothing }
        phase = .awaitingRequest
        return Step(timer: .arm(.opening))
    }

    /// Server: the answer to a request for a web service is queued, in part at least.
    mutating func answerBegun() -> Step {
        switch phase {
        case .awaitingRequest, .betweenRequests:
            phase = .answering
            return Step(timer: .cancel, sends: true)
        case .connecting, .securing, .awaitingResponse, .answering, .open, .closeSent, .closeExchanged, .draining,
            .halfClosed, .ended:
            return .nothing
        }
    }

    /// Server: the whole answer is sent.
    mutating func answerSent(keepsAlive: Bool) -> Step {
        guard case .answering = phase else { return .nothing }
        guard keepsAlive else { return drain(.answered) }
        phase = .betweenRequests
        return Step(timer: .arm(.nextRequest))
    }

    /// The opening handshake is done: from here on there are frames.
    mutating func opened() -> Step {
        switch phase {
        case .awaitingRequest, .betweenRequests, .awaitingResponse:
            phase = .open
            return Step(timer: .cancel)
        case .connecting, .securing, .answering, .open, .closeSent, .closeExchanged, .draining, .halfClosed, .ended:
            return .nothing
        }
    }
}

// MARK: - Inputs of the end

extension ConnectionLife {
    /// Who owns the connection wants it closed, behind what is queued (RFC 6455, section 7.1.2).
    ///
    /// - Parameter hasCloseFrames: RawSocket has none; its end is that of the TCP connection.
    mutating func closeAsked(_ code: CloseCode, hasCloseFrames: Bool) -> Step {
        switch phase {
        case .open where hasCloseFrames:
            phase = .closeSent
            return Step(word: .close(code), timer: .arm(.closing), sends: true)
        case .open: return drain(.closed(code: code.rawValue))
        case .connecting, .securing, .awaitingResponse, .awaitingRequest, .answering, .betweenRequests:
            return end(with: .dropped)
        case .closeSent, .closeExchanged, .draining, .halfClosed, .ended: return .nothing
        }
    }

    /// The peer's Close frame came. The first one says how the connection ends (section 7.1.5).
    ///
    /// - Parameters:
    ///   - reason: the peer's.
    ///   - echoesCode: whether our answer, where it needs one, repeats the code; otherwise it is 1000.
    mutating func peerClosed(_ code: CloseCode?, reason: String = "", echoesCode: Bool) -> Step {
        let end = LinkEnd.closed(code: (code ?? .noStatusReceived).rawValue, reason: reason)
        switch (phase, role) {
        case (.open, .server):
            isClean = true
            return drain(end, .close(echoesCode ? code : .normalClosure))
        case (.open, .client):
            (ending, isClean) = (end, true)
            phase = .closeExchanged
            return Step(word: .close(echoesCode ? code : .normalClosure), timer: .arm(.closing), sends: true)
        case (.closeSent, .server): return self.end(with: end)
        case (.closeSent, .client):
            (ending, isClean) = (end, true)
            phase = .closeExchanged
            return Step(timer: .arm(.closing))
        case (.connecting, _), (.securing, _), (.awaitingResponse, _), (.awaitingRequest, _), (.answering, _),
            (.betweenRequests, _), (.closeExchanged, _), (.draining, _), (.halfClosed, _), (.ended, _):
            return .nothing
        }
    }

    /// The peer broke the protocol (section 7.1.7): nothing that it sends is read any more.
    ///
    /// - Parameter byDrop: `fail_by_drop`: without a Close frame, by a reset.
    mutating func peerFailed(_ code: CloseCode, _ reason: StaticString, byDrop: Bool) -> Step {
        let violation = LinkEnd.violation(code: code.rawValue, reason: reason)
        switch phase {
        case .open where byDrop:
            var step = end(with: violation)
            step.dropsInput = true
            step.resets = true
            return step
        case .open: return drain(violation, .close(code))
        case .connecting, .securing, .awaitingResponse, .awaitingRequest, .answering, .betweenRequests, .closeSent,
            .closeExchanged:
            var step = end(with: violation)
            step.dropsInput = true
            return step
        case .draining, .halfClosed, .ended: return .nothing
        }
    }

    /// The last word is queued already, such as a refusal or an alert: the connection ends behind it.
    mutating func lastWordQueued(_ reason: LinkEnd) -> Step {
        switch phase {
        case .connecting, .securing, .awaitingResponse, .awaitingRequest, .answering, .betweenRequests, .open,
            .closeSent, .closeExchanged:
            return drain(reason)
        case .draining, .halfClosed, .ended: return .nothing
        }
    }

    /// The peer has ended its stream.
    mutating func peerEnded() -> Step {
        hasEnded ? .nothing : end(with: endOfTransport)
    }

    /// A read or a write failed. A peer that resets once both Close frames are exchanged has said all it had to say.
    ///
    /// What the peer said before it went may be unread yet, and says why: a write that fails for that takes no notice.
    mutating func broke(errno: Int32, writing: Bool) -> Step {
        if writing, isHeard, SystemError.isPeerGone(errno) {
            wantsWrite = false
            return Step(dropsOutput: true)
        }
        return switch phase {
        // An orderly end that could not be said is told as that.
        case .draining where writing: end(with: LinkEnd(errno: errno))
        case .closeExchanged, .draining, .halfClosed: end(with: endOfTransport)
        case .connecting: end(with: .refused(errno: errno))
        case .securing, .awaitingResponse, .awaitingRequest, .answering, .betweenRequests, .open, .closeSent:
            end(with: LinkEnd(errno: errno))
        case .ended: .nothing
        }
    }

    /// The time-out that was armed last is over.
    mutating func timedOut() -> Step {
        switch phase {
        case .connecting where hasConnectTimeout: end(with: .refused(errno: SystemError.timedOut))
        case .connecting, .securing, .awaitingResponse, .awaitingRequest: end(with: .openHandshakeTimeout)
        case .betweenRequests: end(with: .answered)
        case .closeSent: end(with: .closeHandshakeTimeout)
        case .closeExchanged: end(with: ending)
        case .halfClosed where !ending.isForOthers: end(with: ending)
        // What the peer has not taken by now the kernel would hold for it for minutes.
        case .draining, .halfClosed: endByReset(with: ending)
        case .answering, .open, .ended: .nothing
        }
    }

    private mutating func endByReset(with reason: LinkEnd) -> Step {
        var step = end(with: reason)
        step.resets = true
        return step
    }

    /// The connection is given up at once, without a word.
    mutating func givenUp(_ reason: LinkEnd, byReset: Bool = false) -> Step {
        guard !hasEnded else { return .nothing }
        return byReset ? endByReset(with: reason) : end(with: reason)
    }
}

// MARK: - Inputs of reading and writing

extension ConnectionLife {
    /// The socket took a part of what is queued.
    mutating func roomMissing() -> Step {
        wantsWrite = true
        return .nothing
    }

    /// All that was queued is sent.
    mutating func allSent() -> Step {
        wantsWrite = false
        guard case .draining = phase else { return .nothing }
        phase = .halfClosed
        return Step(shutsDown: true)
    }

    /// A receiver of its messages is congested.
    mutating func paused() -> Step {
        pauses += 1
        return .nothing
    }

    /// One of those has drained.
    mutating func resumed() -> Step {
        if pauses > 0 { pauses -= 1 }
        return .nothing
    }
}
