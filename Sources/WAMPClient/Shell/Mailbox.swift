import RennbahnReactor
import RennbahnWAMP
import Synchronization

/// What tasks tell a session's thread, in the order in which they do.
final class Mailbox: Sendable {
    typealias Completion = CheckedContinuation<Result<ClientOutcome, WAMPError>, Never>
    typealias Handler = @Sendable (WAMPInvocation) async throws -> WAMPPayload

    enum Command: Sendable {
        case request(ClientRequest, Ticket, Attachment, Completion)
        /// The task that waits for the ticket was canceled. It may have been answered already.
        case cancel(Ticket)
        /// A subscription was dropped.
        case abandon(Ticket)
        case answer(RequestID, Result<WAMPPayload, WAMPError>)
        /// Who wants to leave is told when the connection and all that belongs to it are gone.
        case leave(CheckedContinuation<Void, Never>?)
    }

    /// What a request leaves with the thread.
    enum Attachment: Sendable {
        case none
        case events(EventBuffer)
        case handler(Handler)
    }

    private struct State {
        var commands: [Command] = []
        var lastTicket: UInt64 = 0
        /// Set when the thread takes no more commands.
        var end: WAMPError?
    }

    let wakeUp: WakeUp
    private let state = Mutex(State())

    init() throws(WAMPError) {
        do throws(SystemError) {
            wakeUp = try WakeUp()
        } catch {
            throw WAMPError(.connectionRefused, message: error.description)
        }
    }

    func makeTicket() -> Ticket {
        state.withLock { state in
            state.lastTicket += 1
            return Ticket(number: state.lastTicket)
        }
    }

    /// - Returns: what ended the session, if it is over; the command is not taken then.
    @discardableResult
    func post(_ command: Command) -> WAMPError? {
        let end = state.withLock { state in
            if state.end == nil { state.commands.append(command) }
            return state.end
        }
        if end == nil { wakeUp.wake() }
        return end
    }

    var isEmpty: Bool { state.withLock { $0.commands.isEmpty } }

    func take() -> [Command] {
        state.withLock { state in
            let commands = state.commands
            state.commands = []
            return commands
        }
    }

    /// Takes no more commands; returns those that were not taken by the thread.
    func close(_ end: WAMPError) -> [Command] {
        state.withLock { state in
            state.end = end
            let commands = state.commands
            state.commands = []
            return commands
        }
    }
}
