import RennbahnWAMP

/// Names a request of the program for as long as it is wanted; a subscription and a registration keep the name of the
/// request that made them.
struct Ticket: Hashable, Sendable {
    let number: UInt64

    /// The wish to be connected, which starts every session.
    static let join = Ticket(number: 0)
}

/// What a program asks of a session.
enum ClientRequest: Sendable, Equatable {
    case subscribe(topic: String)
    /// The ticket is that of the subscription.
    case unsubscribe(Ticket)
    case publish(topic: String, WAMPPayload, acknowledge: Bool, excludeMe: Bool)
    case register(procedure: String)
    /// The ticket is that of the registration.
    case unregister(Ticket)
    /// The time-out is in nanoseconds.
    case call(procedure: String, WAMPPayload, timeout: UInt64?)
    /// Fails when the session is over, with the reason.
    case watch
}

/// How a request went well.
enum ClientOutcome: Sendable, Equatable {
    case joined(session: SessionID)
    /// There is nothing to tell.
    case done
    case result(WAMPPayload)
}

/// A timer of the machine.
enum ClientTimer: Hashable, Sendable {
    /// The connection and WELCOME.
    case opening
    /// The router's GOODBYE.
    case closing
    /// A call, by its request id.
    case call(RequestID)
}

/// How the connection is to be closed.
enum ClientClose: Sendable, Equatable {
    case normal
    /// 1002 (RFC 6455, section 7.4.1).
    case protocolError
    /// 1007: a text is not UTF-8.
    case invalidPayload
}

/// What the machine wants done, in this order.
enum ClientEffect: Sendable, Equatable {
    /// A whole message.
    case send([UInt8])
    case complete(Ticket, Result<ClientOutcome, WAMPError>)
    /// An event for a subscription.
    case deliver(WAMPEvent, to: Ticket)
    /// A subscription or registration is over; a subscription's events end with the error, if there is one.
    case retire(Ticket, WAMPError?)
    /// A handler is to be called; ``ClientSession/answer(_:_:into:)`` brings its answer back.
    case invoke(RequestID, WAMPInvocation, of: Ticket)
    /// The answer to an invocation is not wanted any more.
    case interrupt(RequestID)
    case startTimer(ClientTimer, nanoseconds: UInt64)
    case stopTimer(ClientTimer)
    /// Behind what was sent before.
    case close(ClientClose)
}
