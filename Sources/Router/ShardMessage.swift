package import RennbahnWAMP

/// What one shard's router tells another's. Plain data; the shell moves it through the ring of that pair of shards,
/// which keeps the order.
///
/// Shard 0 is the owner: it numbers realms, subscriptions and registrations, decides conflicts, and spreads who is
/// interested in what. What a shard owes itself never becomes a message: the router carries it out at once.
///
/// ```
/// first subscriber of a shard                     registration
///
/// shard          owner          others            home           owner          others
///   │─ Wanted ────►│                │               │─ Wanted ────►│                │
///   │              │─ Added ───────►│               │◄─ Granted ───│                │
///   │              │◄─ Noted ───────│               │─ Held ──────►│                │
///   │◄─ Ready ─────│                │               │              │─ Added ───────►│
///  SUBSCRIBED                                       │              │◄─ Noted ───────│
///                                                   │◄─ Ready ─────│                │
///                                                  REGISTERED (earlier, if an invocation comes first)
/// ```
package enum ShardMessage: Sendable, BitwiseCopyable {
    // Realms, only where realms are created on demand.

    /// To the owner, with the name: `session` waits for the realm's number.
    case realmWanted(session: SessionReference)
    /// From the owner, with the name.
    case realmReady(realm: UInt32, session: SessionReference)
    /// From the owner: there are too many realms.
    case realmRefused(session: SessionReference)

    // Publish and subscribe. `subscription` ids are unique in the router.

    /// To the owner, with the topic or pattern: the first session of the sending shard subscribes. `topic` is the
    /// sending shard's own number for it, which comes back in ``interestReady(subscription:topic:)``.
    case interestWanted(realm: UInt32, match: MatchPolicy, topic: UInt32)
    /// To the owner: the last session of the sending shard is gone from the subscription.
    case interestLost(subscription: SubscriptionID)
    /// From the owner, with the topic or pattern: `shard` has subscribers.
    case interestAdded(realm: UInt32, match: MatchPolicy, subscription: SubscriptionID, shard: UInt16)
    /// To the owner: the sending shard has taken note of ``interestAdded(realm:match:subscription:shard:)``.
    case interestNoted(subscription: SubscriptionID, shard: UInt16)
    /// From the owner to the shard that asked: every shard has taken note.
    case interestReady(subscription: SubscriptionID, topic: UInt32)
    /// From the owner: `shard` has no subscribers any more.
    case interestRemoved(subscription: SubscriptionID, shard: UInt16)
    /// To a shard with subscribers of the topic and of no pattern that matches it, with the payload.
    case publication(subscription: SubscriptionID, publication: PublicationID)
    /// To a shard with subscribers of patterns that match the topic, with the topic and the payload.
    case topicPublication(realm: UInt32, publication: PublicationID)

    // Registrations. The callee's shard is the registration's home.

    /// To the owner, with the procedure; `callee` and `request` are the home's.
    case registrationWanted(realm: UInt32, match: MatchPolicy, callee: SessionReference, request: RequestID)
    /// From the owner to the home, with the procedure: nobody else has it.
    case registrationGranted(
        realm: UInt32, match: MatchPolicy, registration: RegistrationID, callee: SessionReference, request: RequestID)
    /// To the owner, with the procedure: the home is ready for invocations.
    case registrationHeld(realm: UInt32, match: MatchPolicy, registration: RegistrationID)
    /// From the owner to every shard but the home, with the procedure: where to send invocations.
    case registrationAdded(realm: UInt32, match: MatchPolicy, registration: RegistrationID, home: UInt16)
    /// To the owner: the sending shard has taken note of ``registrationAdded(realm:match:registration:home:)``.
    case registrationNoted(registration: RegistrationID)
    /// From the owner to the home: every shard knows the registration.
    case registrationReady(registration: RegistrationID)
    case registrationRefused(callee: SessionReference, request: RequestID, refusal: Refusal)
    /// From the home to the owner: the callee unregisters, or is gone (no `request`).
    case registrationEnded(registration: RegistrationID, request: RequestID)
    case registrationRemoved(registration: RegistrationID)
    /// To the owner: the sending shard has taken note of ``registrationRemoved(registration:)``.
    case removalNoted(registration: RegistrationID)
    /// From the owner to the home: no shard knows the registration any more.
    case removalReady(callee: SessionReference, request: RequestID)

    // Calls.

    /// To the registration's home, with the payload; to a pattern's callee with the procedure too.
    case invocation(call: CallReference, registration: RegistrationID, carriesProcedure: Bool)
    /// To the registration's home: the caller is gone, or has canceled; no answer is wanted.
    case interrupt(call: CallReference)
    /// To the caller's shard, with the payload.
    case result(call: CallReference)
    /// To the caller's shard, with the URI and the payload.
    case callError(call: CallReference)
    /// To the caller's shard: the router itself gives up the call.
    case callFailed(call: CallReference, refusal: Refusal)

    /// Why a request that went to another shard failed there.
    package enum Refusal: UInt8, Sendable, BitwiseCopyable {
        case canceled, noSuchProcedure, procedureAlreadyExists, invalidURI

        package var error: PredefinedURI {
            switch self {
            case .canceled: .canceled
            case .noSuchProcedure: .noSuchProcedure
            case .procedureAlreadyExists: .procedureAlreadyExists
            case .invalidURI: .invalidURI
            }
        }
    }

    package struct Cargo: OptionSet, Sendable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }
        package static let uri = Cargo(rawValue: 1)
        package static let payload = Cargo(rawValue: 2)
    }

    /// Which bytes of the input go along.
    package var carries: Cargo {
        switch self {
        case .realmWanted, .realmReady, .interestWanted, .interestAdded, .registrationWanted, .registrationGranted,
            .registrationHeld, .registrationAdded:
            .uri
        case .invocation(call: _, registration: _, let carriesProcedure):
            carriesProcedure ? [.uri, .payload] : .payload
        case .publication, .result: .payload
        case .topicPublication, .callError: [.uri, .payload]
        case .realmRefused, .interestLost, .interestNoted, .interestReady, .interestRemoved, .registrationNoted,
            .registrationReady, .registrationRefused, .registrationEnded, .registrationRemoved, .removalNoted,
            .removalReady, .interrupt, .callFailed:
            []
        }
    }
}
