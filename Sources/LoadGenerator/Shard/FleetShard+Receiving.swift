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
            fail(client, .violation(error))
            return
        }
        switch scanned.message {
        case .event(let subscription, let publication):
            delivered(client, subscription, publication, scanned, bytes)
        case .invocation(let request, let registration): answer(client, request, registration, scanned, bytes)
        case .result(let request): answered(client, request, scanned, bytes)
        case .welcome: welcomed(client)
        case .subscribed(let request, let subscription): prepared(client, request, subscription.value)
        case .registered(let request, let registration): prepared(client, request, registration.value)
        case .published(let request, let publication): acknowledged(client, request, publication)
        case .goodbye: saidGoodbye(client, scanned, bytes)
        case .abort:
            fail(
                client,
                .aborted(reason: uri(scanned, bytes), message: detail("message", scanned, bytes) ?? ""))
        case .error(let code, let request): refused(client, code, request, uri(scanned, bytes))
        case .challenge: fail(client, .challenged)
        case .unsubscribed, .unregistered, .interrupt:
            fail(client, .unexpected("an answer to a request that was never made"))
        }
    }

    private func saidGoodbye(_ client: Int, _ scanned: ScannedRouterMessage, _ bytes: Span<UInt8>) {
        guard fleet.value.states[client] == .leaving else {
            fail(client, .goodbye(reason: uri(scanned, bytes)))
            return
        }
        fleet.value.states[client] = .closing
        loop.close(fleet.value.links[client], code: .normalClosure)
    }

    private func refused(_ client: Int, _ code: MessageCode, _ request: RequestID, _ error: String) {
        switch (code, fleet.value.roles[client]) {
        case (.subscribe, _): fail(client, .refused(request: "SUBSCRIBE", error: error))
        case (.register, _): fail(client, .refused(request: "REGISTER", error: error))
        case (.publish, .publisher): publishRefused(client, error)
        case (.call, .caller(let sender, _)): callFailed(client, sender, request, error)
        default: fail(client, .unexpected("ERROR \(error)"))
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
