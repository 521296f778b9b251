package import RennbahnBytes
package import RennbahnWAMP

/// What a shard's router wants done, in order. Plain data: the shell carries it out right after the input that caused
/// it, while the URI and the payload of that input are still at hand; "the input's payload" means those bytes.
package enum Effect: Sendable {
    /// WELCOME; the input's URI is the realm's name, `realm` its number, the same on every shard.
    case welcome(SessionHandle, session: SessionID, realm: Int)
    /// ABORT with `message` in its details; ``close(_:)`` follows where the transport shall go too.
    case abort(SessionHandle, reason: PredefinedURI, message: StaticString)
    case goodbye(SessionHandle, reason: PredefinedURI)
    /// ERROR without a payload for a request of this session.
    case error(SessionHandle, code: MessageCode, request: RequestID, error: PredefinedURI)
    /// A publication of this session reached nobody, since the router does not keep to what its options ask.
    case publicationRefused(SessionHandle)
    case published(SessionHandle, request: RequestID, publication: PublicationID)
    case subscribed(SessionHandle, request: RequestID, subscription: SubscriptionID)
    case unsubscribed(SessionHandle, request: RequestID)
    case registered(SessionHandle, request: RequestID, registration: RegistrationID)
    case unregistered(SessionHandle, request: RequestID)
    /// EVENT with the input's payload to `recipients`, a range of ``Effects/recipients``; with `carriesTopic` its
    /// details tell the input's URI as the topic.
    case event(subscription: SubscriptionID, publication: PublicationID, recipients: Range<Int>, carriesTopic: Bool)
    /// As ``event(subscription:publication:recipients:carriesTopic:)``, to recipients that nobody is to wait for, and for
    /// which it is left out while they are behind; with `keepsLatest` it is kept for those until a newer one is.
    case yieldingEvent(
        subscription: SubscriptionID, publication: PublicationID, recipients: Range<Int>, carriesTopic: Bool,
        keepsLatest: Bool)
    /// The session has no such subscription with `x_slow` any more: what was left out and kept for it is forgotten.
    case yieldingEnded(SessionHandle, subscription: SubscriptionID)
    /// INVOCATION with the input's payload; with `carriesProcedure` its details tell the input's URI as the procedure.
    case invocation(SessionHandle, request: RequestID, registration: RegistrationID, carriesProcedure: Bool)
    /// RESULT with the input's payload.
    case result(SessionHandle, request: RequestID)
    /// ERROR for a CALL with the input's URI and payload.
    case callError(SessionHandle, request: RequestID)
    /// To another shard; the input's URI and payload go along as ``ShardMessage/carries`` says.
    case forward(ShardMessage, to: Int)
    /// Send what is queued, then close the transport; `afterViolation`: since the peer broke the protocol. The shell answers with ``RoutingCore/detach(_:into:)``; until then the router
    /// ignores what the transport still brings.
    case close(SessionHandle, afterViolation: Bool)
}

/// The effects of one input: a buffer that the shell owns and uses again, so that no input allocates in steady state.
package struct Effects: ~Copyable {
    package var list = FlatList<Effect>()
    /// The receivers that ``Effect/event(subscription:publication:recipients:carriesTopic:)`` points to.
    package var recipients = FlatList<SessionHandle>()

    package init() {}

    @inline(__always)
    package mutating func append(_ effect: Effect) {
        list.append(effect)
    }

    package mutating func removeAll() {
        list.removeAll(keepingCapacity: true)
        recipients.removeAll(keepingCapacity: true)
    }
}
