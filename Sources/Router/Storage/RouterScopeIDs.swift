import RennbahnBytes

/// Numbers subscriptions or registrations: ids of router scope, which the specification leaves to the router.
///
/// ```
/// id - 1:   52             32 31            0
///          ┌─────────────────┬───────────────┐
///          │ generation      │ slot          │     1 … 2^53
///          └─────────────────┴───────────────┘
/// ```
/// The slot is dense, so that every shard finds what an id means in a flat array; the generation tells it from
/// earlier users of the slot. Small numbers come first, since they are written into every EVENT.
struct RouterScopeIDs: ~Copyable {
    private static let slotBits: UInt64 = 32
    private static let generationMask: UInt64 = 1 << 21 - 1

    /// Per slot: the id that it had last.
    private var ids = FlatList<UInt64>()
    private var free = FlatList<UInt32>()

    /// The slot of any id, also of one that a client made up.
    static func slot(_ id: UInt64) -> Int {
        Int(truncatingIfNeeded: (id &- 1) & (1 << slotBits - 1))
    }

    /// How many ids are in use.
    var count: Int { ids.count - free.count }

    mutating func allocate() -> UInt64 {
        if !free.isEmpty {
            let slot = Int(free[free.count - 1])
            free.swapRemove(at: free.count - 1)
            let generation = ((ids[slot] &- 1) >> RouterScopeIDs.slotBits &+ 1) & RouterScopeIDs.generationMask
            ids[slot] = (generation << RouterScopeIDs.slotBits | UInt64(slot)) &+ 1
            return ids[slot]
        }
        let id = UInt64(ids.count) &+ 1
        ids.append(id)
        return id
    }

    mutating func release(_ id: UInt64) {
        precondition(ids[RouterScopeIDs.slot(id)] == id)
        free.append(UInt32(truncatingIfNeeded: RouterScopeIDs.slot(id)))
    }
}

/// What the ids in use mean on one shard: from an id to the index of a topic or procedure.
struct RouterScopeBindings: ~Copyable {
    private struct Binding: BitwiseCopyable {
        /// 0 where nothing is bound.
        var id: UInt64 = 0
        var index: UInt32 = 0
    }

    private var bindings = FlatList<Binding>()
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

    @inline(__always)
    func find(_ id: UInt64) -> Int? {
        let slot = RouterScopeIDs.slot(id)
        guard slot < bindings.count, id != 0 else { return nil }
        let binding = bindings[slot]
        return binding.id == id ? Int(binding.index) : nil
    }

    /// Binds an id whose slot is free: the owner gives a slot out again only when every shard has unbound it.
    mutating func bind(_ id: UInt64, to index: Int) {
        let slot = RouterScopeIDs.slot(id)
        bindings.extend(to: slot + 1, with: Binding())
        precondition(bindings[slot].id == 0, "slot is bound")
        bindings[slot] = Binding(id: id, index: UInt32(truncatingIfNeeded: index))
        count += 1
    }

    mutating func unbind(_ id: UInt64) {
        let slot = RouterScopeIDs.slot(id)
        precondition(bindings[slot].id == id)
        bindings[slot] = Binding()
        count -= 1
    }
}
