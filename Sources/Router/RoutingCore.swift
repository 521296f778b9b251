import RennbahnBytes
package import RennbahnWAMP

/// The WAMP router of one shard: its sessions, its part of the broker and of the dealer, and on shard 0 the owner of
/// the control plane. A value without clock, thread or socket: messages in, ``Effects`` out.
///
/// The input's URI is borrowed; the input's payload never comes in at all (see ``Effect``). With one shard everything
/// is decided within the call and nothing is forwarded.
///
/// Limits of this router: a procedure, or a pattern of procedures, has one callee (`invoke: single`).
package struct RoutingCore: ~Copyable {
    /// A set of shards is a word.
    package static let maximumShards = 64
    static let owner = 0

    let configuration: RouterConfiguration
    let shard: Int
    let shards: Int
    var random: RandomReservoir
    var isShuttingDown = false
    let budget: StateBudget
    /// Calls of all sessions that may be pending before it is looked what the one that has another may have: fewer than any
    /// limit.
    let freeCalls: Int
    /// SUBSCRIBEs and REGISTERs of all sessions that wait for the owner.
    var waitingSubscriptions = 0
    var waitingRegistrations = 0
    /// Octets that were given back since the tables were last made smaller, roughly.
    var freedOctets = 0

    var sessions = SessionTable()
    /// The number of each realm that this shard knows.
    var realms: URIMap<UInt32>
    /// At the owner: the number of the next realm that is created.
    var nextRealm: UInt32
    var broker: Broker
    var dealer: Dealer
    var interestOwner: InterestOwner
    var registrationOwner: RegistrationOwner
    var counts = RoutingCounts()

    /// - Parameters:
    ///   - shard: which of the `shards` this is; all get the same configuration.
    ///   - hashSeed: from a source that peers cannot guess.
    package init(
        configuration: RouterConfiguration, shard: Int, shards: Int, random: RandomReservoir, hashSeed: UInt64
    ) {
        precondition(shards >= 1 && shards <= RoutingCore.maximumShards && shard >= 0 && shard < shards)
        precondition(configuration.realms.count + configuration.limits.realms <= Int(URISpace.maximumRealm))
        self.configuration = configuration
        budget = StateBudget(configuration.limits.memory)
        freeCalls = min(configuration.limits.pendingCallsPerSession, budget.calls / StateCost.call)
        self.shard = shard
        self.shards = shards
        self.random = random
        let hash = ByteHash(seed: hashSeed)
        realms = URIMap(hash: hash)
        nextRealm = UInt32(configuration.realms.count)
        broker = Broker(hash: hash, limits: configuration.limits)
        dealer = Dealer(hash: hash, shards: shards, limits: configuration.limits)
        interestOwner = InterestOwner(hash: hash)
        registrationOwner = RegistrationOwner(hash: hash)
        for (number, name) in configuration.realms.enumerated() {
            let bytes = Array(name.utf8)
            guard realms.find(0, bytes.span) == nil else { continue }
            _ = realms.insert(0, bytes.span, UInt32(number))
        }
    }

    /// Takes the HELLO of somebody who may join; `realm` is the realm's name. Who that is has been settled before.
    ///
    /// - Parameter id: from ``drawSessionID()``; such a session creates no realm.
    package mutating func hello(
        realm: Span<UInt8>, from session: SessionHandle, as id: SessionID? = nil, into effects: inout Effects
    ) {
        switch sessions.phase(of: session) {
        case .vacant, .closed: join(realm: InputURI(realm), from: session, as: id, into: &effects)
        case .joining, .established: violate(session, message: "second HELLO", into: &effects)
        case .shuttingDown, .failed: break
        }
    }

    /// Takes any message but HELLO, which is ``hello(realm:from:as:into:)``.
    package mutating func process(
        _ message: ClientMessage, from session: SessionHandle, uri: Span<UInt8>, into effects: inout Effects
    ) {
        guard sessions.isEstablished(session) else {
            return processUnestablished(message, from: session, into: &effects)
        }
        guard configuration.requestIDOrder == .off || acceptsRequest(of: message, from: session) else {
            return violate(session, message: "request id out of order", into: &effects)
        }
        let index = session.index
        switch message {
        case .publish(let request, let options):
            counts.publications &+= 1
            publish(index, request: request, options: options, topic: uri, into: &effects)
        case .call(let request): call(index, request: request, procedure: uri, into: &effects)
        case .yield(let request): yield(index, request: request, into: &effects)
        case .invocationError, .cancel, .subscribe, .unsubscribe, .register, .unregister, .goodbye, .abort, .hello,
            .authenticate:
            processSeldom(message, from: session, uri: InputURI(uri), into: &effects)
        }
    }

    @inline(never)
    private mutating func processUnestablished(
        _ message: ClientMessage, from session: SessionHandle, into effects: inout Effects
    ) {
        switch sessions.phase(of: session) {
        case .vacant, .closed, .joining:
            guard case .abort = message else {
                return violate(session, message: "message before the session is established", into: &effects)
            }
            drop(session, into: &effects)
        case .established: preconditionFailure("the session is established")
        case .shuttingDown:
            guard case .goodbye = message else { return }
            sessions.end(session.index, leaving: .failed)
            effects.append(.close(session, afterViolation: false))
        case .failed: break
        }
    }

    /// What does not come at the rate of publications and calls.
    @inline(never)
    private mutating func processSeldom(
        _ message: ClientMessage, from session: SessionHandle, uri: InputURI, into effects: inout Effects
    ) {
        let index = session.index
        switch message {
        case .publish, .call, .yield: preconditionFailure("not seldom")
        case .invocationError(let request): invocationError(index, request: request, error: uri, into: &effects)
        case .cancel(let request, mode: _): cancel(index, request: request, into: &effects)
        case .subscribe(let request, let options):
            subscribe(index, request: request, options: options, topic: uri, into: &effects)
        case .unsubscribe(let request, let subscription):
            unsubscribe(index, request: request, subscription: subscription, into: &effects)
        case .register(let request, let options):
            register(index, request: request, options: options, procedure: uri, into: &effects)
        case .unregister(let request, let registration):
            unregister(index, request: request, registration: registration, into: &effects)
        case .goodbye: goodbye(session, into: &effects)
        case .abort: drop(session, into: &effects)
        case .hello: violate(session, message: "second HELLO", into: &effects)
        case .authenticate: violate(session, message: "AUTHENTICATE without CHALLENGE", into: &effects)
        }
    }

    /// Checks the order of request ids, as configured, and notes the request.
    @inline(never)
    private mutating func acceptsRequest(of message: ClientMessage, from session: SessionHandle) -> Bool {
        guard let request = message.orderedRequest else { return true }
        let last = sessions[session.index].lastRequest
        sessions[session.index].lastRequest = request
        switch configuration.requestIDOrder {
        case .off: return true
        case .monotonic: return request.value > last.value
        case .sequential: return request == last.next
        }
    }

    /// Takes what the router of another shard sent, in the order in which it was sent.
    package mutating func hear(
        _ message: ShardMessage, from shard: Int, uri: Span<UInt8>, into effects: inout Effects
    ) {
        let input = InputURI(uri)
        switch message {
        case .publication(let subscription, let publication):
            deliver(subscription: subscription, publication: publication, into: &effects)
        case .topicPublication(let realm, let publication):
            deliver(realm: realm, topic: uri, publication: publication, into: &effects)
        case .invocation(let call, let registration, carriesProcedure: _):
            invoke(call, registration: registration, into: &effects)
        case .interrupt(let call): interrupt(call)
        case .result(let call): result(call, into: &effects)
        case .callError(let call): callError(call, into: &effects)
        case .callFailed(let call, let refusal): callFailed(call, refusal: refusal, into: &effects)

        case .realmWanted(let session): realmWanted(name: input, session: session, from: shard, into: &effects)
        case .realmReady(let realm, let session): realmReady(realm, name: uri, session: session, into: &effects)
        case .realmRefused(let session): realmRefused(session: session, into: &effects)

        case .interestWanted(let realm, let match, let token):
            interestWanted(realm: realm, match: match, topic: input, token: token, from: shard, into: &effects)
        case .interestLost(let subscription): interestLost(subscription, from: shard, into: &effects)
        case .interestAdded(let realm, let match, let subscription, let interested):
            interestAdded(
                realm: realm, match: match, topic: uri, subscription, shard: interested, into: &effects)
        case .interestNoted(let subscription, let interested):
            interestNoted(subscription, shard: interested, into: &effects)
        case .interestReady(let subscription, let token):
            interestReady(subscription, token: token, into: &effects)
        case .interestRemoved(let subscription, let interested):
            interestRemoved(subscription, shard: interested)

        case .registrationWanted(let realm, let match, let callee, let request):
            registrationWanted(
                realm: realm, match: match, procedure: input, callee: callee, request: request, from: shard,
                into: &effects)
        case .registrationGranted(let realm, let match, let registration, let callee, let request):
            registrationGranted(
                registration, realm: realm, match: match, procedure: input, callee: callee, request: request,
                into: &effects)
        case .registrationHeld(let realm, let match, let registration):
            registrationHeld(registration, realm: realm, match: match, procedure: input, into: &effects)
        case .registrationAdded(let realm, let match, let registration, let home):
            registrationAdded(registration, realm: realm, match: match, procedure: uri, home: home, into: &effects)
        case .registrationNoted(let registration): registrationNoted(registration, into: &effects)
        case .registrationReady(let registration): registrationReady(registration, into: &effects)
        case .registrationRefused(let callee, let request, let refusal):
            registrationRefused(callee: callee, request: request, refusal: refusal, into: &effects)
        case .registrationEnded(let registration, let request):
            registrationEnded(registration, request: request, into: &effects)
        case .registrationRemoved(let registration): registrationRemoved(registration, into: &effects)
        case .removalNoted(let registration): removalNoted(registration, into: &effects)
        case .removalReady(let callee, let request): removalReady(callee: callee, request: request, into: &effects)
        }
    }

    /// Tells another shard something, or does at once what this shard owes itself. Callers have finished their own changes.
    ///
    /// - Parameter uri: of the input in hand, since that is the one which the shell sends along.
    mutating func tell(_ message: ShardMessage, to target: Int, uri: InputURI, into effects: inout Effects) {
        assert(message.carries.contains(.uri), "the other shard would not get the URI")
        if target == shard {
            hear(message, from: shard, uri: uri.bytes, into: &effects)
        } else {
            effects.append(.forward(message, to: target))
        }
    }

    /// Tells what carries no URI.
    mutating func tell(_ message: ShardMessage, to target: Int, into effects: inout Effects) {
        assert(!message.carries.contains(.uri), "the other shard would get a URI that this one does not")
        if target == shard {
            hear(message, from: shard, uri: Span(), into: &effects)
        } else {
            effects.append(.forward(message, to: target))
        }
    }
}

/// The URI that an input brought: a realm, a topic, a procedure or an error.
///
/// What a shard tells another goes there with the URI of the input that caused it (``Effect/forward(_:to:)``), and with no
/// other. So nobody but the inputs of this file can make one.
struct InputURI: ~Escapable {
    let bytes: Span<UInt8>

    @inline(__always)
    @_lifetime(copy bytes)
    fileprivate init(_ bytes: Span<UInt8>) {
        self.bytes = bytes
    }
}

extension ClientMessage {
    /// The request id, for the messages whose ids are counted.
    fileprivate var orderedRequest: RequestID? {
        switch self {
        case .publish(let request, options: _), .subscribe(let request, options: _),
            .unsubscribe(let request, subscription: _), .call(let request), .register(let request, options: _),
            .unregister(let request, registration: _):
            request
        case .hello, .abort, .authenticate, .goodbye, .invocationError, .cancel, .yield: nil
        }
    }
}
