import Bytes

/// Interned URIs: a hash table from (space, URI) to an index that stays the same until the URI is removed, with a
/// record for each.
///
/// Open addressing over eight-byte buckets. A URI is hashed once per message (seeded: peers choose the URIs) and
/// compared word by word.
@safe
struct URIMap<Record: ~Copyable>: ~Copyable {
    private struct Name: ~Copyable {
        let uri: ByteBuffer
        let space: UInt32
        let hash: UInt32

        func equals(_ space: UInt32, _ uri: Span<UInt8>) -> Bool {
            self.space == space && self.uri.span.equals(uri)
        }
    }

    private struct Bucket: BitwiseCopyable {
        var hash: UInt32
        /// `empty` where the bucket is free.
        var index: UInt32
    }

    private static var empty: UInt32 { .max }

    private var names = Pool<Name>()
    /// In step with `names`, so that both give the same index to a URI.
    private var records = Pool<Record>()
    private var buckets: UnsafeMutablePointer<Bucket>
    /// The number of buckets, a power of two, less one.
    private var mask: Int
    private let hash: ByteHash

    init(hash: ByteHash) {
        self.hash = hash
        mask = 31
        unsafe buckets = URIMap.allocate(32)
    }

    deinit {
        unsafe buckets.deallocate()
    }

    var count: Int { names.count }
    var isEmpty: Bool { names.isEmpty }
    /// One past the largest index ever used: the bound for a walk with ``contains(_:)``.
    var usedSlots: Int { names.usedSlots }

    func contains(_ index: Int) -> Bool { names.contains(index) }

    private static func allocate(_ capacity: Int) -> UnsafeMutablePointer<Bucket> {
        let buckets = UnsafeMutablePointer<Bucket>.allocate(capacity: capacity)
        unsafe buckets.initialize(repeating: Bucket(hash: 0, index: empty), count: capacity)
        return unsafe buckets
    }

    private func hashed(_ space: UInt32, _ uri: Span<UInt8>) -> UInt32 {
        let wide = hash(uri) ^ (UInt64(space) &* 0x9e37_79b9_7f4a_7c15)
        return UInt32(truncatingIfNeeded: wide ^ wide >> 32)
    }

    func find(_ space: UInt32, _ uri: Span<UInt8>) -> Int? {
        let hash = hashed(space, uri)
        var position = Int(hash) & mask
        while true {
            let bucket = unsafe buckets[position]
            if bucket.index == URIMap.empty { return nil }
            if bucket.hash == hash, names[bucket.index].equals(space, uri) { return Int(bucket.index) }
            position = (position &+ 1) & mask
        }
    }

    /// Adds a URI that is not in the map.
    mutating func insert(_ space: UInt32, _ uri: Span<UInt8>, _ record: consuming Record) -> Int {
        if names.count &* 2 > mask { grow() }
        let hash = hashed(space, uri)
        var bytes = ByteBuffer(capacity: uri.count)
        bytes.append(uri)
        let index = names.insert(Name(uri: bytes, space: space, hash: hash))
        let recordIndex = records.insert(record)
        precondition(index == recordIndex)
        place(Bucket(hash: hash, index: UInt32(truncatingIfNeeded: index)))
        return index
    }

    private func place(_ bucket: Bucket) {
        var position = Int(bucket.hash) & mask
        while unsafe buckets[position].index != URIMap.empty { position = (position &+ 1) & mask }
        unsafe buckets[position] = bucket
    }

    private mutating func grow() {
        let old = unsafe buckets
        let oldCapacity = mask + 1
        mask = oldCapacity * 2 - 1
        unsafe buckets = URIMap.allocate(oldCapacity * 2)
        for position in 0..<oldCapacity {
            let bucket = unsafe old[position]
            if bucket.index != URIMap.empty { place(bucket) }
        }
        unsafe old.deallocate()
    }

    mutating func remove(_ index: Int) {
        var hole = Int(names[index].hash) & mask
        while unsafe buckets[hole].index != UInt32(truncatingIfNeeded: index) { hole = (hole &+ 1) & mask }
        var position = hole
        while true {
            position = (position &+ 1) & mask
            let bucket = unsafe buckets[position]
            if bucket.index == URIMap.empty { break }
            // A bucket may fill the hole unless its home lies behind the hole.
            if (position &- Int(bucket.hash)) & mask >= (position &- hole) & mask {
                unsafe buckets[hole] = bucket
                hole = position
            }
        }
        unsafe buckets[hole].index = URIMap.empty
        names.remove(index)
        records.remove(index)
    }

    /// The record of an interned URI. An access must end before the next insertion.
    subscript(index: Int) -> Record {
        unsafeAddress { unsafe UnsafePointer(records.pointer(to: index)) }
        nonmutating unsafeMutableAddress { unsafe records.pointer(to: index) }
    }
}
