/// Growable storage of elements that are named by small integers, which are used again, the last freed first.
///
/// As `Slab`, but without a fixed capacity: a pool grows by doubling, so elements move when one is inserted.
/// A lookup is one bounds check, one occupancy check and an addition; elements are never reference counted.
@safe
struct Pool<Element: ~Copyable>: ~Copyable {
    static var none: UInt32 { .max }
    private static var occupied: UInt32 { .max - 1 }

    private var storage: UnsafeMutablePointer<Element>
    /// Per slot: `occupied`, or the next free slot, or `none` at the end of the free list.
    private var links: UnsafeMutablePointer<UInt32>
    private var capacity: Int
    /// Slots at or above this one were never used.
    private var highWater = 0
    private var firstFree: UInt32 = .max
    private(set) var count = 0

    init(capacity: Int = 16) {
        self.capacity = max(capacity, 1)
        unsafe storage = .allocate(capacity: self.capacity)
        unsafe links = .allocate(capacity: self.capacity)
    }

    deinit {
        for index in 0..<highWater where unsafe links[index] == Pool.occupied {
            unsafe (storage + index).deinitialize(count: 1)
        }
        unsafe storage.deallocate()
        unsafe links.deallocate()
    }

    var isEmpty: Bool { count == 0 }

    /// One past the largest slot ever used: the bound for a walk with ``contains(_:)``.
    var usedSlots: Int { highWater }

    func contains(_ index: Int) -> Bool {
        unsafe index >= 0 && index < highWater && links[index] == Pool.occupied
    }

    func contains(_ index: UInt32) -> Bool { contains(Int(index)) }

    mutating func insert(_ element: consuming Element) -> Int {
        let index: Int
        if firstFree != Pool.none {
            index = Int(firstFree)
            unsafe firstFree = links[index]
        } else {
            if highWater == capacity { grow() }
            index = highWater
            highWater += 1
        }
        unsafe links[index] = Pool.occupied
        unsafe (storage + index).initialize(to: element)
        count += 1
        return index
    }

    private mutating func grow() {
        let wanted = capacity * 2
        precondition(wanted < Int(Pool.occupied))
        let freshStorage = UnsafeMutablePointer<Element>.allocate(capacity: wanted)
        let freshLinks = UnsafeMutablePointer<UInt32>.allocate(capacity: wanted)
        // Grown only when every slot is occupied, so that all of them are initialized.
        unsafe freshStorage.moveInitialize(from: storage, count: capacity)
        unsafe freshLinks.moveInitialize(from: links, count: capacity)
        unsafe storage.deallocate()
        unsafe links.deallocate()
        unsafe storage = freshStorage
        unsafe links = freshLinks
        capacity = wanted
    }

    mutating func remove(_ index: Int) {
        precondition(contains(index), "slot is free")
        unsafe links[index] = firstFree
        firstFree = UInt32(truncatingIfNeeded: index)
        count -= 1
        unsafe (storage + index).deinitialize(count: 1)
    }

    /// The address of the element in an occupied slot, until the next ``insert(_:)``.
    @unsafe
    func pointer(to index: Int) -> UnsafeMutablePointer<Element> {
        precondition(contains(index), "slot is free")
        return unsafe storage + index
    }

    /// The element in an occupied slot. An access must end before the next ``insert(_:)``.
    subscript(index: Int) -> Element {
        unsafeAddress { unsafe UnsafePointer(pointer(to: index)) }
        nonmutating unsafeMutableAddress { unsafe pointer(to: index) }
    }

    subscript(index: UInt32) -> Element {
        unsafeAddress { unsafe UnsafePointer(pointer(to: Int(index))) }
        nonmutating unsafeMutableAddress { unsafe pointer(to: Int(index)) }
    }
}
