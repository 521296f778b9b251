import RennbahnBytes
import RennbahnWAMP

/// A topic, or a pattern of topics, that a shard knows: it has subscribers here, or others have. As large as a cache
/// line, which a publication to it reads.
struct Topic: ~Copyable {
    /// This shard's own interest in the topic.
    enum Interest: BitwiseCopyable {
        case none
        /// The owner was asked; subscribers wait.
        case wanted
        /// Every shard knows that this one has subscribers.
        case ready
    }

    /// The subscription's id, which all shards use; none while the owner has told none. It is known, and bound in
    /// ``Broker/bindings``, exactly while `remote` is not empty or `interest` is ready.
    var subscription = SubscriptionID.none
    /// The other shards that have subscribers, a bit each.
    var remote: UInt64 = 0
    /// The active subscribers of this shard, but those with `x_slow`; none unless `interest` is ready.
    var subscribers = Subscribers()
    let realm: UInt32
    /// Of a pattern: where it is in ``Broker/patterns``.
    var node = PatternIndex.none
    /// While `interest` is wanted, in ``Broker/waiting``: the SUBSCRIBEs that wait for the owner. Sessions that have left are
    /// skipped when the answer comes. While it is ready, in ``Broker/yielding``: the subscribers with `x_slow`. `none`: there
    /// are none of either.
    var aside = Topic.none
    var interest = Interest.none
    var traits: Traits
    /// How the topics of publications are matched with its URI.
    let match: MatchPolicy
    let isPattern: Bool

    static var none: UInt32 { .max }

    /// What keeps publications from the short way to the subscribers.
    struct Traits: OptionSet, BitwiseCopyable {
        let rawValue: UInt8
        /// Under the reserved prefix: clients may subscribe, but not publish.
        static let reserved = Traits(rawValue: 1)
        /// There are subscribers with `x_slow`.
        static let yielding = Traits(rawValue: 2)
    }

    struct Waiter: BitwiseCopyable {
        var session: SessionReference
        var request: RequestID
        var slow: SlowPolicy
    }

    init(realm: UInt32, match: MatchPolicy, isReserved: Bool) {
        self.realm = realm
        self.match = match
        traits = isReserved ? .reserved : []
        isPattern = match.isPattern
    }

    /// Whether clients may publish to it, and all its subscribers are in `subscribers`.
    @inline(__always)
    var isPlain: Bool { traits.rawValue == 0 }
    var isReserved: Bool { traits.contains(.reserved) }
    /// Whether it has subscribers here; its interest is ready then.
    var hasSubscribers: Bool { !subscribers.isEmpty || traits.contains(.yielding) }
}

/// The subscribers of a topic whose EVENTs are left out while they are behind.
struct YieldingSubscribers: ~Copyable {
    var dropping = Subscribers()
    var keepingLatest = Subscribers()

    var isEmpty: Bool { dropping.isEmpty && keepingLatest.isEmpty }
}

/// That a session is an active subscriber of a topic.
struct Membership: Linked, BitwiseCopyable {
    var topic: UInt32
    /// Where it stands in the topic's subscribers of its policy.
    var position: UInt32
    var slow: SlowPolicy
    var links = Links()
}

/// A shard's part of the broker.
struct Broker: ~Copyable {
    var topics: URIMap<Topic>
    /// From patterns to `topics`.
    var patterns: PatternIndex
    /// The patterns that the topic of a publication matches: of one PUBLISH, and kept for the next.
    var matches = FlatList<UInt32>()
    /// For each topic whose `interest` is wanted.
    var waiting = Pool<FlatList<Topic.Waiter>>()
    /// For each topic that has subscribers with `x_slow`.
    var yielding = Pool<YieldingSubscribers>()
    /// From subscription ids to `topics`.
    var bindings = RouterScopeBindings<SubscriptionID>()
    /// Each is in the list of its session.
    var memberships = Pool<Membership>()
    /// From (session slot, topic) to `memberships`.
    var membershipIndex: PairTable

    init(hash: ByteHash, limits: RouterLimits) {
        topics = URIMap(hash: hash)
        patterns = PatternIndex(hash: hash, maximumComponents: limits.wildcardComponents)
        membershipIndex = PairTable(seed: hash.seed)
    }

    var isEmpty: Bool {
        topics.isEmpty && waiting.isEmpty && yielding.isEmpty && patterns.isEmpty && bindings.isEmpty
            && memberships.isEmpty && membershipIndex.isEmpty
    }

    /// The topic or pattern of this URI, which is made when it is new.
    mutating func intern(_ realm: UInt32, _ match: MatchPolicy, _ uri: Span<UInt8>) -> Int {
        let space = URISpace.of(realm, match)
        if let known = topics.find(space, uri) { return known }
        let isReserved = URIRules.isReserved(uri)
        let topic = topics.insert(space, uri, Topic(realm: realm, match: match, isReserved: isReserved))
        guard match.isPattern else { return topic }
        topics[topic].node = patterns.insert(realm, match, uri, topic)
        return topic
    }

    /// Lists the patterns that the topic of a publication matches in ``matches``.
    mutating func match(_ realm: UInt32, _ topic: Span<UInt8>) {
        matches.removeAll(keepingCapacity: true)
        patterns.collect(realm, topic, into: &matches)
    }

    /// Notes the id of a topic's subscription, if it is not known yet.
    mutating func bind(_ topic: Int, to subscription: SubscriptionID) {
        guard topics[topic].subscription != subscription else { return }
        precondition(topics[topic].subscription == .none)
        topics[topic].subscription = subscription
        bindings.bind(subscription, to: topic)
    }

    /// Forgets what is not needed any more of a topic: its id, then the topic itself.
    mutating func release(_ topic: Int) {
        guard topics[topic].remote == 0, topics[topic].interest != .ready else { return }
        if topics[topic].subscription != .none {
            bindings.unbind(topics[topic].subscription)
            topics[topic].subscription = .none
        }
        guard topics[topic].interest == .none else { return }
        if topics[topic].isPattern {
            patterns.remove(topics[topic].realm, topics[topic].match, node: topics[topic].node)
        }
        topics.remove(topic)
    }
}
