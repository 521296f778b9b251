/// A subscription to a topic, and its events as they come in.
///
/// ```swift
/// for try await event in try await session.subscribe("com.example.tick") { … }
/// ```
///
/// The events end after ``unsubscribe()`` and ``WAMPSession/close()``, and when the reading task is canceled. They
/// end with an error when the session ends otherwise, when the router takes the subscription back, when a publisher's
/// arguments cannot be read, and when too many events wait; what is buffered is handed out before that.
///
/// Each event goes to one reader: several tasks that read one subscription share its events. Two subscriptions to the
/// same topic get each event both. A subscription that is dropped is unsubscribed.
public final class WAMPSubscription: AsyncSequence, Sendable {
    /// The topic.
    public let topic: String
    private let session: WAMPSession
    private let ticket: Ticket
    private let buffer: EventBuffer

    init(topic: String, session: WAMPSession, ticket: Ticket, buffer: EventBuffer) {
        self.topic = topic
        self.session = session
        self.ticket = ticket
        self.buffer = buffer
    }

    deinit {
        session.abandon(ticket)
    }

    /// Ends the subscription; the router sends no more events when this returns. May be called again.
    ///
    /// - Throws: ``WAMPError/Code/application`` with the router's refusal, and what ends a session.
    public func unsubscribe() async throws(WAMPError) {
        let subscription = ticket
        _ = try await session.perform(.unsubscribe(subscription), session.makeTicket(), isCleanup: true)
    }

    /// The events from now on.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(subscription: self)
    }

    /// Reads a subscription's events.
    public struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let subscription: WAMPSubscription

        /// The next event; `nil` at the end.
        public mutating func next() async throws(WAMPError) -> WAMPEvent? {
            try await subscription.buffer.next().get()
        }

        /// The next event; `nil` at the end.
        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(WAMPError) -> WAMPEvent? {
            try await subscription.buffer.next().get()
        }
    }
}
