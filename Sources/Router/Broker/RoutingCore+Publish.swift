import RennbahnBytes
import RennbahnWAMP

/// PUBLISH and EVENT: nothing here allocates or touches a reference count once the buffers have grown.
///
/// Helpers are `mutating` even where they change nothing: a router that is being changed and has to be lent out for
/// reading is copied by the compiler, all two kilobytes of it.
extension RoutingCore {
    @inline(__always)
    mutating func publish(
        _ index: UInt32, request: RequestID, options: PublishOptions, topic: Span<UInt8>, into effects: inout Effects
    ) {
        let realm = sessions[index].realm
        let known = broker.topics.find(
            URISpace.of(realm, .exact), topic, likely: sessions[index].lastTopic)
        // Who subscribes to nothing cannot be among the receivers.
        let excluded = options.excludeMe && !sessions[index].memberships.isEmpty ? index : nil
        // A known topic was found valid when it was interned.
        guard let known, !options.acknowledge, !options.restrictsReceivers, broker.topics[known].isPlain,
            !broker.patterns.hasPatterns(realm)
        else {
            return publishWidely(
                index, request: request, options: options, topic: topic, known: known, excluding: excluded,
                into: &effects)
        }
        sessions[index].lastTopic = UInt32(truncatingIfNeeded: known)
        let publication = PublicationID(random.id())
        fanOut(known, publication: publication, excluding: excluded, into: &effects)
        if broker.topics[known].remote != 0 { spread(known, publication: publication, into: &effects) }
    }

    /// A publication that is acknowledged, or whose topic nobody knows or matches patterns or has subscribers with `x_slow`; or
    /// one that is for some of the subscribers only, which goes to nobody: that the lists are not kept must not show it to those
    /// whom it is not for.
    @inline(never)
    private mutating func publishWidely(
        _ index: UInt32, request: RequestID, options: PublishOptions, topic: Span<UInt8>, known: Int?,
        excluding excluded: UInt32?, into effects: inout Effects
    ) {
        let publisher = sessions[index].handle
        let realm = sessions[index].realm
        guard !options.restrictsReceivers else {
            effects.append(.publicationRefused(publisher))
            if options.acknowledge {
                effects.append(.error(publisher, code: .publish, request: request, error: .optionNotAllowed))
            }
            return
        }
        let isAllowed: Bool
        // A known topic was found valid when it was interned.
        if let known { isAllowed = !broker.topics[known].isReserved } else { isAllowed = isClaimable(topic, .exact) }
        guard isAllowed else {
            if options.acknowledge {
                effects.append(.error(publisher, code: .publish, request: request, error: .invalidURI))
            }
            return
        }
        let hasPatterns = broker.patterns.hasPatterns(realm)
        guard known != nil || hasPatterns || options.acknowledge else { return }
        let publication = PublicationID(random.id())
        if options.acknowledge {
            effects.append(.published(publisher, request: request, publication: publication))
        }
        guard hasPatterns else {
            if let known {
                fanOutAny(known, publication: publication, excluding: excluded, into: &effects)
                spread(known, publication: publication, into: &effects)
            }
            return
        }
        broker.match(realm, topic)
        fanOutMatches(known, publication: publication, excluding: excluded, into: &effects)
        spreadMatches(known, realm: realm, publication: publication, into: &effects)
    }

    /// A publication to the other shards that have subscribers of its topic, where no pattern matches.
    @inline(never)
    private mutating func spread(_ topic: Int, publication: PublicationID, into effects: inout Effects) {
        let message = ShardMessage.publication(
            subscription: broker.topics[topic].subscription, publication: publication)
        forward(message, to: broker.topics[topic].remote, into: &effects)
    }

    /// EVENTs to the subscribers of this shard, of the topic itself and of the patterns that were found for it.
    private mutating func fanOutMatches(
        _ known: Int?, publication: PublicationID, excluding publisher: UInt32?, into effects: inout Effects
    ) {
        if let known { fanOutAny(known, publication: publication, excluding: publisher, into: &effects) }
        for position in 0..<broker.matches.count {
            fanOutAny(Int(broker.matches[position]), publication: publication, excluding: publisher, into: &effects)
        }
    }

    /// A publication to the other shards: once to each, however many patterns have subscribers there.
    private mutating func spreadMatches(
        _ known: Int?, realm: UInt32, publication: PublicationID, into effects: inout Effects
    ) {
        var patterned: UInt64 = 0
        for position in 0..<broker.matches.count { patterned |= broker.topics[Int(broker.matches[position])].remote }
        forward(.topicPublication(realm: realm, publication: publication), to: patterned, into: &effects)
        guard let known else { return }
        let message = ShardMessage.publication(
            subscription: broker.topics[known].subscription, publication: publication)
        forward(message, to: broker.topics[known].remote & ~patterned, into: &effects)
    }

    /// To each of a set of other shards.
    private mutating func forward(_ message: ShardMessage, to shards: UInt64, into effects: inout Effects) {
        var rest = shards
        while rest != 0 {
            effects.append(.forward(message, to: rest.trailingZeroBitCount))
            rest &= rest &- 1
        }
    }

    /// A publication of another shard. The subscription may have ended while it was on its way.
    mutating func deliver(subscription: SubscriptionID, publication: PublicationID, into effects: inout Effects) {
        guard let topic = broker.bindings.find(subscription) else { return }
        fanOutAny(topic, publication: publication, excluding: nil, into: &effects)
    }

    /// A publication of another shard that matches patterns: this shard looks anew who its subscribers are, so that
    /// the message comes once for all of them.
    mutating func deliver(
        realm: UInt32, topic: Span<UInt8>, publication: PublicationID, into effects: inout Effects
    ) {
        broker.match(realm, topic)
        let known = broker.topics.find(URISpace.of(realm, .exact), topic)
        fanOutMatches(known, publication: publication, excluding: nil, into: &effects)
    }

    @inline(__always)
    private mutating func fanOutAny(
        _ topic: Int, publication: PublicationID, excluding publisher: UInt32?, into effects: inout Effects
    ) {
        if broker.topics[topic].isPlain {
            fanOut(topic, publication: publication, excluding: publisher, into: &effects)
        } else {
            fanOutByPolicy(topic, publication: publication, excluding: publisher, into: &effects)
        }
    }

    /// As ``fanOut(_:publication:excluding:into:)``, of a topic that may have subscribers with `x_slow`.
    @inline(never)
    private mutating func fanOutByPolicy(
        _ topic: Int, publication: PublicationID, excluding publisher: UInt32?, into effects: inout Effects
    ) {
        var own: Int?
        if let publisher { own = broker.membershipIndex.find(publisher, UInt64(topic)) }
        let subscription = broker.topics[topic].subscription
        let isPattern = broker.topics[topic].isPattern
        let lists = broker.topics[topic].traits.contains(.yielding) ? broker.topics[topic].aside : Topic.none
        for policy in SlowPolicy.allCases {
            let start = effects.recipients.count
            switch policy {
            case .queue: broker.topics[topic].subscribers.append(to: &effects.recipients)
            case .drop: if lists != Topic.none { broker.yielding[lists].dropping.append(to: &effects.recipients) }
            case .latest:
                if lists != Topic.none { broker.yielding[lists].keepingLatest.append(to: &effects.recipients) }
            }
            if let own, broker.memberships[own].slow == policy {
                effects.recipients.swapRemove(at: start + Int(broker.memberships[own].position))
            }
            let recipients = start..<effects.recipients.count
            guard !recipients.isEmpty else { continue }
            switch policy {
            case .queue:
                counts.events &+= UInt64(recipients.count)
                effects.append(
                    .event(
                        subscription: subscription, publication: publication, recipients: recipients,
                        carriesTopic: isPattern))
            case .drop, .latest:
                effects.append(
                    .yieldingEvent(
                        subscription: subscription, publication: publication, recipients: recipients,
                        carriesTopic: isPattern, keepsLatest: policy == .latest))
            }
        }
    }

    /// EVENT to the subscribers of this shard, but the publisher (its slot) if it is to be excluded.
    @inline(__always)
    private mutating func fanOut(
        _ topic: Int, publication: PublicationID, excluding publisher: UInt32?, into effects: inout Effects
    ) {
        let start = effects.recipients.count
        broker.topics[topic].subscribers.append(to: &effects.recipients)
        if let publisher, let own = broker.membershipIndex.find(publisher, UInt64(topic)) {
            effects.recipients.swapRemove(at: start &+ Int(broker.memberships[own].position))
        }
        let end = effects.recipients.count
        guard end > start else { return }
        counts.events &+= UInt64(truncatingIfNeeded: end &- start)
        effects.append(
            .event(
                subscription: broker.topics[topic].subscription, publication: publication,
                recipients: start..<end, carriesTopic: broker.topics[topic].isPattern))
    }

    /// Whether a client may publish to a topic or register a procedure of this name.
    mutating func isClaimable(_ uri: Span<UInt8>, _ match: MatchPolicy) -> Bool {
        URIRules.isValid(uri, strictness: configuration.uriStrictness, match: match) && !URIRules.isReserved(uri)
    }
}
