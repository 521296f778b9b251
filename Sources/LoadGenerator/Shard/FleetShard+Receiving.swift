import RennbahnBytes
import RennbahnTransport
import RennbahnWAMP
import RennbahnWebSocket
import RennbahnWorkload

extension FleetShard {
    /// Takes the message in hand.
    func receive(_ client: Int) {
        let loop = loop
        let bytes = loop.message
        let scanned: ScannedRouterMessage
        do {
            scanned = try scanner.value.scanRouterMessage(bytes, serializer: serializer)
        } catch {
            unreadable(client, error)
            return
        }
        switch scanned.message {
        case .event(let subscription, let publication):
            delivered(client, subscription, publication, scanned, bytes)
        case .invocation(let request, let registration): answer(client, request, registration, scanned, bytes)
        case .result(let request): answered(client, request, scanned, bytes)
        case .welcome: if believes(client, scanned, bytes) { welcomed(client) }
        case .subscribed(let request, let subscription): prepared(client, "SUBSCRIBED", request, subscription.value)
        case .registered(let request, let registration): prepared(client, "REGISTERED", request, registration.value)
        case .published(let request, let publication): acknowledged(client, request, publication)
        case .goodbye: saidGoodbye(client, scanned, bytes)
        case .abort: aborted(client, scanned, bytes)
        case .error(let code, let request): refused(client, code, request, uri(scanned, bytes))
        case .challenge: challenged(client, scanned, bytes)
        case .unsubscribed: noteStray(client, "UNSUBSCRIBED", .unasked)
        case .unregistered: noteStray(client, "UNREGISTERED", .unasked)
        case .interrupt: noteStray(client, "INTERRUPT", .unasked)
        }
    }

    /// Who cannot be understood from the start speaks no WAMP, or another one; in a session it is damage.
    private func unreadable(_ client: Int, _ violation: WAMPViolation) {
        let failure = ConnectionFailure.violation(violation)
        if !fleet.value.states[client].isArriving { noteStray(client, "a message", .explained(failure.description)) }
        fail(client, failure)
    }

    private func aborted(_ client: Int, _ scanned: ScannedRouterMessage, _ bytes: Span<UInt8>) {
        let reason = uri(scanned, bytes)
        let message = detail("message", scanned, bytes) ?? ""
        guard fleet.value.states[client] != .joining else {
            return fail(client, refusal(of: client, reason: reason, message: message))
        }
        let failure = ConnectionFailure.aborted(reason: reason, message: message)
        // The router has got what was not sent: a session that stood keeps the protocol.
        if reason == PredefinedURI.protocolViolation.text.description {
            noteStray(client, "a message", .explained(failure.description))
        }
        fail(client, failure)
    }

    private func saidGoodbye(_ client: Int, _ scanned: ScannedRouterMessage, _ bytes: Span<UInt8>) {
        switch fleet.value.states[client] {
        case .leaving: goodbyeAnswered(client)
        case .closing: noteStray(client, "GOODBYE", .repeated)
        case .idle, .opening, .joining, .preparing, .ready, .failed, .gone:
            fail(client, .goodbye(reason: uri(scanned, bytes)))
        }
    }

    private func refused(_ client: Int, _ code: MessageCode, _ request: RequestID, _ error: String) {
        switch (code, fleet.value.roles[client]) {
        case (.subscribe, _): fail(client, .refused(request: "SUBSCRIBE", error: error))
        case (.register, _): fail(client, .refused(request: "REGISTER", error: error))
        case (.publish, .publisher): publishRefused(client, error)
        case (.call, .caller(let sender, _)): callFailed(client, sender, request, error)
        default: noteStray(client, "ERROR \(error)", .unasked)
        }
    }

    private func uri(_ scanned: ScannedRouterMessage, _ bytes: Span<UInt8>) -> String {
        bytes.extracting(scanned.uri.range).text()
    }

    private func detail(_ key: String, _ scanned: ScannedRouterMessage, _ bytes: Span<UInt8>) -> String? {
        let details = try? WAMPValue.decode(bytes.extracting(scanned.options), serializer: serializer)
        return details?.dictionaryValue?[key]?.stringValue
    }

    /// Reads and checks the payload of the message in hand; `nil` when it is damaged or of another run.
    func stamp(
        _ scanned: ScannedRouterMessage, _ bytes: Span<UInt8>, fault: inout Stamp.Fault
    ) -> Stamp? {
        do throws(Stamp.Fault) {
            return try arguments.verify(bytes.extracting(scanned.payloadRange), scanned.payload, run: setting.run)
        } catch {
            fault = error
            return nil
        }
    }
}
