import RennbahnRouter
import RennbahnWAMP

/// A session of the simulation and what it is owed.
final class SimulatedClient {
    /// An EVENT: a publication through one subscription.
    struct Delivery: Hashable {
        let token: Int
        /// In ``Simulation/topicPatterns``.
        let pattern: Int
    }

    struct PendingCall {
        let token: Int
        /// The registration that must be called, as far as every shard knew when the call was made.
        let registration: RegistrationID?
    }

    /// A request that is answered exactly once.
    enum Request: Hashable {
        case subscribe(RequestID, pattern: Int)
        case unsubscribe(RequestID)
        case register(RequestID, pattern: Int)
        case unregister(RequestID)
        case publish(RequestID)
    }

    let peer: Peer
    /// Tells the sessions of the simulation apart, also those of one connection.
    let number: Int
    let realm: Int
    var isAlive = false
    var nextRequest: RequestID = 1

    var requests: Set<Request> = []
    /// By pattern.
    var subscriptions: [Int: SubscriptionID] = [:]
    /// By registration id: the pattern. From REGISTERED to UNREGISTER.
    var registrations: [RegistrationID: Int] = [:]
    /// Those of them whose REGISTERED was brought by an INVOCATION, before every shard knew them.
    var early: Set<RegistrationID> = []
    var calls: [RequestID: PendingCall] = [:]
    /// Invocations without an answer: id → token.
    var invocations: [RequestID: Int] = [:]
    var lastInvocation = RequestID.none
    /// What must still come.
    var owed: Set<Delivery> = []
    var seen: Set<Delivery> = []
    /// By the other session's number: the token that came last.
    var lastPublication: [Int: Int] = [:]
    var lastCall: [Int: Int] = [:]

    init(peer: Peer, number: Int, realm: Int) {
        self.peer = peer
        self.number = number
        self.realm = realm
    }

    func newRequest() -> RequestID {
        defer { nextRequest = nextRequest.next }
        return nextRequest
    }
}
