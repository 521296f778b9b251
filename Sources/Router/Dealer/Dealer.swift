import RennbahnBytes
import RennbahnWAMP

/// A procedure, or a pattern of procedures, that somebody has registered, as every shard knows it.
struct Procedure: BitwiseCopyable {
    var registration: RegistrationID
    /// The shard of the callee.
    var home: UInt16
    /// How the procedures of calls are matched with its URI.
    var match: MatchPolicy
    /// In `Dealer.held` at the home.
    var held: UInt32 = .max
    var realm: UInt32
    /// Of a pattern: where it is in ``Dealer/patterns``.
    var node = PatternIndex.none
}

/// A registration at its home.
struct HeldRegistration: Linked, BitwiseCopyable {
    var procedure: UInt32
    /// The slot of the callee, in whose session's list this is.
    var callee: UInt32
    /// The REGISTER that is to be answered with REGISTERED; none once it was.
    var request: RequestID
    var links = Links()
}

/// A call at the caller's shard, from CALL to the answer.
struct Call: Linked, BitwiseCopyable {
    /// The slot of the caller, in whose session's list this is.
    var caller: UInt32
    /// Tells the call from others that had the same slot.
    var generation: UInt32
    /// The CALL's id.
    var request: RequestID
    /// The callee's shard.
    var home: UInt16
    var links = Links()
}

/// A call at the callee's shard, from INVOCATION to YIELD or ERROR, or until nobody waits for them any more.
struct Invocation: Linked, BitwiseCopyable {
    /// The slot of the callee, in whose session's list this is.
    var callee: UInt32
    /// The INVOCATION's id.
    var request: RequestID
    var call: CallReference
    var links = Links()
}

/// A shard's part of the dealer.
struct Dealer: ~Copyable {
    /// Every registration of the router, by procedure.
    var procedures: URIMap<Procedure>
    /// From patterns to `procedures`.
    private(set) var patterns: PatternIndex
    /// For ``resolve(_:_:)`` to work in.
    private var matches = FlatList<UInt32>()
    /// From registration ids to `procedures`.
    var bindings = RouterScopeBindings<RegistrationID>()
    /// The registrations of this shard's sessions.
    var held = Pool<HeldRegistration>()

    var calls = Pool<Call>()
    /// From (caller's slot, CALL id) to `calls`.
    var callIndex: PairTable
    /// Calls that found a callee; the lower half of the number of each is its generation.
    var callsMade: UInt64 = 0

    var invocations = Pool<Invocation>()
    /// From (callee's slot, INVOCATION id) to `invocations`.
    var invocationIndex: PairTable
    /// From (caller's shard, slot of the call) to `invocations`.
    var callToInvocation: CallSlots

    init(hash: ByteHash, shards: Int, limits: RouterLimits) {
        procedures = URIMap(hash: hash)
        patterns = PatternIndex(hash: hash, maximumComponents: limits.wildcardComponents)
        callIndex = PairTable(seed: hash.seed)
        invocationIndex = PairTable(seed: hash.seed)
        callToInvocation = CallSlots(shards: shards)
    }

    var isEmpty: Bool {
        procedures.isEmpty && patterns.isEmpty && bindings.isEmpty && held.isEmpty && calls.isEmpty && callIndex.isEmpty
            && invocations.isEmpty && invocationIndex.isEmpty && callToInvocation.isEmpty
    }

    /// Adds a registration that is not there.
    mutating func insert(_ uri: Span<UInt8>, _ procedure: Procedure) -> Int {
        let space = URISpace.of(procedure.realm, procedure.match)
        let index = procedures.insert(space, uri, procedure)
        if procedure.match.isPattern {
            procedures[index].node = patterns.insert(procedure.realm, procedure.match, uri, index)
        }
        bindings.bind(procedure.registration, to: index)
        return index
    }

    mutating func remove(_ index: Int) {
        let procedure = procedures[index]
        if procedure.match.isPattern { patterns.remove(procedure.realm, procedure.match, node: procedure.node) }
        bindings.unbind(procedure.registration)
        procedures.remove(index)
    }

    /// The pattern that is called where nobody has registered the procedure itself.
    ///
    /// Procedures under the reserved prefix are the router's: no pattern of a client answers for them.
    mutating func resolve(_ realm: UInt32, _ procedure: Span<UInt8>) -> Int? {
        guard patterns.hasPatterns(realm), !URIRules.isReserved(procedure) else { return nil }
        return patterns.best(realm, procedure, scratch: &matches)
    }

    /// Gives memory back that patterns took which are gone.
    mutating func compactPatterns() { patterns.compact() }

    /// Where a call is, unless it has ended.
    @inline(__always)
    func find(_ call: CallReference) -> Int? {
        let slot = Int(call.slot)
        return calls.contains(slot) && calls[slot].generation == call.generation ? slot : nil
    }
}

/// Finds the invocation of a call: for every shard a flat array by the slot of the call, since the slots are dense.
struct CallSlots: ~Copyable {
    private var shards = Pool<FlatList<UInt32>>()
    private(set) var count = 0

    init(shards: Int) {
        for _ in 0..<shards { _ = self.shards.insert(FlatList()) }
    }

    var isEmpty: Bool { count == 0 }

    func find(_ call: CallReference) -> Int? {
        let shard = Int(call.shard)
        guard call.slot < shards[shard].count else { return nil }
        let value = shards[shard][Int(call.slot)]
        return value == .max ? nil : Int(value)
    }

    @inline(__always)
    mutating func set(_ call: CallReference, to invocation: Int) {
        let shard = Int(call.shard)
        if call.slot >= shards[shard].count { shards[shard].extend(to: Int(call.slot) + 1, with: .max) }
        precondition(shards[shard][Int(call.slot)] == .max, "the slot has an invocation")
        shards[shard][Int(call.slot)] = UInt32(truncatingIfNeeded: invocation)
        count &+= 1
    }

    @inline(__always)
    mutating func clear(_ call: CallReference) {
        shards[Int(call.shard)][Int(call.slot)] = .max
        count &-= 1
    }
}
