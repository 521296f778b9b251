import RennbahnBytes
import RennbahnWAMP

/// The owner's view of a subscription: its id, and which shards have subscribers.
struct OwnedSubscription: BitwiseCopyable {
    var id: SubscriptionID
    /// The shards that have subscribers, or wait to have them, a bit each.
    var interested: UInt64 = 0
}

/// A shard's interest of which not every other shard has taken note yet.
struct PendingInterest: BitwiseCopyable {
    /// The asking shard's own number for the topic.
    var token: UInt32
    /// How many shards have still to take note.
    var missing: Int
}

/// The owner's part of the interest protocol: numbers the subscriptions and spreads which shards are interested.
struct InterestOwner: ~Copyable {
    var ids = RouterScopeIDs<SubscriptionID>()
    var subscriptions: URIMap<OwnedSubscription>
    /// From ids to `subscriptions`.
    var bindings = RouterScopeBindings<SubscriptionID>()
    var pending = Pool<PendingInterest>()
    /// From (shard, subscription) to `pending`.
    var pendingIndex: PairTable

    init(hash: ByteHash) {
        subscriptions = URIMap(hash: hash)
        pendingIndex = PairTable(seed: hash.seed)
    }

    var isEmpty: Bool {
        subscriptions.isEmpty && bindings.isEmpty && pending.isEmpty && pendingIndex.isEmpty && ids.count == 0
    }

    /// The subscription to a topic or pattern, which is numbered when it is new.
    mutating func intern(_ realm: UInt32, _ match: MatchPolicy, _ topic: Span<UInt8>) -> Int {
        let space = URISpace.of(realm, match)
        if let known = subscriptions.find(space, topic) { return known }
        let id = ids.allocate()
        let subscription = subscriptions.insert(space, topic, OwnedSubscription(id: id))
        bindings.bind(id, to: subscription)
        return subscription
    }

    mutating func remove(_ subscription: Int) {
        let id = subscriptions[subscription].id
        bindings.unbind(id)
        subscriptions.remove(subscription)
        ids.release(id)
    }
}

extension RoutingCore {
    mutating func interestWanted(
        realm: UInt32, match: MatchPolicy, topic: InputURI, token: UInt32, from asking: Int,
        into effects: inout Effects
    ) {
        let subscription = interestOwner.intern(realm, match, topic.bytes)
        let id = interestOwner.subscriptions[subscription].id
        interestOwner.subscriptions[subscription].interested |= 1 << UInt64(asking)
        guard shards > 1 else {
            return tell(.interestReady(subscription: id, topic: token), to: asking, into: &effects)
        }
        let pending = interestOwner.pending.insert(PendingInterest(token: token, missing: shards - 1))
        interestOwner.pendingIndex.insert(UInt32(asking), id.value, pending)
        for other in 0..<shards where other != asking {
            tell(
                .interestAdded(realm: realm, match: match, subscription: id, shard: UInt16(asking)), to: other,
                uri: topic, into: &effects)
        }
    }

    mutating func interestNoted(_ subscription: SubscriptionID, shard interested: UInt16, into effects: inout Effects) {
        guard let pending = interestOwner.pendingIndex.find(UInt32(interested), subscription.value) else {
            preconditionFailure("nobody waits for this note")
        }
        interestOwner.pending[pending].missing -= 1
        guard interestOwner.pending[pending].missing == 0 else { return }
        let token = interestOwner.pending[pending].token
        interestOwner.pendingIndex.remove(UInt32(interested), subscription.value)
        interestOwner.pending.remove(pending)
        tell(.interestReady(subscription: subscription, topic: token), to: Int(interested), into: &effects)
    }

    mutating func interestLost(_ id: SubscriptionID, from losing: Int, into effects: inout Effects) {
        guard let subscription = interestOwner.bindings.find(id) else {
            preconditionFailure("interest in an unknown subscription ended")
        }
        interestOwner.subscriptions[subscription].interested &= ~(1 << UInt64(losing))
        if interestOwner.subscriptions[subscription].interested == 0 {
            interestOwner.remove(subscription)
            noteFreed(StateCost.subscription)
        }
        for other in 0..<shards where other != losing {
            tell(.interestRemoved(subscription: id, shard: UInt16(losing)), to: other, into: &effects)
        }
    }
}
