import RennbahnBytes

/// Interned URIs: a hash table from (space, URI) to an index that stays the same until the URI is removed, with a
/// record for each.
///
/// Made for tables that are larger than the caches: a lookup that finds something waits for memory twice, once for the
/// bucket and once for the entry, whose first line has the URI and whose next line has the record.
///
/// ```
/// buckets   │ hash, index │ hash, index │ …          eight bytes each, half of them free; open addressing
///                    │
/// entries   │ key: link, space, hash, count, URI (48 bytes, or where a longer one is) │ record │ …
///           0                                                                        64
/// ```
/// A URI is hashed once per message (seeded: peers choose the URIs) and compared sixteen bytes at a time.
@safe
struct URIMap<Record: ~Copyable>: ~Copyable {
    private struct Bucket: BitwiseCopyable {
        var hash: UInt32
        /// `none` where the bucket is free.
        var index: UInt32
    }

    private var buckets: UnsafeMutablePointer<Bucket>
    /// The number of buckets, a power of two, less one.
    private var mask: Int
    private var entries: URIEntries<Record>
    private let hash: ByteHash

    init(hash: ByteHash) {
        self.hash = hash
        mask = 31
        unsafe buckets = URIMap.allocate(32)
        entries = URIEntries(capacity: 8)
    }

    deinit {
        unsafe buckets.deallocate()
    }

    var count: Int { entries.count }
    var isEmpty: Bool { entries.count == 0 }
    /// One past the largest index ever used: the bound for a walk with ``contains(_:)``.
    var usedSlots: Int { entries.usedSlots }

    func contains(_ index: Int) -> Bool { entries.contains(index) }

    /// Octets of a URI of so many bytes with its record, at most: entries are doubled when they are full, and at least a quarter
    /// of the buckets is taken when they have grown.
    static func octets(ofURI count: Int) -> Int {
        2 * URIEntries<Record>.stride + 4 * MemoryLayout<Bucket>.stride + URIEntries<Record>.octetsOutside(count)
    }

    /// As ``octets(ofURI:)``, of all URIs together.
    var octets: Int { entries.count * URIMap.octets(ofURI: 0) + entries.outside }

    /// Octets of the tables, whether they are filled or not.
    var capacityOctets: Int {
        entries.capacity * URIEntries<Record>.stride + (mask + 1) * MemoryLayout<Bucket>.stride + entries.outside
    }

    private static func allocate(_ capacity: Int) -> UnsafeMutablePointer<Bucket> {
        let buckets = unsafe UnsafeMutableRawPointer.allocate(
            byteCount: capacity * MemoryLayout<Bucket>.stride, alignment: 64
        ).bindMemory(to: Bucket.self, capacity: capacity)
        unsafe buckets.initialize(repeating: Bucket(hash: 0, index: .max), count: capacity)
        return unsafe buckets
    }

    @inline(__always)
    private static func mixed(_ space: UInt32, _ hash: UInt64) -> UInt32 {
        let wide = hash ^ (UInt64(space) &* 0x9e37_79b9_7f4a_7c15)
        return UInt32(truncatingIfNeeded: wide ^ wide >> 32)
    }

    /// The hash that ``find(_:_:hash:)`` wants.
    @inline(__always)
    func hash(of uri: Span<UInt8>) -> UInt64 { hash(uri) }

    @inline(__always)
    func find(_ space: UInt32, _ uri: Span<UInt8>) -> Int? {
        find(space, uri, hash: hash(uri))
    }

    /// As ``find(_:_:)``, for whoever looks for the URI in several spaces, or has its own hash.
    @inline(__always)
    func find(_ space: UInt32, _ uri: Span<UInt8>, hash: UInt64) -> Int? {
        let hash = URIMap.mixed(space, hash)
        var position = Int(hash) & mask
        while true {
            let bucket = unsafe buckets[position]
            if bucket.index == .max { return nil }
            if bucket.hash == hash, entries.equals(bucket.index, space, uri) { return Int(bucket.index) }
            position = (position &+ 1) & mask
        }
    }

    /// As ``find(_:_:)``, after a look at an index that is likely to be the one: no hash, no bucket where it is.
    @inline(__always)
    func find(_ space: UInt32, _ uri: Span<UInt8>, likely index: UInt32) -> Int? {
        if entries.contains(Int(index)), entries.equals(index, space, uri) { return Int(index) }
        return find(space, uri)
    }

    /// Adds a URI that is not in the map.
    mutating func insert(_ space: UInt32, _ uri: Span<UInt8>, _ record: consuming Record) -> Int {
        insert(space, uri, hash: hash(uri), record)
    }

    mutating func insert(_ space: UInt32, _ uri: Span<UInt8>, hash: UInt64, _ record: consuming Record) -> Int {
        if entries.count &* 2 > mask { grow() }
        let hash = URIMap.mixed(space, hash)
        let index = entries.insert(space, hash, uri, record)
        place(Bucket(hash: hash, index: index))
        return Int(index)
    }

    private func place(_ bucket: Bucket) {
        var position = Int(bucket.hash) & mask
        while unsafe buckets[position].index != .max { position = (position &+ 1) & mask }
        unsafe buckets[position] = bucket
    }

    private mutating func grow() {
        resize(to: (mask + 1) * 2)
    }

    /// Gives memory back that URIs took which are gone. The others keep their indices.
    mutating func compact() {
        entries.compact()
        var wanted = 32
        while wanted <= entries.count * 2 { wanted *= 2 }
        if wanted * 4 <= mask + 1 { resize(to: wanted) }
    }

    private mutating func resize(to capacity: Int) {
        let old = unsafe buckets
        let oldCapacity = mask + 1
        mask = capacity - 1
        unsafe buckets = URIMap.allocate(capacity)
        for position in 0..<oldCapacity {
            let bucket = unsafe old[position]
            if bucket.index != .max { place(bucket) }
        }
        unsafe old.deallocate()
    }

    mutating func remove(_ index: Int) {
        var hole = Int(entries.key(index).hash) & mask
        while unsafe buckets[hole].index != UInt32(truncatingIfNeeded: index) { hole = (hole &+ 1) & mask }
        var position = hole
        while true {
            position = (position &+ 1) & mask
            let bucket = unsafe buckets[position]
            if bucket.index == .max { break }
            // A bucket may fill the hole unless its home lies behind the hole.
            if (position &- Int(bucket.hash)) & mask >= (position &- hole) & mask {
                unsafe buckets[hole] = bucket
                hole = position
            }
        }
        unsafe buckets[hole].index = .max
        entries.remove(index)
    }

    /// The space of an interned URI.
    func space(_ index: Int) -> UInt32 { entries.key(index).space }

    /// A copy of an interned URI; for control paths.
    func uri(_ index: Int) -> [UInt8] { entries.uri(index) }

    /// How many bytes an interned URI has.
    func byteCount(_ index: Int) -> Int { Int(entries.key(index).count) }

    /// The record of an interned URI. An access must end before the next insertion.
    subscript(index: Int) -> Record {
        @inline(__always)
        unsafeAddress { unsafe UnsafePointer(entries.record(index)) }
        @inline(__always)
        nonmutating unsafeMutableAddress { unsafe entries.record(index) }
    }
}
