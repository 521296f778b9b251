import Logging
import RennbahnAuthentication
import RennbahnBytes
import RennbahnRouter
import RennbahnTransport
import RennbahnWAMP
import RennbahnWebSocket

extension Serializer {
    /// Where the shard keeps the message that it builds in this serializer, and how it notes a connection's serializer.
    ///
    /// As `rawValue`, which is a call to another module.
    @inline(__always)
    var slot: Int {
        switch self {
        case .json: 0
        case .msgpack: 1
        }
    }
}

extension RouterShard {
    /// Queues the message that stands built for `serializer`.
    @inline(__always)
    func send(_ serializer: Serializer, to session: SessionHandle, from origin: Origin) {
        let link = LinkID(session)
        // Patterns, not `==`: that of another module's enumeration goes through a witness table.
        switch loop.send(&messages[serializer.slot], to: link) {
        case .queued, .gone: break
        case .congested: holdBack(origin, for: link)
        case .detached: if origin.shard == shard, origin.link == link { loop.pauseUntilDrained(link) }
        case .tooLarge: answerTooLarge(serializer, for: session)
        }
    }

    /// Begins the message of a serializer.
    @inline(__always)
    func begin(_ serializer: Serializer) {
        switch serializer {
        case .json: messages[serializer.slot].begin(.text)
        case .msgpack: messages[serializer.slot].begin(.binary)
        }
    }

    /// Builds and queues a message without a payload of the input. What is for no single receiver is of subscriptions with
    /// `x_slow`: it comes by here since one case more in the switch of the messages would cost each of them.
    func sendControl(_ effect: Effect, _ input: borrowing Input) {
        guard let session = effect.receiver else { return carryOutYielding(effect, input) }
        let serializer = serializer(of: session)
        begin(serializer)
        write(effect, input.uri, serializer, into: &messages[serializer.slot].payload)
        // Whoever is told the outcome asked for it, though the input may be another's: a callee that fails a call does not wait
        // for its caller.
        send(serializer, to: session, from: Origin(local: session, shard))
    }

    /// WELCOME, with what is known of who joins.
    func sendWelcome(_ receiver: SessionHandle, session: SessionID, as principal: Principal) {
        let serializer = serializer(of: receiver)
        begin(serializer)
        noteCookie(of: receiver, for: principal)
        sessionBegan(on: LinkID(receiver), as: session)
        loop.setMayHold(LinkID(receiver), realms.mayHold(principal))
        loop.setSlowReceivers(LinkID(receiver), slowReceiversOfRoles[principal.realm]?[principal.role])
        MessageWriter.welcome(
            serializer, session: session, details: WelcomeDetails.value(of: principal),
            into: &messages[serializer.slot].payload)
        send(serializer, to: receiver, from: .none)
    }

    private func write(
        _ effect: Effect, _ uri: Span<UInt8>, _ serializer: Serializer, into message: inout ByteBuffer
    ) {
        switch effect {
        case .abort(_, let reason, let text):
            MessageWriter.abort(serializer, reason: reason.text, message: text, into: &message)
        case .goodbye(let receiver, let reason):
            if !cookieSessions.value.isEmpty { leaveWithCookie(receiver, reason: uri) }
            if router.value.isWithoutSession(receiver) { awaitHello(of: LinkID(receiver)) }
            MessageWriter.goodbye(serializer, reason: reason.text, into: &message)
        case .error(_, let code, let request, let error):
            errors.value &+= 1
            MessageWriter.error(serializer, code: code, request: request, error: error.text, into: &message)
        case .published(_, let request, let publication):
            MessageWriter.published(serializer, request: request, publication: publication, into: &message)
        case .subscribed(_, let request, let subscription):
            MessageWriter.subscribed(serializer, request: request, subscription: subscription, into: &message)
        case .unsubscribed(_, let request):
            MessageWriter.unsubscribed(serializer, request: request, into: &message)
        case .registered(_, let request, let registration):
            MessageWriter.registered(serializer, request: request, registration: registration, into: &message)
        case .unregistered(_, let request):
            MessageWriter.unregistered(serializer, request: request, into: &message)
        case .welcome: preconditionFailure("a session is welcome as somebody")
        case .event, .yieldingEvent, .yieldingEnded, .invocation, .result, .callError, .forward, .close,
            .publicationRefused:
            preconditionFailure("not a message without a payload")
        }
    }
}

extension RouterShard {
    /// A publisher asked for a part of the subscribers, which is not offered: its event reached nobody, and whoever runs the
    /// router shall know why. The log gets a line for the first, the second, the fourth …: no publisher can fill it.
    @inline(never)
    func noteRefusedPublication() {
        refusedPublications.value += 1
        let count = refusedPublications.value
        guard count & (count - 1) == 0 else { return }
        logger.warning(
            """
            publications that reached nobody, since exclude and eligible (also by authid and authrole) are not offered: \
            \(count)
            """)
    }
}

extension Effect {
    /// The one session that the effect is for, if it is for one.
    var receiver: SessionHandle? {
        switch self {
        case .welcome(let session, _, _), .abort(let session, _, _), .goodbye(let session, _),
            .error(let session, _, _, _), .published(let session, _, _), .subscribed(let session, _, _),
            .unsubscribed(let session, _), .registered(let session, _, _), .unregistered(let session, _),
            .invocation(let session, _, _, _), .result(let session, _), .callError(let session, _),
            .close(let session, _):
            session
        case .event, .yieldingEvent, .yieldingEnded, .forward, .publicationRefused: nil
        }
    }
}
