import RennbahnWAMP

/// What the router keeps of one connection and its session. Plain data; stored at ``SessionHandle/index``.
struct Session: BitwiseCopyable {
    /// The state of the session on this connection (WAMP specification, "Session State Machine").
    ///
    /// ```
    ///            HELLO                      GOODBYE
    /// closed ──────────► established ◄─────────────────► closed
    ///    │  HELLO           ▲    │ shutDown
    ///    └───────► joining ─┘    └──────────► shuttingDown ── GOODBYE ──► failed
    /// ```
    /// A protocol violation, a refused HELLO and ABORT lead from everywhere to `failed`, where the transport is
    /// about to be closed and what it brings is ignored.
    enum Phase: UInt8, BitwiseCopyable {
        /// There is no connection.
        case vacant
        case closed
        /// HELLO was good, but the owner has yet to create the realm.
        case joining
        case established
        /// The router has sent GOODBYE; only the client's GOODBYE is of interest.
        case shuttingDown
        case failed
    }

    var handle: SessionHandle
    var phase: Phase
    /// Which session of the shard this is. A closed connection has none.
    var incarnation: UInt32 = 0
    var realm: UInt32 = 0
    /// The request that came last, none before the first.
    var lastRequest = RequestID.none
    /// The last INVOCATION that this session got, none before the first.
    var lastInvocation = RequestID.none

    /// The topic of the last PUBLISH and the procedure of the last CALL, as indices that may lead anywhere by now:
    /// most clients repeat them.
    var lastTopic: UInt32 = .max
    var lastProcedure: UInt32 = .max

    /// In `Broker.memberships`.
    var memberships = ListHead()
    /// SUBSCRIBEs that wait for the owner.
    var waitingSubscriptions: UInt32 = 0
    /// In `Dealer.held`.
    var registrations = ListHead()
    /// REGISTERs that wait for the owner's grant.
    var waitingRegistrations: UInt32 = 0
    /// Calls of this session without an answer, in `Dealer.calls`.
    var calls = ListHead()
    /// Calls that this session has to answer, in `Dealer.invocations`.
    var invocations = ListHead()
    /// Octets of the URIs of its subscriptions and registrations, as if it were the only one to have them.
    var nameOctets = 0

    var reference: SessionReference { SessionReference(index: handle.index, incarnation: incarnation) }

    /// A connection without a session yet, or no connection.
    init(handle: SessionHandle, phase: Phase) {
        self.handle = handle
        self.phase = phase
    }

    var ownsNothing: Bool {
        memberships.isEmpty && registrations.isEmpty && calls.isEmpty && invocations.isEmpty
    }
}
