import RennbahnBytes
import RennbahnWAMP

// How a session ends, and what is read of messages for that.

extension ClientSession {
    /// The program wants to leave: GOODBYE, or no more than the end of the connection if there is no session yet.
    mutating func leave(into effects: inout [ClientEffect]) {
        switch phase {
        case .connecting, .joining: end(WAMPError(.closed), .normal, into: &effects)
        case .established:
            send(into: &effects) { message in
                MessageWriter.goodbye(serializer, reason: PredefinedURI.closeRealm.text, into: &message)
            }
            clear(WAMPError(.closed), retiring: nil, into: &effects)
            phase = .leaving
            effects.append(.startTimer(.closing, nanoseconds: settings.closeTimeout))
        case .leaving, .ended: break
        }
    }

    /// The connection has ended, or could not be made.
    mutating func disconnected(_ error: WAMPError, into effects: inout [ClientEffect]) {
        switch phase {
        case .connecting, .joining: effects.append(.complete(.join, .failure(error)))
        case .established: clear(error, retiring: error, into: &effects)
        case .leaving:
            phase = .ended(WAMPError(.closed))
            return
        case .ended: return
        }
        phase = .ended(error)
    }

    /// Ends the session, in whatever state, and then the connection.
    mutating func end(_ error: WAMPError, _ close: ClientClose, into effects: inout [ClientEffect]) {
        disconnected(error, into: &effects)
        effects.append(.close(close))
    }

    /// Everything that waits fails with `error`; subscriptions end with `retiring`.
    private mutating func clear(_ error: WAMPError, retiring: WAMPError?, into effects: inout [ClientEffect]) {
        for ticket in pending.tickets + watchers { effects.append(.complete(ticket, .failure(error))) }
        for ticket in subscriptionIDs.keys { effects.append(.retire(ticket, retiring)) }
        for registration in registrations.values { effects.append(.retire(registration.ticket, nil)) }
        for id in invocations { effects.append(.interrupt(id)) }
        pending.removeAll()
        subscriptions = [:]
        subscriptionIDs = [:]
        registrations = [:]
        registrationIDs = [:]
        invocations = []
        watchers = []
    }

    // MARK: Violations

    /// The router broke the protocol: ABORT, and the connection is closed.
    mutating func violated(
        _ message: StaticString, _ close: ClientClose = .protocolError, into effects: inout [ClientEffect]
    ) {
        send(into: &effects) { output in
            MessageWriter.abort(
                serializer, reason: PredefinedURI.protocolViolation.text, message: message, into: &output)
        }
        end(WAMPError(.protocolViolation, message: message.description), close, into: &effects)
    }

    /// - Parameter bytes: the message; the scanner may have stumbled before text that is not UTF-8.
    mutating func violated(
        _ violation: WAMPViolation, _ bytes: Span<UInt8>, into effects: inout [ClientEffect]
    ) {
        if settings.validatesUTF8, !serializer.isBinary, !UTF8Validator.isValid(bytes) {
            return violated("a text is not UTF-8", .invalidPayload, into: &effects)
        }
        switch violation {
        case .invalidUTF8:
            violated("a text is not UTF-8", settings.validatesUTF8 ? .invalidPayload : .protocolError, into: &effects)
        case .malformed: violated("malformed JSON or MsgPack", into: &effects)
        case .nestedTooDeeply: violated("a message is nested too deeply", into: &effects)
        case .notAMessage: violated("not a WAMP message", into: &effects)
        case .unknownType: violated("a message of unknown type", into: &effects)
        case .wrongLength: violated("a message with too few or too many elements", into: &effects)
        case .wrongElement: violated("an element of the wrong type", into: &effects)
        case .wrongOption: violated("an option or detail of the wrong type", into: &effects)
        case .wrongDirection: violated("a message that only clients may send", into: &effects)
        case .wrongRequestType: violated("ERROR for a request that cannot fail", into: &effects)
        case .notConvertible: violated("a value without a form in WAMP", into: &effects)
        }
    }

    // MARK: Reading

    func details(_ scanned: ScannedRouterMessage, _ bytes: Span<UInt8>) -> WAMPValue {
        (try? WAMPValue.decode(bytes.extracting(scanned.options), serializer: serializer)) ?? .null
    }

    /// The reason of ABORT and GOODBYE, and the message in their details.
    func farewell(_ code: WAMPError.Code, _ scanned: ScannedRouterMessage, _ bytes: Span<UInt8>) -> WAMPError {
        WAMPError(
            code, uri: scanned.uri.string(in: bytes),
            message: details(scanned, bytes)["message"]?.stringValue ?? "")
    }

    /// - Throws: ``WAMPError/Code/unreadablePayload``
    func values(_ scanned: ScannedRouterMessage, _ bytes: Span<UInt8>) throws(WAMPError) -> WAMPPayload {
        do {
            let values = try PayloadValues(scanned.payload, bytes.extracting(scanned.payloadRange))
            return WAMPPayload(
                arguments: values.arguments.map { WAMPData($0) }, keywords: WAMPData.names(values.keywords))
        } catch {
            throw WAMPError(.unreadablePayload, message: "arguments of a type or depth without a form here")
        }
    }
}
