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
    var proof: PendingProof
    var timer: TimerID
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
                challenge(session, method, extra, proof, as: request.session)
            }
        } catch {
            refuse(session, error)
        }
    }

    private func challenge(
        _ session: SessionHandle, _ method: AuthMethod, _ extra: WAMPDictionary, _ proof: PendingProof, as id: SessionID
    ) {
        let link = LinkID(session)
        let timer = loop.schedule(RouterShard.token(of: link), at: loop.now + loop.limits.challengeTimeout)
        challenges.value[link] = PendingChallenge(session: id, proof: proof, timer: timer)
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
        guard let pending = takeChallenge(of: link), router.value.isWithoutSession(session) else {
            router.value.process(scanned.message, from: session, uri: signature, into: &effects.value)
            return carryOut(Input())
        }
        let extra: WAMPValue
        do throws(WAMPViolation) {
            extra = try WAMPValue.decode(bytes.extracting(scanned.options), serializer: serializer(of: session))
        } catch {
            return refuse(link, error)
        }
        do throws(AuthRefusal) {
            let principal = try pending.proof.accept(
                signature: signature.text(), extra: extra.dictionaryValue ?? [:], realms)
            welcome(principal, as: pending.session, session)
        } catch {
            refuse(session, error)
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

    private func refuse(_ session: SessionHandle, _ refusal: AuthRefusal) {
        logger.info("session refused: \(refusal.reason.text): \(refusal.message)")
        router.value.refuse(session, refusal.reason, refusal.message, into: &effects.value)
        carryOut(Input())
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

    /// The time for an answer is over.
    @inline(never)
    func challengeExpired(_ token: UInt64) {
        let link = LinkID(index: UInt32(truncatingIfNeeded: token), generation: UInt32(truncatingIfNeeded: token >> 32))
        let session = SessionHandle(link)
        guard challenges.value.removeValue(forKey: link) != nil, router.value.isWithoutSession(session) else { return }
        refuse(session, AuthRefusal(.authenticationFailed, "the challenge was not answered in time"))
    }

    /// Generations of connections have 28 bits, tokens 60.
    private static func token(of link: LinkID) -> UInt64 { UInt64(link.generation) << 32 | UInt64(link.index) }
}
