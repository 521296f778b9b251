package import RennbahnAuthentication
import RennbahnWAMP

/// A session with a WAMP router, over one WebSocket connection of its own.
///
/// ```swift
/// let session = try await WAMPSession.connect(.init(url: "ws://127.0.0.1:8080/ws", realm: "realm1"))
/// let sum = try await session.call("com.example.add", arguments: [2, 3])
/// ```
///
/// All functions may be called from any task at any time; what one task sends, the router gets in that order. Every
/// error is a ``WAMPError``. When the session ends, for whatever reason, everything that waits fails with it.
///
/// Each session has a thread that carries its connection; handlers and readers of events run in tasks of Swift's own
/// pool. The session ends with ``close()``, or when the last reference to it is dropped; its subscriptions and
/// registrations hold one. A handler that captures its session keeps it until ``close()``.
public final class WAMPSession: Sendable {
    /// The router's number of the session.
    public let id: UInt64
    /// The realm that was joined.
    public let realm: String
    /// The one of the offered serializers that the router chose.
    public let serializer: WAMPClientConfiguration.Serializer
    /// Whether permessage-deflate was agreed on.
    public let isCompressed: Bool
    private let mailbox: Mailbox

    private init(_ joined: Joined, realm: String, _ mailbox: Mailbox) {
        id = joined.session.value
        self.realm = realm
        serializer = joined.serializer
        isCompressed = joined.isCompressed
        self.mailbox = mailbox
    }

    deinit {
        mailbox.post(.leave(nil))
    }

    /// Connects to a router and joins a realm (WAMP specification, "Session Establishment"), with
    /// ``WAMPClientConfiguration/credentials`` or anonymously.
    ///
    /// - Throws: ``WAMPError/Code/connectionRefused``, ``WAMPError/Code/unavailable``, ``WAMPError/Code/handshakeFailed``,
    ///   ``WAMPError/Code/aborted`` with the router's reason, ``WAMPError/Code/authenticationFailed``,
    ///   ``WAMPError/Code/connectionLost``, ``WAMPError/Code/timedOut``, ``WAMPError/Code/canceled``;
    ///   ``WAMPError/Code/invalidURI`` and ``WAMPError/Code/usage`` for a bad configuration.
    public static func connect(_ configuration: WAMPClientConfiguration) async throws(WAMPError) -> WAMPSession {
        try await connect(SessionSetup(configuration))
    }

    /// As ``connect(_:)``, over a transport of a configuration file.
    package static func connect(
        over transport: ConnectingTransport, realm: String, agent: String? = nil, credentials: [ClientCredential] = []
    ) async throws(WAMPError) -> WAMPSession {
        try await connect(SessionSetup(transport, realm: realm, agent: agent, credentials: credentials))
    }

    private static func connect(_ setup: SessionSetup) async throws(WAMPError) -> WAMPSession {
        let mailbox = try Mailbox()
        let joined: Result<Joined, WAMPError> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                SessionThread.start(setup, mailbox, continuation)
            }
        } onCancel: {
            mailbox.post(.cancel(.join))
        }
        return WAMPSession(try joined.get(), realm: setup.machine.realm, mailbox)
    }

    // MARK: Publish and subscribe

    /// Subscribes to a topic (WAMP specification, "Subscribing and Unsubscribing"). Once this returns, no
    /// publication to the topic that begins is missed.
    ///
    /// Events wait for their reader in a buffer. The connection is never held up for a slow reader, since calls share
    /// it; so a reader that falls `bufferedEvents` behind gets what is buffered, and then
    /// ``WAMPError/Code/bufferOverflow``: an event is never left out in silence.
    ///
    /// - Throws: ``WAMPError/Code/invalidURI``, ``WAMPError/Code/application`` with the router's refusal, and what ends
    ///   a session.
    public func subscribe(
        _ topic: String, bufferedEvents: Int = 1024
    ) async throws(WAMPError) -> WAMPSubscription {
        guard bufferedEvents > 0 else { throw WAMPError(.usage, message: "bufferedEvents is not positive") }
        let buffer = EventBuffer(capacity: bufferedEvents)
        let ticket = mailbox.makeTicket()
        _ = try await perform(.subscribe(topic: topic), ticket, .events(buffer))
        return WAMPSubscription(topic: topic, session: self, ticket: ticket, buffer: buffer)
    }

    /// Publishes an event (WAMP specification, "Publishing and Events").
    ///
    /// Without acknowledgement it returns when the message is on its way; if the router takes messages more slowly than
    /// they are published, it waits until few enough are queued. A refusal stays unknown then.
    ///
    /// - Parameters:
    ///   - acknowledge: waits until the router has accepted the event, and throws its refusal.
    ///   - excludeMe: false lets this session receive the event, too, if it has subscribed to the topic.
    /// - Throws: ``WAMPError/Code/invalidURI``, ``WAMPError/Code/usage`` for arguments that the serializer has no form
    ///   for, ``WAMPError/Code/application`` with the router's refusal, and what ends a session.
    public func publish(
        _ topic: String, arguments: [WAMPData] = [], keywords: [String: WAMPData] = [:], acknowledge: Bool = false,
        excludeMe: Bool = true
    ) async throws(WAMPError) {
        let values = WAMPPayload(arguments: arguments, keywords: keywords)
        _ = try await perform(
            .publish(topic: topic, values, acknowledge: acknowledge, excludeMe: excludeMe), mailbox.makeTicket())
    }

    // MARK: Calls

    /// Registers a procedure (WAMP specification, "Registering and Unregistering"): from now on `handler` answers its
    /// calls, each in a task of its own, several at the same time.
    ///
    /// An error that it throws is the caller's ERROR: ``WAMPError/application(_:arguments:keywords:)`` with its URI, a `CancellationError` as `wamp.error.canceled`, any other as `wamp.error.runtime_error` with its
    /// description. The task is canceled when the router gives the call up and when the session ends.
    ///
    /// - Throws: ``WAMPError/Code/invalidURI``, ``WAMPError/Code/application`` with the router's refusal, and what ends
    ///   a session.
    @discardableResult
    public func register(
        _ procedure: String, handler: @escaping @Sendable (WAMPInvocation) async throws -> WAMPPayload
    ) async throws(WAMPError) -> WAMPRegistration {
        let ticket = mailbox.makeTicket()
        _ = try await perform(.register(procedure: procedure), ticket, .handler(handler))
        return WAMPRegistration(procedure: procedure, session: self, ticket: ticket)
    }

    /// Calls a procedure (WAMP specification, "Calling and Invocations").
    ///
    /// A canceled task, and a time-out, give the call up with CANCEL `killnowait`: this throws at once, and the router
    /// tells a callee that knows about it.
    ///
    /// - Parameter timeout: how long to wait for the result; `nil` is as long as the session lives.
    /// - Throws: ``WAMPError/Code/application`` with the callee's or router's error, ``WAMPError/Code/canceled``,
    ///   ``WAMPError/Code/timedOut``, ``WAMPError/Code/invalidURI``, ``WAMPError/Code/unreadablePayload``,
    ///   ``WAMPError/Code/usage`` for arguments that the serializer has no form for, and what ends a session.
    public func call(
        _ procedure: String, arguments: [WAMPData] = [], keywords: [String: WAMPData] = [:], timeout: Duration? = nil
    ) async throws(WAMPError) -> WAMPPayload {
        var limit: UInt64?
        if let timeout { limit = try nanoseconds(timeout, of: "timeout") }
        let values = WAMPPayload(arguments: arguments, keywords: keywords)
        let outcome = try await perform(
            .call(procedure: procedure, values, timeout: limit), mailbox.makeTicket())
        guard case .result(let result) = outcome else { preconditionFailure("a call brings a result") }
        return result
    }

    // MARK: The end

    /// Leaves the realm with GOODBYE (WAMP specification, "Session Closing") behind all that was sent, and closes the
    /// connection. Whatever waits fails with ``WAMPError/Code/closed``, the events of subscriptions just end.
    ///
    /// When it returns, the connection is gone; ``WAMPClientConfiguration/closeTimeout`` bounds that. It may be called
    /// again and does nothing then.
    public func close() async {
        await withCheckedContinuation { continuation in
            if mailbox.post(.leave(continuation)) != nil { continuation.resume() }
        }
    }

    /// Waits until the session is over and returns why: ``WAMPError/Code/closed``, ``WAMPError/Code/aborted``,
    /// ``WAMPError/Code/connectionLost`` or ``WAMPError/Code/protocolViolation``; or ``WAMPError/Code/canceled`` when
    /// the waiting task is.
    public func waitForEnd() async -> WAMPError {
        do {
            _ = try await perform(.watch, mailbox.makeTicket())
            preconditionFailure("watching ends with the session")
        } catch {
            return error
        }
    }

    /// Has the session's thread carry out a request.
    ///
    /// - Parameter isCleanup: is begun even in a canceled task, which only does not wait for it.
    @discardableResult
    func perform(
        _ request: ClientRequest, _ ticket: Ticket, _ attachment: Mailbox.Attachment = .none, isCleanup: Bool = false
    ) async throws(WAMPError) -> ClientOutcome {
        if Task.isCancelled, !isCleanup { throw WAMPError(.canceled) }
        let mailbox = mailbox
        let result: Result<ClientOutcome, WAMPError> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if let error = mailbox.post(.request(request, ticket, attachment, continuation)) {
                    continuation.resume(returning: .failure(error))
                } else if Task.isCancelled {
                    // The cancellation may have come before the request, and found nothing.
                    mailbox.post(.cancel(ticket))
                }
            }
        } onCancel: {
            mailbox.post(.cancel(ticket))
        }
        return try result.get()
    }

    func makeTicket() -> Ticket { mailbox.makeTicket() }

    /// The subscription was dropped.
    func abandon(_ subscription: Ticket) {
        mailbox.post(.abandon(subscription))
    }
}
