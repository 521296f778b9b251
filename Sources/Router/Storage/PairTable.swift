import RennbahnBytes

/// A hash table from (owner, id) to a pool's index, where the owner is a session or a shard and the id is the number of
/// a request, a topic or an invocation of it.
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
    private let secret: UInt64
    private(set) var count = 0

    init(seed: UInt64, capacity: Int = 16) {
        precondition(capacity > 0 && capacity & (capacity - 1) == 0)
        self.seed = seed
        secret = ByteHash.fold(seed ^ 0xa076_1d64_78bd_642f, 0xe703_7ed1_a0b4_28db)
        mask = capacity - 1
        unsafe entries = PairTable.allocate(capacity)
    }

    deinit {
        unsafe entries.deallocate()
    }

    var isEmpty: Bool { count == 0 }

    /// Octets of a pair at most: the table is at least a quarter full when it has grown.
    static var octetsOfPair: Int { 4 * MemoryLayout<Entry>.stride }

    /// Octets of the table, whether it is filled or not.
    var capacityOctets: Int { (mask + 1) * MemoryLayout<Entry>.stride }

    private static func allocate(_ capacity: Int) -> UnsafeMutablePointer<Entry> {
        // Aligned, so that four entries are a cache line.
        let entries = unsafe UnsafeMutableRawPointer.allocate(
            byteCount: capacity * MemoryLayout<Entry>.stride, alignment: 64
        ).bindMemory(to: Entry.self, capacity: capacity)
        unsafe entries.initialize(repeating: Entry(id: 0, owner: 0, value: empty), count: capacity)
        return unsafe entries
    }

    @inline(__always)
    private func home(_ owner: UInt32, _ id: UInt64) -> Int {
        // Ids of one owner are consecutive, and many owners have the same ones. Four in a row share a cache line; each
        // such group is folded with odd factors, so that neither ids nor owners make longer runs of entries.
        let group = ByteHash.fold(id >> 2 ^ seed, UInt64(owner) ^ secret)
        return Int(truncatingIfNeeded: group) & mask & ~3 | Int(truncatingIfNeeded: id & 3)
    }

    /// Where the pair is, or the free entry where it belongs.
    @inline(__always)
    private func locate(_ owner: UInt32, _ id: UInt64) -> Int {
        var index = home(owner, id)
        while true {
            let entry = unsafe entries + index
            if unsafe entry.pointee.value == PairTable.empty { return index }
            if unsafe entry.pointee.id == id && entry.pointee.owner == owner { return index }
            index = (index &+ 1) & mask
        }
    }

    /// The place where a pair belongs that is not in the table, for ``fill(_:_:_:_:)``; nil where it is.
    @inline(__always)
    mutating func vacancy(_ owner: UInt32, _ id: UInt64) -> Int? {
        if count &* 2 > mask { grow() }
        let index = locate(owner, id)
        return unsafe entries[index].value == PairTable.empty ? index : nil
    }

    /// Adds a pair at its vacancy; the table has not changed since that was found.
    @inline(__always)
    mutating func fill(_ vacancy: Int, _ owner: UInt32, _ id: UInt64, _ value: Int) {
        precondition(vacancy >= 0 && vacancy <= mask)
        unsafe entries[vacancy] = Entry(id: id, owner: owner, value: UInt32(truncatingIfNeeded: value))
        count &+= 1
    }

    @inline(__always)
    func find(_ owner: UInt32, _ id: UInt64) -> Int? {
        let value = unsafe entries[locate(owner, id)].value
        return value == PairTable.empty ? nil : Int(value)
    }

    /// Adds a pair that is not in the table.
    @inline(__always)
    mutating func insert(_ owner: UInt32, _ id: UInt64, _ value: Int) {
        guard let vacancy = vacancy(owner, id) else { preconditionFailure("pair is in the table") }
        fill(vacancy, owner, id, value)
    }

    @inline(never)
    private mutating func grow() {
        resize(to: (mask + 1) * 2)
    }

    /// Gives memory back that pairs took which are gone.
    mutating func compact() {
        var wanted = 16
        while wanted <= count * 2 { wanted *= 2 }
        if wanted * 4 <= mask + 1 { resize(to: wanted) }
    }

    private mutating func resize(to capacity: Int) {
        let old = unsafe entries
        let oldCapacity = mask + 1
        mask = capacity - 1
        unsafe entries = PairTable.allocate(capacity)
        for index in 0..<oldCapacity {
            let entry = unsafe old[index]
            guard entry.value != PairTable.empty else { continue }
            unsafe entries[locate(entry.owner, entry.id)] = entry
        }
        unsafe old.deallocate()
    }

    /// Removes the pair and returns its value, or nil when it is not in the table.
    @discardableResult
    @inline(__always)
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
