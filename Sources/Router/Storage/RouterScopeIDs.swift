import RennbahnBytes
import RennbahnWAMP

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
struct RouterScopeIDs<ID: WAMPID>: ~Copyable {
    private static var slotBits: UInt64 { 32 }
    private static var generationMask: UInt64 { 1 << 21 - 1 }

    /// Per slot: the id that it had last.
    private var ids = FlatList<ID>()
    private var free = FlatList<UInt32>()

    /// The slot of any id, also of one that a client made up.
    static func slot(_ id: ID) -> Int {
        Int(truncatingIfNeeded: (id.value &- 1) & (1 << slotBits - 1))
    }

    /// How many ids are in use.
    var count: Int { ids.count - free.count }

    mutating func allocate() -> ID {
        if !free.isEmpty {
            let slot = Int(free[free.count - 1])
            free.swapRemove(at: free.count - 1)
            let generation = ((ids[slot].value &- 1) >> RouterScopeIDs.slotBits &+ 1) & RouterScopeIDs.generationMask
            ids[slot] = ID((generation << RouterScopeIDs.slotBits | UInt64(slot)) &+ 1)
            return ids[slot]
        }
        let id = ID(UInt64(ids.count) &+ 1)
        ids.append(id)
        return id
    }

    mutating func release(_ id: ID) {
        precondition(ids[RouterScopeIDs<ID>.slot(id)] == id)
        free.append(UInt32(truncatingIfNeeded: RouterScopeIDs<ID>.slot(id)))
    }
}

/// What the ids in use mean on one shard: from an id to the index of a topic or procedure.
struct RouterScopeBindings<ID: WAMPID>: ~Copyable {
    private struct Binding: BitwiseCopyable {
        /// None where nothing is bound.
        var id = ID.none
        var index: UInt32 = 0
    }

    private var bindings = FlatList<Binding>()
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

    @inline(__always)
    func find(_ id: ID) -> Int? {
        let slot = RouterScopeIDs<ID>.slot(id)
        guard slot < bindings.count, id != .none else { return nil }
        let binding = bindings[slot]
        return binding.id == id ? Int(binding.index) : nil
    }

    /// Binds an id whose slot is free: the owner gives a slot out again only when every shard has unbound it.
    mutating func bind(_ id: ID, to index: Int) {
        let slot = RouterScopeIDs<ID>.slot(id)
        bindings.extend(to: slot + 1, with: Binding())
        precondition(bindings[slot].id == .none, "slot is bound")
        bindings[slot] = Binding(id: id, index: UInt32(truncatingIfNeeded: index))
        count += 1
    }

    mutating func unbind(_ id: ID) {
        let slot = RouterScopeIDs<ID>.slot(id)
        precondition(bindings[slot].id == id)
        bindings[slot] = Binding()
        count -= 1
    }
}
