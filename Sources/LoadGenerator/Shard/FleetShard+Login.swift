import RennbahnAuthentication
import RennbahnBytes
import RennbahnReactor
import RennbahnTransport
import RennbahnWAMP

extension FleetShard {
    /// A whole HELLO of a client, whose login begins with it where it has one.
    func greeting(of client: Int) -> [UInt8] {
        guard !logins.value.isEmpty else { return hello }
        let setting = setting
        return logins.value.begin(client) { setting.hello(offering: $0) }
    }

    /// Octets of `CHALLENGE.Extra`: more than all that is looked at of one.
    private static let longestExtra = 64 * 1024

    /// CHALLENGE: it is answered in the next turn.
    func challenged(_ client: Int, _ scanned: ScannedRouterMessage, _ bytes: Span<UInt8>) {
        guard fleet.value.states[client] == .joining, logins.value.name(of: client) != nil else {
            return fail(client, .challenged)
        }
        guard scanned.options.count <= FleetShard.longestExtra,
            let extra = (try? WAMPValue.decode(bytes.extracting(scanned.options), serializer: serializer))?
                .dictionaryValue
        else {
            return distrust(
                client, ClientAuthFailure("a CHALLENGE of more than \(FleetShard.longestExtra) octets, or unreadable"))
        }
        guard logins.value.challenge(client, method: scanned.uri.string(in: bytes), extra: extra) else {
            return distrust(client, ClientAuthFailure("a second CHALLENGE"))
        }
    }

    /// Nanoseconds of a turn in which challenges are answered; the last one begins within them.
    private static let provingTime: UInt64 = 5_000_000

    /// Answers challenges, longest waiting first.
    func prove() {
        guard logins.value.areBehind else { return }
        guard !isClosing else {
            let count = logins.value.challenged.count
            return logins.value.dismiss(count)
        }
        let end = kernel.now() + FleetShard.provingTime
        var count = 0
        for client in logins.value.challenged {
            prove(client)
            count += 1
            if kernel.now() >= end { break }
        }
        logins.value.dismiss(count)
    }

    private func prove(_ client: Int) {
        guard fleet.value.states[client] == .joining else { return }
        do throws(ClientAuthFailure) {
            guard let signature = try logins.value.answer(client) else { return }
            message.value.begin(kind)
            MessageWriter.authenticate(
                serializer, signature: signature.utf8.span, extra: .dictionary([:]), into: &message.value.payload)
            _ = loop.send(&message.value, to: fleet.value.links[client])
        } catch {
            distrust(client, error)
        }
    }

    /// Whether a client joins by this WELCOME: where the method has it, a router must have proved itself.
    func believes(_ client: Int, _ scanned: ScannedRouterMessage, _ bytes: Span<UInt8>) -> Bool {
        guard !logins.value.isEmpty, fleet.value.states[client] == .joining else { return true }
        var details = WAMPValue.null
        if logins.value.mustBeProved(to: client),
            let found = try? WAMPValue.decode(bytes.extracting(scanned.options), serializer: serializer)
        {
            details = found
        }
        do throws(ClientAuthFailure) {
            try logins.value.welcomed(client, details)
            return true
        } catch {
            distrust(client, error)
            return false
        }
    }

    /// What the ABORT of a router says of a client that is joining.
    func refusal(of client: Int, reason: String, message: String) -> ConnectionFailure {
        guard let name = logins.value.name(of: client) else { return .aborted(reason: reason, message: message) }
        return .loginRefused(name, reason: reason, message: message)
    }

    /// Does not go on with a login, and tells the router so.
    private func distrust(_ client: Int, _ failure: ClientAuthFailure) {
        guard let name = logins.value.name(of: client) else { return fail(client, .challenged) }
        message.value.begin(kind)
        MessageWriter.abort(
            serializer, reason: PredefinedURI.authenticationFailed.text,
            message: "the client does not go on with this authentication", into: &message.value.payload)
        _ = loop.send(&message.value, to: fleet.value.links[client])
        fail(client, .loginFailed(name, why: failure.message))
    }
}
