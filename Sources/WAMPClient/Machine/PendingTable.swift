import RennbahnWAMP

/// A request that the router has not answered yet.
struct PendingRequest: Equatable {
    enum Kind: Equatable {
        case publish
        case subscribe(topic: String)
        case unsubscribe(subscription: SubscriptionID)
        case register(procedure: String)
        case unregister(registration: RegistrationID)
        case call
    }

    /// Who waits for the answer; `nil`: nobody does any more, or ever did.
    var ticket: Ticket?
    let kind: Kind

    /// The type that an ERROR for it names.
    var code: MessageCode {
        switch kind {
        case .publish: .publish
        case .subscribe: .subscribe
        case .unsubscribe: .unsubscribe
        case .register: .register
        case .unregister: .unregister
        case .call: .call
        }
    }
}

/// The requests that wait for an answer, and the counter of their ids: from 1, in steps of 1, and again from 1 after
/// 2^53 (WAMP specification, "Identifiers", session scope).
struct PendingTable {
    private var requests: [RequestID: PendingRequest] = [:]
    private var ids: [Ticket: RequestID] = [:]
    private var last: RequestID
    /// How many SUBSCRIBE for each topic are under way.
    private var subscribing: [String: Int] = [:]

    init(lastID: RequestID = .none) {
        last = lastID
    }

    var isEmpty: Bool { requests.isEmpty }

    /// Whoever waits.
    var tickets: [Ticket] { ids.keys.sorted { $0.number < $1.number } }

    /// The next id, for a message that has no answer.
    mutating func takeID() -> RequestID {
        last = last.next
        return last
    }

    mutating func insert(_ kind: PendingRequest.Kind, _ ticket: Ticket?) -> RequestID {
        let id = takeID()
        requests[id] = PendingRequest(ticket: ticket, kind: kind)
        if let ticket { ids[ticket] = id }
        if case .subscribe(let topic) = kind { subscribing[topic, default: 0] += 1 }
        return id
    }

    /// The request with the id that was taken last was not sent: the next one gets it.
    mutating func takeBack(_ id: RequestID) {
        precondition(id == last, "another id was taken since")
        _ = remove(id)
        last.value -= 1
    }

    func request(_ id: RequestID) -> PendingRequest? { requests[id] }

    mutating func remove(_ id: RequestID) -> PendingRequest? {
        guard let request = requests.removeValue(forKey: id) else { return nil }
        if let ticket = request.ticket { ids[ticket] = nil }
        if case .subscribe(let topic) = request.kind { forgetSubscribing(topic) }
        return request
    }

    /// Nobody waits any more; the answer is still expected. Returns the request, if there was one that was waited for.
    mutating func abandon(_ ticket: Ticket) -> (id: RequestID, kind: PendingRequest.Kind)? {
        guard let id = ids.removeValue(forKey: ticket), let kind = requests[id]?.kind else { return nil }
        requests[id]?.ticket = nil
        return (id, kind)
    }

    func ticket(of id: RequestID) -> Ticket? { requests[id]?.ticket }

    func isSubscribing(to topic: String) -> Bool { subscribing[topic] != nil }

    mutating func removeAll() {
        requests = [:]
        ids = [:]
        subscribing = [:]
    }

    private mutating func forgetSubscribing(_ topic: String) {
        guard let count = subscribing[topic] else { return }
        subscribing[topic] = count > 1 ? count - 1 : nil
    }
}
