import RennbahnBytes
import RennbahnRouter
import RennbahnWAMP

/// The router of one shard, with a publisher and one subscriber of what it publishes.
struct SubscribedRouter: ~Copyable {
    static let topic = Array("com.example.topic".utf8)
    private static let publisher = SessionHandle(index: 0, generation: 0)
    private static let subscriber = SessionHandle(index: 1, generation: 0)

    private var core: RoutingCore
    private var effects = Effects()

    init(_ ids: PublicationIDs) {
        let realm = "realm1"
        core = RoutingCore(
            configuration: RouterConfiguration(realms: [realm]), shard: 0, shards: 1, random: ids.reservoir,
            hashSeed: 0x5eed)
        let name = Array(realm.utf8)
        for session in [SubscribedRouter.publisher, SubscribedRouter.subscriber] {
            core.hello(realm: name.span, from: session, into: &effects)
        }
        core.process(
            .subscribe(request: 1, options: MatchOptions()), from: SubscribedRouter.subscriber,
            uri: SubscribedRouter.topic.span, into: &effects)
        effects.removeAll()
    }

    /// - Returns: receivers.
    @inline(__always)
    mutating func publish(_ message: ClientMessage, topic: Span<UInt8>) -> Int {
        effects.removeAll()
        core.process(message, from: SubscribedRouter.publisher, uri: topic, into: &effects)
        return effects.recipients.count
    }

    /// The EVENT that the last publication became, if it was one, for the subscriber.
    mutating func event() -> EventIDs? {
        guard effects.list.count == 1,
            case .event(let subscription, let publication, let recipients, carriesTopic: false) = effects.list[0],
            recipients == 0..<1, effects.recipients[0] == SubscribedRouter.subscriber
        else { return nil }
        return EventIDs(subscription: subscription, publication: publication)
    }
}

struct EventIDs: Equatable {
    var subscription: SubscriptionID
    var publication: PublicationID
}
