import RennbahnBytes

/// What stands in front of the record of an interned URI: a cache line, with the URI itself unless it is long.
struct URIKey: BitwiseCopyable {
    /// A URI of so many bytes, or fewer, stands in `words`; the address of a longer one does.
    static let inlineBytes = 48
    static let size = 64

    /// ``URIEntries/occupied``, or the next free entry, or `none` at the end of the free list.
    var link: UInt32
    var space: UInt32
    var hash: UInt32
    var count: UInt32
    var words: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0, 0)
}

/// The entries of a ``URIMap``: keys, each with its record behind it, named by small integers that are used again, the
/// last freed first. Grown by doubling, so entries move when one is inserted.
@safe
struct URIEntries<Record: ~Copyable>: ~Copyable {
    private static var none: UInt32 { .max }
    private static var occupied: UInt32 { .max - 1 }
    /// Keys begin where cache lines do when the record fills lines, too.
    static var stride: Int { URIKey.size + (MemoryLayout<Record>.size + 7) & ~7 }

    private var storage: UnsafeMutableRawPointer
    private(set) var capacity: Int
    /// Octets of the URIs that are too long for their keys.
    private(set) var outside = 0
    /// Entries at or above this one were never used.
    private var highWater = 0
    private var firstFree: UInt32 = .max
    private(set) var count = 0

    init(capacity: Int) {
        precondition(MemoryLayout<URIKey>.size == URIKey.size && MemoryLayout<Record>.alignment <= 8)
        self.capacity = capacity
        unsafe storage = URIEntries.allocate(capacity)
    }

    deinit {
        for index in 0..<highWater where contains(index) { unsafe destroy(index) }
        unsafe storage.deallocate()
    }

    private static func allocate(_ capacity: Int) -> UnsafeMutableRawPointer {
        .allocate(byteCount: capacity * stride, alignment: 64)
    }

    var usedSlots: Int { highWater }

    /// Octets that a URI of so many bytes takes outside of its key, with what the allocator needs.
    static func octetsOutside(_ count: Int) -> Int {
        count <= URIKey.inlineBytes ? 0 : (count + 31) & ~15
    }

    @inline(__always)
    private func address(_ index: Int) -> UnsafeMutablePointer<URIKey> {
        unsafe (storage + index &* URIEntries.stride).assumingMemoryBound(to: URIKey.self)
    }

    @inline(__always)
    func contains(_ index: Int) -> Bool {
        unsafe index >= 0 && index < highWater && address(index).pointee.link == URIEntries.occupied
    }

    @inline(__always)
    func key(_ index: Int) -> URIKey {
        precondition(contains(index), "entry is free")
        return unsafe address(index).pointee
    }

    /// The address of the record of an occupied entry, until the next insertion.
    @inline(__always)
    @unsafe
    func record(_ index: Int) -> UnsafeMutablePointer<Record> {
        precondition(contains(index), "entry is free")
        return unsafe (storage + (index &* URIEntries.stride &+ URIKey.size)).assumingMemoryBound(to: Record.self)
    }

    /// Where the bytes of an entry's URI are.
    @inline(__always)
    @unsafe
    private func bytes(_ key: UnsafeMutablePointer<URIKey>) -> UnsafeRawPointer {
        let inside = unsafe UnsafeRawPointer(key) + (URIKey.size - URIKey.inlineBytes)
        if unsafe Int(key.pointee.count) <= URIKey.inlineBytes { return unsafe inside }
        return unsafe inside.load(as: UnsafeRawPointer.self)
    }

    /// A copy of the URI of an occupied entry; for control paths.
    func uri(_ index: Int) -> [UInt8] {
        precondition(contains(index), "entry is free")
        let key = unsafe address(index)
        let start = unsafe bytes(key)
        let count = unsafe Int(key.pointee.count)
        return unsafe Array(UnsafeRawBufferPointer(start: start, count: count))
    }

    /// Whether an occupied entry is of this URI.
    @inline(__always)
    func equals(_ index: UInt32, _ space: UInt32, _ uri: Span<UInt8>) -> Bool {
        let key = unsafe address(Int(index))
        guard unsafe key.pointee.space == space, unsafe Int(key.pointee.count) == uri.count else { return false }
        let stored = unsafe bytes(key)
        return unsafe uri.withUnsafeBytes { unsafe URIEntries.equal($0, stored) }
    }

    /// Whether `bytes` stand at `other`, too. Sixteen at a time; the last step goes back to take in full words.
    @inline(__always)
    private static func equal(_ bytes: UnsafeRawBufferPointer, _ other: UnsafeRawPointer) -> Bool {
        let count = bytes.count
        guard count >= 8 else {
            for offset in 0..<count where unsafe bytes[offset] != octet(other, offset) { return false }
            return true
        }
        let start = unsafe bytes.baseAddress.unsafelyUnwrapped
        var offset = 0
        while offset &+ 16 < count {
            let different = unsafe difference(start, other, offset) | difference(start, other, offset &+ 8)
            if different != 0 { return false }
            offset &+= 16
        }
        if offset &+ 8 < count, unsafe difference(start, other, offset) != 0 { return false }
        return unsafe difference(start, other, count &- 8) == 0
    }

    @inline(__always)
    private static func octet(_ place: UnsafeRawPointer, _ offset: Int) -> UInt8 {
        unsafe place.load(fromByteOffset: offset, as: UInt8.self)
    }

    @inline(__always)
    private static func difference(_ one: UnsafeRawPointer, _ other: UnsafeRawPointer, _ offset: Int) -> UInt64 {
        unsafe (one + offset).loadUnaligned(as: UInt64.self) ^ (other + offset).loadUnaligned(as: UInt64.self)
    }

    mutating func insert(_ space: UInt32, _ hash: UInt32, _ uri: Span<UInt8>, _ record: consuming Record) -> UInt32 {
        let index: UInt32
        if firstFree != URIEntries.none {
            index = firstFree
            unsafe firstFree = address(Int(index)).pointee.link
        } else {
            if highWater == capacity { grow() }
            index = UInt32(truncatingIfNeeded: highWater)
            highWater += 1
        }
        count += 1
        outside += URIEntries.octetsOutside(uri.count)
        let key = unsafe address(Int(index))
        unsafe key.initialize(
            to: URIKey(link: URIEntries.occupied, space: space, hash: hash, count: UInt32(uri.count)))
        unsafe UnsafeMutableRawPointer(mutating: place(for: key)).copyMemory(from: uri)
        unsafe self.record(Int(index)).initialize(to: record)
        return index
    }

    /// Where the bytes of a new entry's URI go.
    @unsafe
    private func place(for key: UnsafeMutablePointer<URIKey>) -> UnsafeRawPointer {
        let count = unsafe Int(key.pointee.count)
        if count > URIKey.inlineBytes {
            let outside = UnsafeMutableRawPointer.allocate(byteCount: count, alignment: 8)
            unsafe key.pointee.words.0 = UInt64(UInt(bitPattern: outside))
        }
        return unsafe bytes(key)
    }

    private mutating func grow() {
        let wanted = capacity * 2
        precondition(wanted < Int(URIEntries.occupied))
        let old = unsafe storage
        unsafe storage = URIEntries.allocate(wanted)
        // Grown only when every entry is occupied.
        for index in 0..<capacity {
            let offset = index * URIEntries.stride
            unsafe (storage + offset).copyMemory(from: old + offset, byteCount: URIKey.size)
            unsafe (storage + (offset + URIKey.size)).assumingMemoryBound(to: Record.self)
                .moveInitialize(from: (old + (offset + URIKey.size)).assumingMemoryBound(to: Record.self), count: 1)
        }
        unsafe old.deallocate()
        capacity = wanted
    }

    mutating func remove(_ index: Int) {
        precondition(contains(index), "entry is free")
        outside -= unsafe URIEntries.octetsOutside(Int(address(index).pointee.count))
        unsafe destroy(index)
        unsafe address(index).pointee.link = firstFree
        firstFree = UInt32(truncatingIfNeeded: index)
        count -= 1
    }

    /// Gives memory back that entries took which are gone, as far as the others allow it, which stay where they are.
    mutating func compact() {
        var used = highWater
        while used > 0, !contains(used - 1) { used -= 1 }
        var wanted = 8
        while wanted < used { wanted *= 2 }
        guard wanted * 4 <= capacity else { return }
        let old = unsafe storage
        unsafe storage = URIEntries.allocate(wanted)
        firstFree = URIEntries.none
        for index in (0..<used).reversed() {
            let start = unsafe old + index * URIEntries.stride
            // The key of a free entry has nothing but its link, which is written anew.
            unsafe (storage + index * URIEntries.stride).copyMemory(from: start, byteCount: URIKey.size)
            guard unsafe address(index).pointee.link == URIEntries.occupied else {
                unsafe address(index).pointee.link = firstFree
                firstFree = UInt32(truncatingIfNeeded: index)
                continue
            }
            unsafe (storage + (index * URIEntries.stride + URIKey.size)).assumingMemoryBound(to: Record.self)
                .moveInitialize(from: (start + URIKey.size).assumingMemoryBound(to: Record.self), count: 1)
        }
        unsafe old.deallocate()
        highWater = used
        capacity = wanted
    }

    /// Gives back what an occupied entry owns.
    @unsafe
    private func destroy(_ index: Int) {
        let key = unsafe address(index)
        if unsafe Int(key.pointee.count) > URIKey.inlineBytes { unsafe bytes(key).deallocate() }
        unsafe record(index).deinitialize(count: 1)
    }
}

extension UnsafeMutableRawPointer {
    @unsafe
    fileprivate func copyMemory(from bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBytes { source in
            guard let start = source.baseAddress else { return }
            unsafe copyMemory(from: start, byteCount: source.count)
        }
    }
}
