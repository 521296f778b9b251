import RennbahnBytes
import RennbahnWAMP

/// SUBSCRIBE and UNSUBSCRIBE, and this shard's side of the interest protocol (``ShardMessage``).
///
/// The first subscriber of the shard waits until every shard knows of the interest; later ones are active at once. The
/// interest is given up with the last subscriber, and asked for anew when another comes: messages to the owner keep
/// their order, so that the two never cross.
///
/// A session subscribes to a topic once. Where it does so again, what it says of `x_slow` then holds.
extension RoutingCore {
    mutating func subscribe(
        _ index: UInt32, request: RequestID, options: MatchOptions, topic: InputURI, into effects: inout Effects
    ) {
        let subscriber = sessions[index].handle
        let match = options.match
        guard URIRules.isValid(topic.bytes, strictness: configuration.uriStrictness, match: match) else {
            return effects.append(.error(subscriber, code: .subscribe, request: request, error: .invalidURI))
        }
        guard let slow = options.slow else {
            return effects.append(.error(subscriber, code: .subscribe, request: request, error: .invalidArgument))
        }
        let realm = sessions[index].realm
        let known = broker.topics.find(URISpace.of(realm, match), topic.bytes)
        let isMember = known.map { broker.membershipIndex.find(index, UInt64($0)) != nil } ?? false
        let subscriptions = Int(sessions[index].memberships.count) + Int(sessions[index].waitingSubscriptions)
        let name = known == nil ? StateCost.name(topic.bytes.count, match) : 0
        guard isMember || subscriptions < configuration.limits.subscriptionsPerSession, admits(topic.bytes, match),
            isMember || affords(index, StateCost.subscription, name: name)
        else {
            return effects.append(.error(subscriber, code: .subscribe, request: request, error: .unavailable))
        }
        let target = known ?? broker.intern(realm, match, topic.bytes)
        let interest = broker.topics[target].interest
        if interest == .ready { return activate(index, slow, topic: target, request: request, into: &effects) }
        sessions[index].waitingSubscriptions += 1
        waitingSubscriptions += 1
        if interest == .none {
            broker.topics[target].aside = UInt32(broker.waiting.insert(FlatList()))
            broker.topics[target].interest = .wanted
        }
        broker.waiting[broker.topics[target].aside].append(
            Topic.Waiter(session: sessions[index].reference, request: request, slow: slow))
        guard interest == .none else { return }
        tell(
            .interestWanted(realm: realm, match: match, topic: UInt32(target)), to: RoutingCore.owner, uri: topic,
            into: &effects)
    }

    /// Whether a URI is within the limits of its policy.
    mutating func admits(_ uri: Span<UInt8>, _ match: MatchPolicy) -> Bool {
        switch match {
        case .exact, .prefix: uri.count <= configuration.limits.uriLength
        case .wildcard:
            uri.count <= configuration.limits.uriLength
                && WildcardTrie.componentCount(uri) <= configuration.limits.wildcardComponents
        }
    }

    /// Makes a session an active subscriber, in the step in which SUBSCRIBED is queued: no EVENT can come before.
    private mutating func activate(
        _ index: UInt32, _ slow: SlowPolicy, topic: Int, request: RequestID, into effects: inout Effects
    ) {
        let subscriber = sessions[index].handle
        effects.append(
            .subscribed(subscriber, request: request, subscription: broker.topics[topic].subscription))
        if let membership = broker.membershipIndex.find(index, UInt64(topic)) {
            return change(membership, of: subscriber, to: slow, into: &effects)
        }
        let position = enlist(subscriber, slow, topic: topic)
        let membership = broker.memberships.insert(
            Membership(topic: UInt32(topic), position: position, slow: slow))
        broker.memberships.link(membership, into: &sessions[index].memberships)
        broker.membershipIndex.insert(index, UInt64(topic), membership)
        sessions[index].nameOctets += StateCost.name(broker.topics.byteCount(topic), broker.topics[topic].match)
    }

    /// The session has subscribed again. What was left out for it until then is not told.
    private mutating func change(
        _ membership: Int, of subscriber: SessionHandle, to slow: SlowPolicy, into effects: inout Effects
    ) {
        let before = broker.memberships[membership].slow
        guard before != slow else { return }
        let topic = Int(broker.memberships[membership].topic)
        delist(before, topic: topic, position: Int(broker.memberships[membership].position))
        let position = enlist(subscriber, slow, topic: topic)
        broker.memberships[membership].position = position
        broker.memberships[membership].slow = slow
        endYielding(subscriber, before, topic: topic, into: &effects)
    }

    private mutating func endYielding(
        _ subscriber: SessionHandle, _ slow: SlowPolicy, topic: Int, into effects: inout Effects
    ) {
        switch slow {
        case .queue: break
        case .drop, .latest:
            effects.append(.yieldingEnded(subscriber, subscription: broker.topics[topic].subscription))
        }
    }

    /// Puts a session among the subscribers of its policy; where it stands among them.
    private mutating func enlist(_ subscriber: SessionHandle, _ slow: SlowPolicy, topic: Int) -> UInt32 {
        if slow != .queue, broker.topics[topic].aside == Topic.none {
            broker.topics[topic].aside = UInt32(broker.yielding.insert(YieldingSubscribers()))
            broker.topics[topic].traits.insert(.yielding)
        }
        let lists = broker.topics[topic].aside
        switch slow {
        case .queue:
            broker.topics[topic].subscribers.append(subscriber)
            return UInt32(broker.topics[topic].subscribers.count - 1)
        case .drop:
            broker.yielding[lists].dropping.append(subscriber)
            return UInt32(broker.yielding[lists].dropping.count - 1)
        case .latest:
            broker.yielding[lists].keepingLatest.append(subscriber)
            return UInt32(broker.yielding[lists].keepingLatest.count - 1)
        }
    }

    /// Takes a session from among the subscribers of its policy.
    private mutating func delist(_ slow: SlowPolicy, topic: Int, position: Int) {
        let lists = broker.topics[topic].aside
        let moved: SessionHandle?
        switch slow {
        case .queue: moved = broker.topics[topic].subscribers.swapRemove(at: position)
        case .drop: moved = broker.yielding[lists].dropping.swapRemove(at: position)
        case .latest: moved = broker.yielding[lists].keepingLatest.swapRemove(at: position)
        }
        if let moved {
            guard let other = broker.membershipIndex.find(moved.index, UInt64(topic)) else {
                preconditionFailure("a subscriber without membership")
            }
            broker.memberships[other].position = UInt32(position)
        }
        guard slow != .queue, broker.yielding[lists].isEmpty else { return }
        broker.yielding.remove(Int(lists))
        broker.topics[topic].aside = Topic.none
        broker.topics[topic].traits.remove(.yielding)
    }

    mutating func unsubscribe(
        _ index: UInt32, request: RequestID, subscription: SubscriptionID, into effects: inout Effects
    ) {
        let subscriber = sessions[index].handle
        guard let topic = broker.bindings.find(subscription),
            let membership = broker.membershipIndex.find(index, UInt64(topic))
        else {
            return effects.append(
                .error(subscriber, code: .unsubscribe, request: request, error: .noSuchSubscription))
        }
        effects.append(.unsubscribed(subscriber, request: request))
        deactivate(index, membership: membership, into: &effects)
    }

    /// Ends all subscriptions of a session that leaves.
    mutating func leaveBroker(_ index: UInt32, into effects: inout Effects) {
        while !sessions[index].memberships.isEmpty {
            deactivate(index, membership: Int(sessions[index].memberships.first), into: &effects)
        }
    }

    private mutating func deactivate(_ index: UInt32, membership: Int, into effects: inout Effects) {
        let topic = Int(broker.memberships[membership].topic)
        let position = Int(broker.memberships[membership].position)
        let slow = broker.memberships[membership].slow
        sessions[index].nameOctets -= StateCost.name(broker.topics.byteCount(topic), broker.topics[topic].match)
        broker.membershipIndex.remove(index, UInt64(topic))
        broker.memberships.unlink(membership, from: &sessions[index].memberships)
        broker.memberships.remove(membership)
        delist(slow, topic: topic, position: position)
        endYielding(sessions[index].handle, slow, topic: topic, into: &effects)
        if !broker.topics[topic].hasSubscribers { loseInterest(topic, into: &effects) }
    }

    private mutating func loseInterest(_ topic: Int, into effects: inout Effects) {
        let subscription = broker.topics[topic].subscription
        broker.topics[topic].interest = .none
        broker.release(topic)
        noteFreed(StateCost.subscription)
        tell(.interestLost(subscription: subscription), to: RoutingCore.owner, into: &effects)
    }

    // MARK: From the owner

    mutating func interestReady(_ subscription: SubscriptionID, token: UInt32, into effects: inout Effects) {
        let topic = Int(token)
        precondition(broker.topics[topic].interest == .wanted)
        broker.topics[topic].interest = .ready
        broker.bind(topic, to: subscription)
        let waiters = broker.topics[topic].aside
        broker.topics[topic].aside = Topic.none
        for position in 0..<broker.waiting[waiters].count {
            let waiter = broker.waiting[waiters][position]
            guard sessions.isLive(waiter.session) else { continue }
            sessions[waiter.session.index].waitingSubscriptions -= 1
            waitingSubscriptions -= 1
            activate(waiter.session.index, waiter.slow, topic: topic, request: waiter.request, into: &effects)
        }
        broker.waiting.remove(Int(waiters))
        if !broker.topics[topic].hasSubscribers { loseInterest(topic, into: &effects) }
    }

    mutating func interestAdded(
        realm: UInt32, match: MatchPolicy, topic uri: Span<UInt8>, _ subscription: SubscriptionID,
        shard interested: UInt16,
        into effects: inout Effects
    ) {
        let topic = broker.intern(realm, match, uri)
        broker.bind(topic, to: subscription)
        broker.topics[topic].remote |= 1 << UInt64(interested)
        tell(.interestNoted(subscription: subscription, shard: interested), to: RoutingCore.owner, into: &effects)
    }

    mutating func interestRemoved(_ subscription: SubscriptionID, shard interested: UInt16) {
        guard let topic = broker.bindings.find(subscription) else {
            preconditionFailure("interest in an unknown subscription ended")
        }
        broker.topics[topic].remote &= ~(1 << UInt64(interested))
        broker.release(topic)
        noteFreed(StateCost.subscription)
    }
}
