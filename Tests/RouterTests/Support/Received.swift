import RennbahnRouter
import RennbahnWAMP

/// A connection of a test.
struct Peer: Hashable {
    let shard: Int
    let handle: SessionHandle
}

/// What a client would find on its connection. Payloads are numbers.
enum Received: Equatable {
    case welcome(realm: Int)
    case abort(PredefinedURI)
    case goodbye(PredefinedURI)
    case error(MessageCode, RequestID, PredefinedURI)
    case published(RequestID)
    case subscribed(RequestID, SubscriptionID)
    case unsubscribed(RequestID)
    case registered(RequestID, RegistrationID)
    case unregistered(RequestID)
    case event(SubscriptionID, Int)
    /// With the topic of a subscription that matches by a pattern.
    case patternEvent(SubscriptionID, Int, String)
    /// Of a subscription with `x_slow`; with the topic, empty where the subscription matches exactly.
    case yieldingEvent(SubscriptionID, Int, String, SlowPolicy)
    /// What was left out for the subscription is to be forgotten: nothing that the client gets.
    case yieldingEnded(SubscriptionID)
    case invocation(RequestID, RegistrationID, Int)
    /// With the procedure of a registration that matches by a pattern.
    case patternInvocation(RequestID, RegistrationID, Int, String)
    case result(RequestID, Int)
    case callError(RequestID, String, Int)
    case closed
}
