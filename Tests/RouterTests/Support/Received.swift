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
    case error(MessageCode, UInt64, PredefinedURI)
    case published(UInt64)
    case subscribed(UInt64, UInt64)
    case unsubscribed(UInt64)
    case registered(UInt64, UInt64)
    case unregistered(UInt64)
    case event(UInt64, Int)
    /// With the topic of a subscription that matches by a pattern.
    case patternEvent(UInt64, Int, String)
    case invocation(UInt64, UInt64, Int)
    /// With the procedure of a registration that matches by a pattern.
    case patternInvocation(UInt64, UInt64, Int, String)
    case result(UInt64, Int)
    case callError(UInt64, String, Int)
    case closed
}
