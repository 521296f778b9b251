import RennbahnBytes
import RennbahnWAMP

// What the router sends.

extension ClientSession {
    /// Takes one whole message.
    ///
    /// - Parameter isBinary: whether it came in a binary frame.
    mutating func receive(_ bytes: Span<UInt8>, isBinary: Bool, into effects: inout [ClientEffect]) {
        switch phase {
        case .connecting, .ended: return
        case .joining, .established, .leaving: break
        }
        guard isBinary == serializer.isBinary else {
            return violated("a frame of the wrong kind for the serializer", into: &effects)
        }
        let scanned: ScannedRouterMessage
        do {
            scanned = try scanner.scanRouterMessage(bytes, serializer: serializer)
        } catch {
            return violated(error, bytes, into: &effects)
        }
        switch phase {
        case .joining: receiveJoining(scanned, bytes, into: &effects)
        case .established: receiveEstablished(scanned, bytes, into: &effects)
        case .leaving: receiveLeaving(scanned.message, into: &effects)
        case .connecting, .ended: break
        }
    }

    private mutating func receiveJoining(
        _ scanned: ScannedRouterMessage, _ bytes: Span<UInt8>, into effects: inout [ClientEffect]
    ) {
        switch scanned.message {
        case .welcome(let session): welcomed(session, scanned, bytes, into: &effects)
        case .abort:
            end(farewell(.aborted, scanned, bytes), .normal, into: &effects)
        case .challenge: challenged(scanned, bytes, into: &effects)
        case .goodbye, .error, .published, .subscribed, .unsubscribed, .event, .result, .registered, .unregistered,
            .invocation, .interrupt:
            violated("a message before WELCOME", into: &effects)
        }
    }

    private mutating func receiveLeaving(_ message: RouterMessage, into effects: inout [ClientEffect]) {
        switch message {
        case .goodbye, .abort:
            phase = .ended(WAMPError(.closed))
            effects += [.stopTimer(.closing), .close(.normal)]
        case .welcome, .challenge, .error, .published, .subscribed, .unsubscribed, .event, .result, .registered,
            .unregistered, .invocation, .interrupt:
            break
        }
    }

    private mutating func receiveEstablished(
        _ scanned: ScannedRouterMessage, _ bytes: Span<UInt8>, into effects: inout [ClientEffect]
    ) {
        switch scanned.message {
        case .welcome, .challenge: violated("WELCOME or CHALLENGE in a session", into: &effects)
        case .abort: end(farewell(.aborted, scanned, bytes), .normal, into: &effects)
        case .goodbye:
            send(into: &effects) { message in
                MessageWriter.goodbye(serializer, reason: PredefinedURI.goodbyeAndOut.text, into: &message)
            }
            end(farewell(.closed, scanned, bytes), .normal, into: &effects)
        case .error(let code, let request): failed(code, request, scanned, bytes, into: &effects)
        case .published(let request, _):
            guard let answered = take(request, .publish, into: &effects) else { return }
            complete(answered.ticket, .success(.done), into: &effects)
        case .subscribed(let request, let id): subscribed(request, id, into: &effects)
        case .unsubscribed(request: .none): subscriptionRevoked(scanned, bytes, into: &effects)
        case .unsubscribed(let request): withdrawn(request, .unsubscribe, into: &effects)
        case .event(let subscription, let publication):
            event(subscription, publication, scanned, bytes, into: &effects)
        case .result(let request): result(request, scanned, bytes, into: &effects)
        case .registered(let request, let id): registered(request, id, into: &effects)
        case .unregistered(request: .none): registrationRevoked(scanned, bytes, into: &effects)
        case .unregistered(let request): withdrawn(request, .unregister, into: &effects)
        case .invocation(let request, let registration):
            invocation(request, registration, scanned, bytes, into: &effects)
        case .interrupt(let request):
            // One that is answered already crossed the answer on its way.
            if invocations.contains(request) { effects.append(.interrupt(request)) }
        }
    }

    /// The request that an answer belongs to; an answer to nothing that was asked is a violation.
    private mutating func take(
        _ request: RequestID, _ code: MessageCode, into effects: inout [ClientEffect]
    ) -> PendingRequest? {
        guard pending.request(request)?.code == code, let found = pending.remove(request) else {
            violated("an answer to a request that is not pending", into: &effects)
            return nil
        }
        return found
    }

    private func complete(
        _ ticket: Ticket?, _ result: Result<ClientOutcome, WAMPError>, into effects: inout [ClientEffect]
    ) {
        if let ticket { effects.append(.complete(ticket, result)) }
    }

    private mutating func failed(
        _ code: MessageCode, _ request: RequestID, _ scanned: ScannedRouterMessage, _ bytes: Span<UInt8>,
        into effects: inout [ClientEffect]
    ) {
        guard let answered = take(request, code, into: &effects) else { return }
        let values = (try? self.values(scanned, bytes)) ?? WAMPPayload()
        let error = WAMPError(
            .application, uri: scanned.uri.string(in: bytes), arguments: values.arguments, keywords: values.keywords)
        switch answered.kind {
        case .publish, .register: break
        case .subscribe(let topic):
            // Its predecessor may have waited for it to be answered.
            for (id, entry) in subscriptions where entry.topic == topic { releaseUnused(id, nil, into: &effects) }
        case .unsubscribe(let id): forgetSubscription(id)
        case .unregister(let id): forgetRegistration(id, into: &effects)
        case .call: if answered.ticket != nil { effects.append(.stopTimer(.call(request))) }
        }
        complete(answered.ticket, .failure(error), into: &effects)
    }

    private mutating func withdrawn(_ request: RequestID, _ code: MessageCode, into effects: inout [ClientEffect]) {
        guard let answered = take(request, code, into: &effects) else { return }
        switch answered.kind {
        case .unsubscribe(let id): forgetSubscription(id)
        case .unregister(let id): forgetRegistration(id, into: &effects)
        case .publish, .subscribe, .register, .call: break
        }
        complete(answered.ticket, .success(.done), into: &effects)
    }

    // MARK: Publish and subscribe

    private mutating func subscribed(_ request: RequestID, _ id: SubscriptionID, into effects: inout [ClientEffect]) {
        guard let answered = take(request, .subscribe, into: &effects),
            case .subscribe(let topic) = answered.kind
        else { return }
        guard subscriptions[id]?.topic ?? topic == topic else {
            return violated("one subscription for two topics", into: &effects)
        }
        subscriptions[id, default: Subscription(topic: topic)].isLeaving = false
        if let ticket = answered.ticket {
            subscriptions[id]?.members.append(ticket)
            subscriptionIDs[ticket] = id
            effects.append(.complete(ticket, .success(.done)))
        } else {
            releaseUnused(id, nil, into: &effects)
        }
    }

    /// Unless the program has subscribed again since.
    private mutating func forgetSubscription(_ id: SubscriptionID) {
        if subscriptions[id]?.members.isEmpty == true { subscriptions[id] = nil }
    }

    /// An event for a subscription that is not known was on its way when the subscription ended.
    private mutating func event(
        _ subscription: SubscriptionID, _ publication: PublicationID, _ scanned: ScannedRouterMessage,
        _ bytes: Span<UInt8>,
        into effects: inout [ClientEffect]
    ) {
        guard let entry = subscriptions[subscription], !entry.members.isEmpty else { return }
        do throws(WAMPError) {
            let values = try values(scanned, bytes)
            let event = WAMPEvent(
                topic: entry.topic, publication: publication.value, arguments: values.arguments,
                keywords: values.keywords)
            for member in entry.members { effects.append(.deliver(event, to: member)) }
        } catch {
            for member in entry.members { unsubscribe(member, nil, because: error, into: &effects) }
        }
    }

    /// `[35, 0, {"subscription": …, "reason": …}]`
    private mutating func subscriptionRevoked(
        _ scanned: ScannedRouterMessage, _ bytes: Span<UInt8>, into effects: inout [ClientEffect]
    ) {
        let details = details(scanned, bytes)
        guard let id = details["subscription"]?.naturalValue.map(SubscriptionID.init),
            let entry = subscriptions.removeValue(forKey: id)
        else { return }
        let error = WAMPError(
            .application, uri: details["reason"]?.stringValue ?? "", message: "the router revoked the subscription")
        for member in entry.members {
            subscriptionIDs[member] = nil
            effects.append(.retire(member, error))
        }
    }

    // MARK: Calls

    private mutating func result(
        _ request: RequestID, _ scanned: ScannedRouterMessage, _ bytes: Span<UInt8>, into effects: inout [ClientEffect]
    ) {
        guard let answered = take(request, .call, into: &effects), let ticket = answered.ticket else { return }
        effects.append(.stopTimer(.call(request)))
        do throws(WAMPError) {
            effects.append(.complete(ticket, .success(.result(try values(scanned, bytes)))))
        } catch {
            effects.append(.complete(ticket, .failure(error)))
        }
    }

    private mutating func registered(_ request: RequestID, _ id: RegistrationID, into effects: inout [ClientEffect]) {
        guard let answered = take(request, .register, into: &effects),
            case .register(let procedure) = answered.kind
        else { return }
        guard registrations[id] == nil else {
            return violated("one registration for two requests", into: &effects)
        }
        guard let ticket = answered.ticket else { return unregister(id, nil, into: &effects) }
        registrations[id] = Registration(ticket: ticket, procedure: procedure)
        registrationIDs[ticket] = id
        effects.append(.complete(ticket, .success(.done)))
    }

    private mutating func forgetRegistration(_ id: RegistrationID, into effects: inout [ClientEffect]) {
        guard let registration = registrations.removeValue(forKey: id) else { return }
        registrationIDs[registration.ticket] = nil
        effects.append(.retire(registration.ticket, nil))
    }

    /// `[67, 0, {"registration": …, "reason": …}]`
    private mutating func registrationRevoked(
        _ scanned: ScannedRouterMessage, _ bytes: Span<UInt8>, into effects: inout [ClientEffect]
    ) {
        guard let id = details(scanned, bytes)["registration"]?.naturalValue.map(RegistrationID.init) else { return }
        forgetRegistration(id, into: &effects)
    }

    private mutating func invocation(
        _ request: RequestID, _ registration: RegistrationID, _ scanned: ScannedRouterMessage, _ bytes: Span<UInt8>,
        into effects: inout [ClientEffect]
    ) {
        guard !invocations.contains(request) else {
            return violated("INVOCATION with the id of one that is not answered", into: &effects)
        }
        guard let known = registrations[registration] else {
            let uri = PredefinedURI.noSuchRegistration.text.description
            return refuse(request, .application(uri), into: &effects)
        }
        guard invocations.count < settings.maxInvocations else {
            let uri = PredefinedURI.unavailable.text.description
            return refuse(request, .application(uri, arguments: ["the callee is busy"]), into: &effects)
        }
        do throws(WAMPError) {
            let values = try values(scanned, bytes)
            invocations.insert(request)
            let invocation = WAMPInvocation(
                procedure: known.procedure, arguments: values.arguments, keywords: values.keywords)
            effects.append(.invoke(request, invocation, of: known.ticket))
        } catch {
            let uri = PredefinedURI.invalidArgument.text.description
            refuse(request, .application(uri, arguments: [.string(error.message)]), into: &effects)
        }
    }
}
