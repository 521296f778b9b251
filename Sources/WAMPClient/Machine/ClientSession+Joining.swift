import RennbahnAuthentication
import RennbahnBytes
import RennbahnWAMP

// What answers HELLO: CHALLENGE and WELCOME.

extension ClientSession {
    mutating func challenged(
        _ scanned: ScannedRouterMessage, _ bytes: Span<UInt8>, into effects: inout [ClientEffect]
    ) {
        let method = scanned.uri.string(in: bytes)
        guard !authentication.isAnonymous else { return refuse(method, into: &effects) }
        do throws(ClientAuthFailure) {
            let signature = try authentication.answer(
                method: method, extra: details(scanned, bytes).dictionaryValue ?? [:])
            send(into: &effects) { message in
                MessageWriter.authenticate(
                    serializer, signature: signature.utf8.span, extra: .dictionary([:]), into: &message)
            }
        } catch {
            distrust(error, into: &effects)
        }
    }

    mutating func welcomed(
        _ session: SessionID, _ scanned: ScannedRouterMessage, _ bytes: Span<UInt8>, into effects: inout [ClientEffect]
    ) {
        do throws(ClientAuthFailure) {
            try authentication.welcomed(details(scanned, bytes))
            phase = .established(session: session)
            effects += [.stopTimer(.opening), .complete(.join, .success(.joined(session: session)))]
        } catch {
            distrust(error, into: &effects)
        }
    }

    /// There is nothing to answer the challenge with.
    private mutating func refuse(_ method: String, into effects: inout [ClientEffect]) {
        send(into: &effects) { message in
            MessageWriter.abort(
                serializer, reason: PredefinedURI.noMatchingAuthMethod.text, message: "this client is anonymous",
                into: &message)
        }
        let error = WAMPError(
            .aborted, uri: PredefinedURI.noMatchingAuthMethod.text.description,
            message: "the router asks for authentication: \(method)")
        end(error, .normal, into: &effects)
    }

    private mutating func distrust(_ failure: ClientAuthFailure, into effects: inout [ClientEffect]) {
        send(into: &effects) { message in
            MessageWriter.abort(
                serializer, reason: PredefinedURI.authenticationFailed.text,
                message: "the client does not go on with this authentication", into: &message)
        }
        end(WAMPError(.authenticationFailed, message: failure.message), .normal, into: &effects)
    }
}
