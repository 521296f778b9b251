import RennbahnRouter
import RennbahnWAMP

/// What sessions receive, against what they may.
extension Simulation {
    func observe(_ peer: Peer, _ received: Received) {
        guard let client = current[peer] else { return fault("something for an unknown connection") }
        if case .welcome(let realm) = received {
            if client.isAlive || realm != client.realm { fault("WELCOME out of place") }
            client.isAlive = true
            return
        }
        guard client.isAlive else {
            switch received {
            case .goodbye, .closed, .abort, .yieldingEnded: return
            default: return fault("\(received) for a session that has left")
            }
        }
        let told = lastRegistered
        lastRegistered = nil
        switch received {
        case .subscribed(let request, let id): subscribed(client, request: request, id: id)
        case .event(let id, let token): event(client, id: id, token: token, topic: nil)
        case .patternEvent(let id, let token, let topic): event(client, id: id, token: token, topic: topic)
        case .yieldingEvent(let id, let token, let topic, _):
            event(client, id: id, token: token, topic: topic.isEmpty ? nil : topic)
        case .yieldingEnded: break
        case .registered(let request, let id): registered(client, request: request, id: id)
        case .invocation(let request, let id, let token):
            if let told, told == (client.number, id) { client.early.insert(id) }
            invocation(client, request: request, id: id, token: token, procedure: nil)
        case .patternInvocation(let request, let id, let token, let procedure):
            if let told, told == (client.number, id) { client.early.insert(id) }
            invocation(client, request: request, id: id, token: token, procedure: procedure)
        case .unsubscribed(let request): answered(client, .unsubscribe(request))
        case .unregistered(let request): answered(client, .unregister(request))
        case .published(let request): answered(client, .publish(request))
        case .result(let request, let token), .callError(let request, _, let token):
            callAnswered(client, request: request, token: token)
        case .error(.call, let request, let error): callFailed(client, request: request, error: error)
        case .error(.register, let request, .procedureAlreadyExists):
            if client.removeRegister(request) == nil { fault("REGISTER failed twice") }
        case .welcome, .goodbye, .abort, .closed, .error: fault("unexpected \(received)")
        }
    }

    private func answered(_ client: SimulatedClient, _ request: SimulatedClient.Request) {
        if client.requests.remove(request) == nil { fault("answer to no request: \(request)") }
    }

    private func subscribed(_ client: SimulatedClient, request: RequestID, id: SubscriptionID) {
        guard let pattern = client.removeSubscribe(request) else { return fault("SUBSCRIBED without SUBSCRIBE") }
        if let known = client.subscriptions[pattern], known != id { fault("another id for the same subscription") }
        for other in alive where other.realm == client.realm {
            if let known = other.subscriptions[pattern], known != id { fault("two ids for one topic") }
        }
        client.subscriptions[pattern] = id
    }

    private func event(_ client: SimulatedClient, id: SubscriptionID, token: Int, topic: String?) {
        let sent = tokens[token]
        guard let pattern = client.subscriptions.first(where: { $0.value == id })?.key else {
            return fault("EVENT outside of its subscription, session \(client.number)")
        }
        let subscription = Simulation.topicPatterns[pattern]
        if !subscription.matches(topicName(sent.place)) { fault("EVENT of a topic that does not match") }
        if topic != (subscription.match == .exact ? nil : topicName(sent.place)) {
            fault("EVENT with topic \(topic ?? "")")
        }
        let delivery = SimulatedClient.Delivery(token: token, pattern: pattern)
        if sent.realm != client.realm { fault("EVENT of another realm") }
        if sent.excludesSender && sent.sender == client.number { fault("the publisher got its own EVENT") }
        if !client.seen.insert(delivery).inserted { fault("duplicate EVENT") }
        if let last = client.lastPublication[sent.sender], last > token { fault("EVENTs out of order") }
        client.lastPublication[sent.sender] = token
        client.owed.remove(delivery)
    }

    private func registered(_ client: SimulatedClient, request: RequestID, id: RegistrationID) {
        guard let pattern = client.removeRegister(request) else { return fault("REGISTERED without REGISTER") }
        if holder(of: pattern, realm: client.realm) != nil { fault("two callees of one procedure") }
        client.registrations[id] = pattern
        lastRegistered = (client.number, id)
    }

    private func invocation(
        _ client: SimulatedClient, request: RequestID, id: RegistrationID, token: Int, procedure: String?
    ) {
        let sent = tokens[token]
        let name = procedureName(sent.place)
        guard let registration = client.registrations[id].map({ Simulation.procedurePatterns[$0] }),
            registration.matches(name)
        else { return fault("INVOCATION without registration") }
        if procedure != (registration.match == .exact ? nil : name) { fault("INVOCATION with \(procedure ?? "")") }
        if let expected = sent.registration, expected != id {
            fault("INVOCATION of a registration that is not the best")
        }
        if sent.realm != client.realm { fault("INVOCATION of another realm") }
        client.lastInvocation = client.lastInvocation.next
        if request != client.lastInvocation { fault("INVOCATION ids do not count up") }
        if let last = client.lastCall[sent.sender], last >= token { fault("INVOCATIONs out of order") }
        client.lastCall[sent.sender] = token
        client.invocations[request] = token
    }

    private func callAnswered(_ client: SimulatedClient, request: RequestID, token: Int) {
        guard let call = client.calls.removeValue(forKey: request) else { return fault("answer to no CALL") }
        if call.token != token { fault("the answer to another CALL") }
    }

    private func callFailed(_ client: SimulatedClient, request: RequestID, error: PredefinedURI) {
        guard let call = client.calls.removeValue(forKey: request) else { return fault("ERROR for no CALL") }
        guard error == .noSuchProcedure else {
            if error != .canceled { fault("CALL failed with \(error)") }
            return
        }
        if let known = call.registration, alive.contains(where: { $0.registrations[known] != nil }) {
            fault("no_such_procedure although it was registered all the time")
        }
    }
}

extension SimulatedClient {
    /// The pattern of a SUBSCRIBE that waits.
    fileprivate func removeSubscribe(_ id: RequestID) -> Int? {
        for case .subscribe(id, let pattern) in requests {
            requests.remove(.subscribe(id, pattern: pattern))
            return pattern
        }
        return nil
    }

    /// The pattern of a REGISTER that waits.
    fileprivate func removeRegister(_ id: RequestID) -> Int? {
        for case .register(id, let pattern) in requests {
            requests.remove(.register(id, pattern: pattern))
            return pattern
        }
        return nil
    }
}
