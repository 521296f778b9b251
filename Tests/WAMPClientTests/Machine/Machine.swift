import RennbahnAuthentication
import RennbahnWAMP

@testable import WAMPClient

/// The machine between a test's hands: messages in and out as JSON.
struct Machine {
    var session: ClientSession
    private var lastTicket: UInt64 = 100

    init(maxInvocations: Int = 10, agent: String? = nil, validatesUTF8: Bool = true) {
        guard
            let machine = try? Machine(
                [], maxInvocations: maxInvocations, agent: agent, validatesUTF8: validatesUTF8)
        else { preconditionFailure("no credentials are good ones") }
        self = machine
    }

    init(
        _ credentials: [ClientCredential], maxInvocations: Int = 10, agent: String? = nil, validatesUTF8: Bool = true
    ) throws {
        session = ClientSession(
            ClientSession.Settings(
                realm: "realm1", agent: agent,
                authentication: try ClientAuthentication(credentials, nonce: [UInt8](0..<16)), openTimeout: 5,
                closeTimeout: 7, maxInvocations: maxInvocations, validatesUTF8: validatesUTF8))
    }

    /// A machine whose router has said WELCOME.
    static func established(maxInvocations: Int = 10, validatesUTF8: Bool = true) -> Machine {
        var machine = Machine(maxInvocations: maxInvocations, validatesUTF8: validatesUTF8)
        _ = machine.connect()
        _ = machine.receive(#"[2,99,{"roles":{}}]"#)
        return machine
    }

    mutating func connect() -> [ClientEffect] {
        step { $0.connected(.json, into: &$1) }
    }

    mutating func receive(_ json: String, isBinary: Bool = false) -> [ClientEffect] {
        let bytes = Array(json.utf8)
        return step { $0.receive(bytes.span, isBinary: isBinary, into: &$1) }
    }

    /// A request under a new ticket.
    mutating func request(_ request: ClientRequest) -> (Ticket, [ClientEffect]) {
        lastTicket += 1
        let ticket = Ticket(number: lastTicket)
        return (ticket, step { $0.request(request, ticket, into: &$1) })
    }

    mutating func step(_ input: (inout ClientSession, inout [ClientEffect]) -> Void) -> [ClientEffect] {
        var effects: [ClientEffect] = []
        input(&session, &effects)
        return effects
    }

    // MARK: Ways that many tests go

    /// A subscription under the router's number 7, unless said otherwise.
    mutating func subscribe(_ topic: String = "a.topic", request: Int = 1, id: Int = 7) -> Ticket {
        let (ticket, _) = self.request(.subscribe(topic: topic))
        _ = receive("[33,\(request),\(id)]")
        return ticket
    }

    /// A registration under the router's number 8, unless said otherwise.
    mutating func register(_ procedure: String = "a.procedure", request: Int = 1, id: Int = 8) -> Ticket {
        let (ticket, _) = self.request(.register(procedure: procedure))
        _ = receive("[65,\(request),\(id)]")
        return ticket
    }

    /// Whether nothing is left in its tables.
    var isEmpty: Bool {
        session.pending.isEmpty && session.subscriptions.isEmpty && session.subscriptionIDs.isEmpty
            && session.registrations.isEmpty && session.registrationIDs.isEmpty && session.invocations.isEmpty
            && session.watchers.isEmpty
    }
}

extension ClientEffect {
    /// A message of the client.
    static func sent(_ json: String) -> ClientEffect { .send(Array(json.utf8)) }

    static func failed(_ ticket: Ticket, _ error: WAMPError) -> ClientEffect { .complete(ticket, .failure(error)) }

    static func done(_ ticket: Ticket) -> ClientEffect { .complete(ticket, .success(.done)) }

    /// The JSON of a sent message.
    var json: String? {
        if case .send(let bytes) = self { String(decoding: bytes, as: UTF8.self) } else { nil }
    }
}

/// The effects of a violation in an established session with nothing pending.
func violation(_ message: String, _ close: ClientClose = .protocolError) -> [ClientEffect] {
    [.sent(#"[3,{"message":"\#(message)"},"wamp.error.protocol_violation"]"#), .close(close)]
}
