import RennbahnAuthentication
import RennbahnBytes
import RennbahnWAMP

/// One session as its client sees it: requests of the program and bytes of the router in, ``ClientEffect`` out. It
/// knows neither sockets nor clocks.
///
/// ```
/// connecting ─► joining ─► established ─► leaving ─► ended
///      └───────────┴────────────┴──────────────────────┘   ABORT, GOODBYE, violation, end of the connection
/// ```
///
/// Invariant: outside of `established` the tables are empty.
struct ClientSession {
    enum Phase: Equatable {
        /// The transport is being made.
        case connecting
        /// HELLO was sent, perhaps AUTHENTICATE too.
        case joining
        case established(session: SessionID)
        /// GOODBYE was sent; whatever arrives but the router's is ignored.
        case leaving
        /// The reason is what every later request fails with.
        case ended(WAMPError)
    }

    struct Subscription: Equatable {
        let topic: String
        /// The router knows one subscription for a topic, however many of the program's share it.
        var members: [Ticket] = []
        /// UNSUBSCRIBE was sent, and no SUBSCRIBED came since.
        var isLeaving = false
    }

    struct Registration: Equatable {
        let ticket: Ticket
        let procedure: String
    }

    struct Settings: Sendable {
        var realm: String
        var agent: String?
        /// Before anything was said.
        var authentication: ClientAuthentication
        /// How long to wait for the session, in nanoseconds.
        var openTimeout: UInt64
        /// How long to wait for the router's GOODBYE, in nanoseconds.
        var closeTimeout: UInt64
        var maxInvocations: Int
        /// Whether text that is not UTF-8 is told as such when the connection is closed; else it is malformed JSON.
        var validatesUTF8 = true
    }

    let settings: Settings
    var serializer = Serializer.json
    /// Octets of a message that the router takes, where the transport tells.
    var routerLimit = Int.max
    var phase = Phase.connecting
    var scanner = EnvelopeScanner()
    var authentication: ClientAuthentication

    var pending = PendingTable()
    /// By the router's id.
    var subscriptions: [SubscriptionID: Subscription] = [:]
    var subscriptionIDs: [Ticket: SubscriptionID] = [:]
    var registrations: [RegistrationID: Registration] = [:]
    var registrationIDs: [Ticket: RegistrationID] = [:]
    /// Invocations that handlers are working on.
    var invocations: Set<RequestID> = []
    /// Who waits for the end.
    var watchers: [Ticket] = []

    init(_ settings: Settings) {
        self.settings = settings
        authentication = settings.authentication
    }

    /// The connection is about to be made.
    func start(into effects: inout [ClientEffect]) {
        effects.append(.startTimer(.opening, nanoseconds: settings.openTimeout))
    }

    /// What ended the session, once something has.
    var end: WAMPError? {
        if case .ended(let error) = phase { error } else { nil }
    }

    /// The WebSocket connection is open: says HELLO.
    mutating func connected(_ serializer: Serializer, into effects: inout [ClientEffect]) {
        guard phase == .connecting else { return }
        self.serializer = serializer
        phase = .joining
        send(into: &effects) { message in
            MessageWriter.hello(
                serializer, realm: settings.realm.utf8.span, details: helloDetails, into: &message)
        }
    }

    /// Nothing but what this client makes use of is announced.
    private var helloDetails: WAMPValue {
        let canceling: WAMPValue = ["features": ["call_canceling": true]]
        var details: WAMPDictionary = [
            "roles": [
                "publisher": ["features": ["publisher_exclusion": true]], "subscriber": [:], "caller": canceling,
                "callee": canceling,
            ]
        ]
        if let agent = settings.agent { details["agent"] = .string(agent) }
        authentication.offer(in: &details)
        return .dictionary(details)
    }

    /// - Returns: false where the router takes no messages of that size: nothing is sent then.
    @discardableResult
    func send(into effects: inout [ClientEffect], _ build: (inout ByteBuffer) -> Void) -> Bool {
        var message = ByteBuffer(capacity: 128)
        build(&message)
        guard message.count <= routerLimit else { return false }
        effects.append(.send(message.span.copied()))
        return true
    }

    /// What a request fails with that was not sent.
    var tooLarge: WAMPError {
        .application(
            PredefinedURI.payloadSizeExceeded.text.description,
            arguments: [.string("the router takes messages of up to \(routerLimit) octets")])
    }

    /// The payload's bytes in this session's serializer.
    ///
    /// - Throws: ``WAMPError/Code/usage`` for what has no form there.
    func encode(_ values: WAMPPayload, into bytes: inout ByteBuffer) throws(WAMPError) -> Payload {
        try PayloadValues(
            arguments: WAMPData.list(values.arguments, for: serializer),
            keywords: WAMPData.dictionary(values.keywords, for: serializer)
        ).encode(serializer, into: &bytes)
    }
}
