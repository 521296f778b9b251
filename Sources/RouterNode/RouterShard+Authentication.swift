import Logging
import RennbahnAuthentication
import RennbahnBytes
import RennbahnCrypto
import RennbahnReactor
import RennbahnRouter
import RennbahnTransport
import RennbahnWAMP

// How sessions begin: HELLO, CHALLENGE, AUTHENTICATE. The transport's ``Authenticator`` decides; the router hears of a session
// when it is clear who it is.

/// A challenge that its client has yet to answer.
struct PendingChallenge {
    /// The id that the session was told it will have.
    var session: SessionID
    /// Whom HELLO named; for what is told of a wrong answer.
    var authID: String?
    var proof: PendingProof
    var timer: TimerID
    /// What came where it is not judged yet, since logins from this address have failed: until the timer fires.
    var answer: (signature: String, extra: WAMPDictionary)?
}

extension ClientMessage {
    /// Whether it is one of those that come once in a session, before all others.
    @inline(__always)
    var beginsSession: Bool {
        switch self {
        case .hello, .authenticate: true
        case .publish, .call, .yield, .invocationError, .cancel, .subscribe, .unsubscribe, .register, .unregister,
            .goodbye, .abort:
            false
        }
    }
}

extension RouterShard {
    /// HELLO or AUTHENTICATE: kept out of the way of the other messages.
    @inline(never)
    func begin(_ scanned: ScannedClientMessage, _ bytes: Span<UInt8>, _ uri: Span<UInt8>, _ session: SessionHandle) {
        if case .hello = scanned.message {
            greet(scanned, bytes, realm: uri, session)
        } else {
            authenticate(scanned, bytes, signature: uri, session)
        }
    }

    private func greet(
        _ scanned: ScannedClientMessage, _ bytes: Span<UInt8>, realm: Span<UInt8>, _ session: SessionHandle
    ) {
        let link = LinkID(session)
        do throws(WAMPViolation) {
            let details = try HelloDetails(
                WAMPValue.decode(bytes.extracting(scanned.options), serializer: serializer(of: session)))
            if takeChallenge(of: link) != nil {
                router.value.violate(session, message: "HELLO where AUTHENTICATE is due", into: &effects.value)
                carryOut(Input())
            } else if router.value.awaitsHello(session) {
                admit(details, realm: realm.text(), session)
            } else {
                router.value.hello(realm: realm, from: session, into: &effects.value)
                carryOut(Input())
            }
        } catch {
            refuse(link, error)
        }
    }

    /// Asks the transport's ``Authenticator`` about a HELLO.
    private func admit(_ details: HelloDetails, realm: String, _ session: SessionHandle) {
        let link = LinkID(session)
        let authenticator = loop.authenticator(of: link)
        var request = AuthRequest(
            realm: realm, details: details, session: router.value.drawSessionID(), time: WallClock.now()
        ) { count in
            var octets = [UInt8](repeating: 0, count: count)
            SecureRandom.fillBytes(&octets)
            return octets
        }
        if hasFixedIDs { request.anonymousID = IDSource.fixedAuthID(of: request.session) }
        if authenticator.policy.tls != nil { request.certificate = loop.clientCertificate(of: link) }
        consultCookie(of: link, for: &request)
        do throws(AuthRefusal) {
            switch try authenticator.hello(request, realms) {
            case .welcome(let principal): welcome(principal, as: request.session, session)
            case .challenge(let method, let extra, let proof):
                challenge(session, method, extra, proof, of: details.authID, as: request.session)
            }
        } catch {
            refuse(session, error, authID: details.authID)
        }
    }

    private func challenge(
        _ session: SessionHandle, _ method: AuthMethod, _ extra: WAMPDictionary, _ proof: PendingProof,
        of authID: String?, as id: SessionID
    ) {
        let link = LinkID(session)
        stopAwaitingHello(of: link)
        let timer = loop.schedule(RouterShard.token(of: link), at: loop.now + loop.limits.challengeTimeout)
        challenges.value[link] = PendingChallenge(session: id, authID: authID, proof: proof, timer: timer)
        let serializer = serializer(of: session)
        begin(serializer)
        MessageWriter.challenge(
            serializer, method: method.rawValue.utf8.span, extra: .dictionary(extra),
            into: &messages[serializer.slot].payload)
        send(serializer, to: session, from: .none)
    }

    /// AUTHENTICATE; `signature` is its signature. The first one takes the challenge away, right or wrong.
    private func authenticate(
        _ scanned: ScannedClientMessage, _ bytes: Span<UInt8>, signature: Span<UInt8>, _ session: SessionHandle
    ) {
        let link = LinkID(session)
        guard let pending = takeChallenge(of: link), pending.answer == nil, router.value.isWithoutSession(session)
        else {
            router.value.process(scanned.message, from: session, uri: signature, into: &effects.value)
            return carryOut(Input())
        }
        let extra: WAMPValue
        do throws(WAMPViolation) {
            extra = try WAMPValue.decode(bytes.extracting(scanned.options), serializer: serializer(of: session))
        } catch {
            return refuse(link, error)
        }
        var waiting = pending
        waiting.answer = (signature.text(), extra.dictionaryValue ?? [:])
        switch loop.loginTurn(of: link) {
        case .now: judge(waiting, session)
        case .later(let due):
            waiting.timer = loop.schedule(RouterShard.token(of: link), at: due)
            challenges.value[link] = waiting
        case .refused:
            let message: StaticString = "too many logins from this address have failed; try again later"
            refuse(session, AuthRefusal(.authenticationFailed, message), authID: pending.authID)
        }
    }

    /// Looks whether an answer is right.
    private func judge(_ pending: PendingChallenge, _ session: SessionHandle) {
        let link = LinkID(session)
        do throws(AuthRefusal) {
            let principal = try pending.proof.accept(
                signature: pending.answer?.signature ?? "", extra: pending.answer?.extra ?? [:], realms)
            loop.noteLogin(of: link, succeeded: true)
            welcome(principal, as: pending.session, session)
        } catch {
            loop.noteLogin(of: link, succeeded: false)
            refuse(session, error, authID: pending.authID)
        }
    }

    /// Lets a session join as somebody. The realms of principals are configured, so that every shard knows them and the router
    /// answers at once.
    private func welcome(_ principal: Principal, as id: SessionID, _ handle: SessionHandle) {
        let realm = principal.realm
        let input = Input(uri: realm.utf8.span, from: Origin(local: handle, shard))
        router.value.hello(realm: input.uri, from: handle, as: id, into: &effects.value)
        transcodedTo.value = RouterShard.nothing
        for index in 0..<effects.value.list.count {
            if case .welcome(let receiver, let session, _) = effects.value.list[index] {
                sendWelcome(receiver, session: session, as: principal)
            } else {
                carryOut(effects.value.list[index], input)
            }
        }
        effects.value.removeAll()
    }

    private func refuse(_ session: SessionHandle, _ refusal: AuthRefusal, authID: String?) {
        noteRefusedLogin(on: LinkID(session), refusal, authID)
        router.value.refuse(session, refusal.reason, refusal.message, into: &effects.value)
        carryOut(Input())
    }

    /// Tells who tried, from where, and why it was refused; never what it tried to prove it with.
    private func noteRefusedLogin(on link: LinkID, _ refusal: AuthRefusal, _ authID: String?) {
        guard let untold = refusedLogins.value.admit(at: loop.now) else { return }
        let source = loop.source(of: link)
        let transport = source.flatMap { transports.indices.contains($0.profile) ? transports[$0.profile] : nil } ?? "-"
        let peer = source?.peer.map { "\($0)".legible(upTo: 128) } ?? "-"
        let name = authID.map { "\"\($0.legible(upTo: 64))\"" } ?? "none"
        let before = untold > 0 ? " (\(untold) before it have no line)" : ""
        logger.notice("login refused: transport \(transport), address \(peer), authid \(name): \(refusal)\(before)")
    }

    // MARK: Challenges that are not answered

    private func takeChallenge(of link: LinkID) -> PendingChallenge? {
        guard !challenges.value.isEmpty, let pending = challenges.value.removeValue(forKey: link) else { return nil }
        loop.cancel(pending.timer)
        return pending
    }

    /// The connection is gone.
    func forgetChallenge(of link: LinkID) {
        _ = takeChallenge(of: link)
    }

    /// The time for an answer is over, or that until which one was not to be judged.
    func challengeExpired(_ link: LinkID) {
        let session = SessionHandle(link)
        guard let pending = challenges.value.removeValue(forKey: link), router.value.isWithoutSession(session) else {
            return
        }
        if pending.answer != nil { return judge(pending, session) }
        let refusal = AuthRefusal(.authenticationFailed, "the challenge was not answered in time")
        refuse(session, refusal, authID: pending.authID)
    }
}
