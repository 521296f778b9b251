/// A procedure that this session answers the calls of, until it is unregistered or the session ends. Dropping the
/// registration changes nothing.
public final class WAMPRegistration: Sendable {
    /// The procedure.
    public let procedure: String
    private let session: WAMPSession
    private let ticket: Ticket

    init(procedure: String, session: WAMPSession, ticket: Ticket) {
        self.procedure = procedure
        self.session = session
        self.ticket = ticket
    }

    /// Ends the registration; what is being handled is still answered. May be called again.
    ///
    /// - Throws: ``WAMPError/Code/application`` with the router's refusal, and what ends a session.
    public func unregister() async throws(WAMPError) {
        _ = try await session.perform(.unregister(ticket), session.makeTicket(), isCleanup: true)
    }
}
