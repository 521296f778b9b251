package import WAMP

/// What one shard's router tells another's. Plain data; the shell moves it through the ring of that pair of shards,
/// which keeps the order.
///
/// Shard 0 owns the control plane of all realms: it numbers subscriptions and registrations, decides conflicts, and
/// spreads who is interested in what.
package enum ShardMessage: Sendable, BitwiseCopyable {
    // Publish and subscribe. `subscription` ids are unique in the router.

    /// To the owner, with the topic: the first session of the sending shard subscribes.
    case interestWanted(realm: UInt32, match: MatchPolicy)
    /// To the owner: the last session of the sending shard is gone from the subscription.
    case interestLost(subscription: UInt64)
    /// From the owner, with the topic: `shard` has subscribers.
    case interestAdded(realm: UInt32, match: MatchPolicy, subscription: UInt64, shard: UInt16)
    /// To the owner: the sending shard has taken note of ``interestAdded(realm:match:subscription:shard:)``.
    case interestNoted(subscription: UInt64, shard: UInt16)
    /// From the owner to the shard that asked, with the topic: every shard has taken note.
    case interestReady(realm: UInt32, match: MatchPolicy, subscription: UInt64)
    /// From the owner: `shard` has no subscribers any more.
    case interestRemoved(subscription: UInt64, shard: UInt16)
    /// To an interested shard, with the payload.
    case publication(subscription: UInt64, publication: UInt64)

    // Remote procedure calls.

    /// To the owner, with the procedure; `callee` and `request` are the sending shard's.
    case registrationWanted(realm: UInt32, match: MatchPolicy, callee: SessionHandle, request: UInt64)
    /// To the owner: the callee unregisters, or is gone (`request` 0).
    case registrationEnded(registration: UInt64, callee: SessionHandle, request: UInt64)
    /// From the owner, with the procedure: whom to invoke.
    case registrationAdded(
        realm: UInt32, match: MatchPolicy, registration: UInt64, shard: UInt16, callee: SessionHandle,
        request: UInt64)
    case registrationNoted(registration: UInt64)
    /// From the owner to the callee's shard: every shard knows the registration.
    case registrationReady(registration: UInt64, callee: SessionHandle, request: UInt64)
    case registrationRefused(callee: SessionHandle, request: UInt64, error: PredefinedURI)
    case registrationRemoved(registration: UInt64)
    case removalNoted(registration: UInt64)
    /// From the owner to the callee's shard: no shard knows the registration any more.
    case removalReady(registration: UInt64, callee: SessionHandle, request: UInt64)
    /// To the callee's shard, with the payload.
    case invocation(call: CallReference, registration: UInt64, callee: SessionHandle)
    /// To the callee's shard: the caller is gone, or has canceled.
    case interrupt(call: CallReference, callee: SessionHandle, mode: CancelMode)
    /// To the caller's shard, with the payload.
    case result(call: CallReference)
    /// To the caller's shard, with the URI and the payload.
    case callError(call: CallReference)
    /// To the caller's shard: the router itself gives up the call.
    case callFailed(call: CallReference, error: PredefinedURI)

    package struct Cargo: OptionSet, Sendable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }
        package static let uri = Cargo(rawValue: 1)
        package static let payload = Cargo(rawValue: 2)
    }

    /// Which bytes of the input go along.
    package var carries: Cargo {
        switch self {
        case .interestWanted, .interestAdded, .interestReady, .registrationWanted, .registrationAdded: .uri
        case .publication, .invocation, .result: .payload
        case .callError: [.uri, .payload]
        case .interestLost, .interestNoted, .interestRemoved, .registrationEnded, .registrationNoted,
            .registrationReady, .registrationRefused, .registrationRemoved, .removalNoted, .removalReady, .interrupt,
            .callFailed:
            []
        }
    }
}
