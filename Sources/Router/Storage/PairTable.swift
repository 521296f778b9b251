import Bytes

/// A hash table from (owner, id) to a pool's index, where the owner is a session or a shard and the id is a request,
/// a topic or an invocation of it.
///
/// Open addressing with linear probing; removal shifts back, so there are no tombstones and the table does not decay
/// under the steady insertion and removal of calls. Clients choose some of the ids, so the hash is seeded.
@safe
struct PairTable: ~Copyable {
    private struct Entry: BitwiseCopyable {
        var id: UInt64
        var owner: UInt32
        /// `empty` where the entry is free.
        var value: UInt32
    }

    private static let empty = UInt32.max

    private var entries: UnsafeMutablePointer<Entry>
    /// The capacity, a power of two, less one.
    private var mask: Int
    private let seed: UInt64
    private(set) var count = 0

    init(seed: UInt64, capacity: Int = 16) {
        precondition(capacity > 0 && capacity & (capacity - 1) == 0)
        self.seed = seed
        mask = capacity - 1
        unsafe entries = PairTable.allocate(capacity)
    }

    deinit {
        unsafe entries.deallocate()
    }

    var isEmpty: Bool { count == 0 }

    private static func allocate(_ capacity: Int) -> UnsafeMutablePointer<Entry> {
        // Aligned, so that four entries are a cache line.
        let entries = unsafe UnsafeMutableRawPointer.allocate(
            byteCount: capacity * MemoryLayout<Entry>.stride, alignment: 64
        ).bindMemory(to: Entry.self, capacity: capacity)
        unsafe entries.initialize(repeating: Entry(id: 0, owner: 0, value: empty), count: capacity)
        return unsafe entries
    }

    private func home(_ owner: UInt32, _ id: UInt64) -> Int {
        // Ids of one owner are consecutive, and many owners have the same ones. Four in a row share a cache line; each
        // such group is folded with odd factors, so that neither ids nor owners make longer runs of entries.
        let group = ByteHash.fold(
            ByteHash.fold(id >> 2 ^ seed, 0xa076_1d64_78bd_642f) ^ UInt64(owner), 0xe703_7ed1_a0b4_28db)
        return Int(truncatingIfNeeded: group) & mask & ~3 | Int(truncatingIfNeeded: id & 3)
    }

    /// Where the pair is, or the free entry where it belongs.
    private func locate(_ owner: UInt32, _ id: UInt64) -> Int {
        var index = home(owner, id)
        while true {
            let entry = unsafe entries[index]
            if entry.value == PairTable.empty || (entry.id == id && entry.owner == owner) { return index }
            index = (index &+ 1) & mask
        }
    }

    func find(_ owner: UInt32, _ id: UInt64) -> Int? {
        let value = unsafe entries[locate(owner, id)].value
        return value == PairTable.empty ? nil : Int(value)
    }

    /// Adds a pair that is not in the table.
    mutating func insert(_ owner: UInt32, _ id: UInt64, _ value: Int) {
        if count &* 2 > mask { grow() }
        let index = locate(owner, id)
        precondition(unsafe entries[index].value == PairTable.empty, "pair is in the table")
        unsafe entries[index] = Entry(id: id, owner: owner, value: UInt32(truncatingIfNeeded: value))
        count &+= 1
    }

    private mutating func grow() {
        let old = unsafe entries
        let oldCapacity = mask + 1
        mask = oldCapacity * 2 - 1
        unsafe entries = PairTable.allocate(oldCapacity * 2)
        for index in 0..<oldCapacity {
            let entry = unsafe old[index]
            guard entry.value != PairTable.empty else { continue }
            unsafe entries[locate(entry.owner, entry.id)] = entry
        }
        unsafe old.deallocate()
    }

    /// Removes the pair and returns its value, or nil when it is not in the table.
    @discardableResult
    mutating func remove(_ owner: UInt32, _ id: UInt64) -> Int? {
        var hole = locate(owner, id)
        let value = unsafe entries[hole].value
        guard value != PairTable.empty else { return nil }
        var index = hole
        while true {
            index = (index &+ 1) & mask
            let entry = unsafe entries[index]
            if entry.value == PairTable.empty { break }
            // An entry may fill the hole unless its home lies behind the hole.
            if (index &- home(entry.owner, entry.id)) & mask >= (index &- hole) & mask {
                unsafe entries[hole] = entry
                hole = index
            }
        }
        unsafe entries[hole].value = PairTable.empty
        count &-= 1
        return Int(value)
    }
}
