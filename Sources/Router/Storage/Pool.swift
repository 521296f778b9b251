/// Growable storage of elements that are named by small integers, which are used again, the last freed first.
///
/// As `Slab`, but without a fixed capacity: a pool grows by doubling, so elements move when one is inserted.
/// A lookup is one bounds check, one occupancy check and an addition; elements are never reference counted.
///
/// ```
/// │ link │ element │ link │ element │ …        the link stands by its element, in the same cache line as a rule
/// ```
@safe
struct Pool<Element: ~Copyable>: ~Copyable {
    static var none: UInt32 { .max }
    private static var occupied: UInt32 { .max - 1 }

    /// Where the element begins behind its link.
    private static var offset: Int { max(4, MemoryLayout<Element>.alignment) }
    private static var stride: Int {
        (offset + MemoryLayout<Element>.size + (offset - 1)) & ~(offset - 1)
    }

    private var storage: UnsafeMutableRawPointer
    private var capacity: Int
    /// Slots at or above this one were never used.
    private var highWater = 0
    private var firstFree: UInt32 = .max
    private(set) var count = 0

    init(capacity: Int = 16) {
        self.capacity = max(capacity, 1)
        unsafe storage = Pool.allocate(self.capacity)
    }

    deinit {
        for index in 0..<highWater where contains(index) { unsafe pointer(to: index).deinitialize(count: 1) }
        unsafe storage.deallocate()
    }

    private static func allocate(_ capacity: Int) -> UnsafeMutableRawPointer {
        .allocate(byteCount: capacity * stride, alignment: 64)
    }

    var isEmpty: Bool { count == 0 }

    /// Octets of an element at most: the pool doubles when it is full.
    static var octetsOfElement: Int { 2 * stride }

    /// Octets of the pool, whether it is filled or not.
    var capacityOctets: Int { capacity * Pool.stride }

    /// One past the largest slot ever used: the bound for a walk with ``contains(_:)``.
    var usedSlots: Int { highWater }

    /// A slot's link: `occupied`, or the next free slot, or `none` at the end of the free list.
    @inline(__always)
    private func link(_ index: Int) -> UnsafeMutablePointer<UInt32> {
        unsafe (storage + index &* Pool.stride).assumingMemoryBound(to: UInt32.self)
    }

    @inline(__always)
    func contains(_ index: Int) -> Bool {
        unsafe index >= 0 && index < highWater && link(index).pointee == Pool.occupied
    }

    @inline(__always)
    func contains(_ index: UInt32) -> Bool { contains(Int(index)) }

    @inline(__always)
    mutating func insert(_ element: consuming Element) -> Int {
        let index: Int
        if firstFree != Pool.none {
            index = Int(firstFree)
            unsafe firstFree = link(index).pointee
        } else {
            if highWater == capacity { grow() }
            index = highWater
            highWater &+= 1
        }
        unsafe link(index).pointee = Pool.occupied
        unsafe place(index).initialize(to: element)
        count &+= 1
        return index
    }

    @inline(never)
    private mutating func grow() {
        let wanted = capacity * 2
        precondition(wanted < Int(Pool.occupied))
        let old = unsafe storage
        unsafe storage = Pool.allocate(wanted)
        // Grown only when every slot is occupied, so that all of them are initialized.
        for index in 0..<capacity {
            unsafe link(index).pointee = Pool.occupied
            unsafe place(index).moveInitialize(
                from: (old + (index * Pool.stride + Pool.offset)).assumingMemoryBound(to: Element.self), count: 1)
        }
        unsafe old.deallocate()
        capacity = wanted
    }

    /// Gives memory back that elements took which are gone, as far as the others allow it, which stay where they are.
    @inline(never)
    mutating func compact() {
        var used = highWater
        while used > 0, !contains(used - 1) { used -= 1 }
        var wanted = 16
        while wanted < used { wanted *= 2 }
        guard wanted * 4 <= capacity else { return }
        let old = unsafe storage
        unsafe storage = Pool.allocate(wanted)
        firstFree = Pool.none
        for index in (0..<used).reversed() {
            let start = unsafe old + index * Pool.stride
            guard unsafe start.load(as: UInt32.self) == Pool.occupied else {
                unsafe link(index).pointee = firstFree
                firstFree = UInt32(truncatingIfNeeded: index)
                continue
            }
            unsafe link(index).pointee = Pool.occupied
            unsafe place(index).moveInitialize(
                from: (start + Pool.offset).assumingMemoryBound(to: Element.self), count: 1)
        }
        unsafe old.deallocate()
        highWater = used
        capacity = wanted
    }

    @inline(__always)
    mutating func remove(_ index: Int) {
        precondition(contains(index), "slot is free")
        unsafe place(index).deinitialize(count: 1)
        unsafe link(index).pointee = firstFree
        firstFree = UInt32(truncatingIfNeeded: index)
        count &-= 1
    }

    @inline(__always)
    @unsafe
    private func place(_ index: Int) -> UnsafeMutablePointer<Element> {
        unsafe (storage + (index &* Pool.stride &+ Pool.offset)).assumingMemoryBound(to: Element.self)
    }

    /// The address of the element in an occupied slot, until the next ``insert(_:)``.
    @inline(__always)
    @unsafe
    func pointer(to index: Int) -> UnsafeMutablePointer<Element> {
        precondition(contains(index), "slot is free")
        return unsafe place(index)
    }

    /// The element in an occupied slot. An access must end before the next ``insert(_:)``.
    subscript(index: Int) -> Element {
        @inline(__always)
        unsafeAddress { unsafe UnsafePointer(pointer(to: index)) }
        @inline(__always)
        nonmutating unsafeMutableAddress { unsafe pointer(to: index) }
    }

    subscript(index: UInt32) -> Element {
        @inline(__always)
        unsafeAddress { unsafe UnsafePointer(pointer(to: Int(index))) }
        @inline(__always)
        nonmutating unsafeMutableAddress { unsafe pointer(to: Int(index)) }
    }
}
