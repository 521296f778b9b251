import Router
import WAMP

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
            case .goodbye, .closed, .abort: return
            default: return fault("\(received) for a session that has left")
            }
        }
        let told = lastRegistered
        lastRegistered = nil
        switch received {
        case .subscribed(let request, let id): subscribed(client, request: request, id: id)
        case .event(let id, let token): event(client, id: id, token: token)
        case .registered(let request, let id): registered(client, request: request, id: id)
        case .invocation(let request, let id, let token):
            if let told, told == (client.number, id) { client.early.insert(id) }
            invocation(client, request: request, id: id, token: token)
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

    private func subscribed(_ client: SimulatedClient, request: UInt64, id: UInt64) {
        guard let topic = client.removeSubscribe(request) else { return fault("SUBSCRIBED without SUBSCRIBE") }
        if let known = client.subscriptions[topic], known != id { fault("another id for the same subscription") }
        for other in alive where other.realm == client.realm {
            if let known = other.subscriptions[topic], known != id { fault("two ids for one topic") }
        }
        client.subscriptions[topic] = id
    }

    private func event(_ client: SimulatedClient, id: UInt64, token: Int) {
        let sent = tokens[token]
        guard client.subscriptions[sent.place] == id else {
            return fault("EVENT outside of its subscription, session \(client.number)")
        }
        if sent.realm != client.realm { fault("EVENT of another realm") }
        if sent.excludesSender && sent.sender == client.number { fault("the publisher got its own EVENT") }
        if !client.seen.insert(token).inserted { fault("duplicate EVENT") }
        if let last = client.lastPublication[sent.sender], last >= token { fault("EVENTs out of order") }
        client.lastPublication[sent.sender] = token
        client.owed[token] = nil
    }

    private func registered(_ client: SimulatedClient, request: UInt64, id: UInt64) {
        guard let procedure = client.removeRegister(request) else { return fault("REGISTERED without REGISTER") }
        if holder(of: procedure, realm: client.realm) != nil { fault("two callees of one procedure") }
        client.registrations[id] = procedure
        lastRegistered = (client.number, id)
    }

    private func invocation(_ client: SimulatedClient, request: UInt64, id: UInt64, token: Int) {
        let sent = tokens[token]
        guard client.registrations[id] == sent.place else { return fault("INVOCATION without registration") }
        if sent.realm != client.realm { fault("INVOCATION of another realm") }
        client.lastInvocation += 1
        if request != client.lastInvocation { fault("INVOCATION ids do not count up") }
        if let last = client.lastCall[sent.sender], last >= token { fault("INVOCATIONs out of order") }
        client.lastCall[sent.sender] = token
        client.invocations[request] = token
    }

    private func callAnswered(_ client: SimulatedClient, request: UInt64, token: Int) {
        guard let call = client.calls.removeValue(forKey: request) else { return fault("answer to no CALL") }
        if call.token != token { fault("the answer to another CALL") }
    }

    private func callFailed(_ client: SimulatedClient, request: UInt64, error: PredefinedURI) {
        guard let call = client.calls.removeValue(forKey: request) else { return fault("ERROR for no CALL") }
        guard error == .noSuchProcedure else {
            if error != .canceled { fault("CALL failed with \(error)") }
            return
        }
        let procedure = tokens[call.token].place
        if let held = holder(of: procedure, realm: client.realm), held.registration == call.registration {
            fault("no_such_procedure although it was registered all the time")
        }
    }
}

extension SimulatedClient {
    /// The topic of a SUBSCRIBE that waits.
    fileprivate func removeSubscribe(_ id: UInt64) -> Int? {
        for case .subscribe(id, let topic) in requests {
            requests.remove(.subscribe(id, topic: topic))
            return topic
        }
        return nil
    }

    /// The procedure of a REGISTER that waits.
    fileprivate func removeRegister(_ id: UInt64) -> Int? {
        for case .register(id, let procedure) in requests {
            requests.remove(.register(id, procedure: procedure))
            return procedure
        }
        return nil
    }
}
