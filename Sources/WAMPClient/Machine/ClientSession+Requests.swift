import RennbahnBytes
import RennbahnWAMP

// What the program asks for.

extension ClientSession {
    mutating func request(_ request: ClientRequest, _ ticket: Ticket, into effects: inout [ClientEffect]) {
        switch phase {
        case .established: break
        case .connecting, .joining: preconditionFailure("a program has its session once it is established")
        case .leaving: return effects.append(.complete(ticket, .failure(WAMPError(.closed))))
        case .ended(let error): return effects.append(.complete(ticket, .failure(error)))
        }
        do throws(WAMPError) {
            switch request {
            case .subscribe(let topic): try subscribe(topic, ticket, into: &effects)
            case .unsubscribe(let subscription): unsubscribe(subscription, ticket, into: &effects)
            case .publish(let topic, let values, let acknowledge, let excludeMe):
                try publish(topic, values, acknowledge, excludeMe, ticket, into: &effects)
            case .register(let procedure): try register(procedure, ticket, into: &effects)
            case .unregister(let registration): unregister(registration, ticket, into: &effects)
            case .call(let procedure, let values, let timeout):
                try call(procedure, values, timeout, ticket, into: &effects)
            case .watch: watchers.append(ticket)
            }
        } catch {
            effects.append(.complete(ticket, .failure(error)))
        }
    }

    private func check(_ uri: String) throws(WAMPError) {
        guard URIRules.isValid(uri.utf8.span) else {
            throw WAMPError(.invalidURI, uri: uri, message: "components must not be empty or hold white space or #")
        }
    }

    /// A request is not sent, since the router would not take it.
    private mutating func takenBack(_ id: RequestID) -> WAMPError {
        pending.takeBack(id)
        return tooLarge
    }

    // MARK: Publish and subscribe

    private mutating func publish(
        _ topic: String, _ values: WAMPPayload, _ acknowledge: Bool, _ excludeMe: Bool, _ ticket: Ticket,
        into effects: inout [ClientEffect]
    ) throws(WAMPError) {
        try check(topic)
        var bytes = ByteBuffer()
        let payload = try encode(values, into: &bytes)
        let id = acknowledge ? pending.insert(.publish, ticket) : pending.takeID()
        let isSent = send(into: &effects) { message in
            MessageWriter.publish(
                serializer, request: id, acknowledge: acknowledge, excludeMe: excludeMe, topic: topic.utf8.span,
                payload: payload, bytes.span, into: &message)
        }
        guard isSent else { throw takenBack(id) }
        if !acknowledge { effects.append(.complete(ticket, .success(.done))) }
    }

    private mutating func subscribe(
        _ topic: String, _ ticket: Ticket, into effects: inout [ClientEffect]
    ) throws(WAMPError) {
        try check(topic)
        let id = pending.insert(.subscribe(topic: topic), ticket)
        let isSent = send(into: &effects) { message in
            MessageWriter.subscribe(serializer, request: id, topic: topic.utf8.span, into: &message)
        }
        guard isSent else { throw takenBack(id) }
    }

    /// Takes one of the program's subscriptions off the router's.
    ///
    /// - Parameters:
    ///   - ticket: who waits for the answer, if anybody does.
    ///   - reason: what its reader shall know.
    mutating func unsubscribe(
        _ member: Ticket, _ ticket: Ticket?, because reason: WAMPError? = nil, into effects: inout [ClientEffect]
    ) {
        var isAsked = false
        if let id = subscriptionIDs.removeValue(forKey: member) {
            subscriptions[id]?.members.removeAll { $0 == member }
            effects.append(.retire(member, reason))
            isAsked = releaseUnused(id, ticket, into: &effects)
        }
        if !isAsked, let ticket { effects.append(.complete(ticket, .success(.done))) }
    }

    /// Sends UNSUBSCRIBE for a subscription that nobody has any more.
    ///
    /// Not while a SUBSCRIBE for its topic is under way: the router gives one number to both, so that the UNSUBSCRIBE,
    /// coming second, would end the new one, too.
    ///
    /// - Returns: whether it was sent.
    @discardableResult
    mutating func releaseUnused(_ id: SubscriptionID, _ ticket: Ticket?, into effects: inout [ClientEffect]) -> Bool {
        guard let entry = subscriptions[id], entry.members.isEmpty, !entry.isLeaving,
            !pending.isSubscribing(to: entry.topic)
        else { return false }
        subscriptions[id]?.isLeaving = true
        let request = pending.insert(.unsubscribe(subscription: id), ticket)
        send(into: &effects) { message in
            MessageWriter.unsubscribe(serializer, request: request, subscription: id, into: &message)
        }
        return true
    }

    // MARK: Calls

    private mutating func register(
        _ procedure: String, _ ticket: Ticket, into effects: inout [ClientEffect]
    ) throws(WAMPError) {
        try check(procedure)
        let id = pending.insert(.register(procedure: procedure), ticket)
        let isSent = send(into: &effects) { message in
            MessageWriter.register(serializer, request: id, procedure: procedure.utf8.span, into: &message)
        }
        guard isSent else { throw takenBack(id) }
    }

    private mutating func unregister(_ member: Ticket, _ ticket: Ticket, into effects: inout [ClientEffect]) {
        guard let id = registrationIDs.removeValue(forKey: member) else {
            return effects.append(.complete(ticket, .success(.done)))
        }
        unregister(id, ticket, into: &effects)
    }

    /// The handler stays until UNREGISTERED: invocations may be on their way.
    mutating func unregister(_ id: RegistrationID, _ ticket: Ticket?, into effects: inout [ClientEffect]) {
        let request = pending.insert(.unregister(registration: id), ticket)
        send(into: &effects) { message in
            MessageWriter.unregister(serializer, request: request, registration: id, into: &message)
        }
    }

    private mutating func call(
        _ procedure: String, _ values: WAMPPayload, _ timeout: UInt64?, _ ticket: Ticket,
        into effects: inout [ClientEffect]
    ) throws(WAMPError) {
        try check(procedure)
        var bytes = ByteBuffer()
        let payload = try encode(values, into: &bytes)
        let id = pending.insert(.call, ticket)
        let isSent = send(into: &effects) { message in
            MessageWriter.call(
                serializer, request: id, procedure: procedure.utf8.span, payload: payload, bytes.span, into: &message)
        }
        guard isSent else { throw takenBack(id) }
        if let timeout { effects.append(.startTimer(.call(id), nanoseconds: timeout)) }
    }

    // MARK: Second thoughts

    /// The task that waits was canceled. What the router makes of the request is undone when its answer comes; a call
    /// is given up with CANCEL.
    mutating func cancel(_ ticket: Ticket, into effects: inout [ClientEffect]) {
        let error = WAMPError(.canceled)
        if ticket == .join {
            guard phase == .connecting || phase == .joining else { return }
            return end(error, .normal, into: &effects)
        }
        if let place = watchers.firstIndex(of: ticket) {
            watchers.remove(at: place)
        } else {
            guard let (id, kind) = pending.abandon(ticket) else { return }
            if kind == .call { giveUp(id, into: &effects) }
        }
        effects.append(.complete(ticket, .failure(error)))
    }

    mutating func expired(_ timer: ClientTimer, into effects: inout [ClientEffect]) {
        switch timer {
        case .opening:
            guard phase == .connecting || phase == .joining else { return }
            end(WAMPError(.timedOut, message: "no session in time"), .normal, into: &effects)
        case .closing:
            guard phase == .leaving else { return }
            phase = .ended(WAMPError(.closed))
            effects.append(.close(.normal))
        case .call(let id):
            guard let ticket = pending.ticket(of: id), pending.abandon(ticket) != nil else { return }
            giveUp(id, into: &effects)
            effects.append(.complete(ticket, .failure(WAMPError(.timedOut, message: "no result in time"))))
        }
    }

    /// CANCEL `killnowait`: the router answers with ERROR at once, unless the RESULT is on its way already; either
    /// way one answer comes, which nobody waits for.
    private func giveUp(_ id: RequestID, into effects: inout [ClientEffect]) {
        effects.append(.stopTimer(.call(id)))
        send(into: &effects) { message in
            MessageWriter.cancel(serializer, request: id, mode: .killNoWait, into: &message)
        }
    }

    /// A handler has finished.
    mutating func answer(
        _ id: RequestID, _ answer: Result<WAMPPayload, WAMPError>, into effects: inout [ClientEffect]
    ) {
        guard case .established = phase, invocations.remove(id) != nil else { return }
        do throws(WAMPError) {
            let values = try answer.get()
            var bytes = ByteBuffer()
            let payload = try encode(values, into: &bytes)
            let isSent = send(into: &effects) { message in
                MessageWriter.yield(serializer, request: id, payload: payload, bytes.span, into: &message)
            }
            guard isSent else { throw tooLarge }
        } catch {
            refuse(id, error, into: &effects)
        }
    }

    /// ERROR for an invocation. What has no URI of its own is `wamp.error.runtime_error`, and its text an argument.
    func refuse(_ id: RequestID, _ error: WAMPError, into effects: inout [ClientEffect]) {
        var uri = error.uri
        var values = WAMPPayload(arguments: error.arguments, keywords: error.keywords)
        if error.code != .application || !URIRules.isValid(uri.utf8.span) {
            uri = error.code == .canceled ? "wamp.error.canceled" : "wamp.error.runtime_error"
            values = WAMPPayload(arguments: [.string(error.description)])
        }
        var bytes = ByteBuffer()
        var payload = Payload.none(serializer)
        do {
            payload = try encode(values, into: &bytes)
        } catch {
            // The error has arguments that cannot be sent: then it goes without.
            bytes.removeAll(keepingCapacity: false)
        }
        let isSent = send(into: &effects) { message in
            MessageWriter.invocationError(
                serializer, request: id, error: uri.utf8.span, payload: payload, bytes.span, into: &message)
        }
        if !isSent { refuse(id, tooLarge, into: &effects) }
    }
}
