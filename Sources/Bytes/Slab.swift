import CRennbahnVector

/// Fixed-capacity storage of elements at stable addresses, named by small integers that are used again.
///
/// Elements are never moved and never reference counted: a lookup is an addition. Freed slots are handed out again,
/// the last freed first. The memory of slots that were never used is not touched, so a generous capacity is free.
@safe
public struct Slab<Element: ~Copyable>: ~Copyable {
    @usableFromInline
    let storage: UnsafeMutablePointer<Element>
    /// Per slot: `occupied`, or the next free slot, or `endOfFreeList`.
    @usableFromInline
    let links: UnsafeMutablePointer<UInt32>
    /// Elements that the slab can hold.
    public let capacity: Int
    /// Slots at or above this one were never used.
    @usableFromInline
    var highWater: Int
    @usableFromInline
    var firstFree: UInt32
    @usableFromInline
    var occupiedCount: Int

    @usableFromInline
    static var occupied: UInt32 { .max }
    @usableFromInline
    static var endOfFreeList: UInt32 { .max - 1 }

    /// An empty slab for up to `capacity` elements.
    @inlinable
    public init(capacity: Int) {
        precondition(capacity > 0 && capacity < Int(UInt32.max - 1))
        unsafe storage = UnsafeMutablePointer<Element>.allocate(capacity: capacity)
        unsafe links = UnsafeMutablePointer<UInt32>.allocate(capacity: capacity)
        self.capacity = capacity
        highWater = 0
        firstFree = Slab.endOfFreeList
        occupiedCount = 0
    }

    @inlinable
    deinit {
        for index in 0..<highWater where unsafe links[index] == Slab.occupied {
            unsafe (storage + index).deinitialize(count: 1)
        }
        unsafe storage.deallocate()
        unsafe links.deallocate()
    }

    /// How many slots hold an element.
    @inlinable
    public var count: Int { occupiedCount }

    /// One past the largest slot ever used: the bound for a walk with ``contains(_:)``.
    @inlinable
    public var usedSlots: Int { highWater }

    /// Whether the slot holds an element.
    @inlinable
    public func contains(_ index: Int) -> Bool {
        unsafe index >= 0 && index < highWater && links[index] == Slab.occupied
    }

    /// Has the processor fetch the beginning of the slot, whatever is in it, while other work is done: for one out of
    /// thousands of elements, which is not in the cache any more.
    @inlinable
    public func prefetch(_ index: Int) {
        guard index >= 0 && index < capacity else { return }
        unsafe prefetchLines(at: UnsafeRawPointer(storage + index))
    }

    /// Stores `element` and returns its slot, or `nil` when the slab is full (the element is dropped).
    @inlinable
    public mutating func insert(_ element: consuming Element) -> Int? {
        let index: Int
        if firstFree != Slab.endOfFreeList {
            index = Int(firstFree)
            unsafe firstFree = links[index]
        } else if highWater < capacity {
            index = highWater
            highWater += 1
        } else {
            return nil
        }
        unsafe links[index] = Slab.occupied
        unsafe (storage + index).initialize(to: element)
        occupiedCount += 1
        return index
    }

    /// Takes the element out of an occupied slot.
    @inlinable
    public mutating func remove(_ index: Int) -> Element {
        precondition(contains(index), "slot is free")
        unsafe links[index] = firstFree
        firstFree = UInt32(truncatingIfNeeded: index)
        occupiedCount -= 1
        return unsafe (storage + index).move()
    }

    /// The element in an occupied slot.
    @inlinable
    public subscript(index: Int) -> Element {
        unsafeAddress {
            precondition(contains(index), "slot is free")
            return unsafe UnsafePointer(storage + index)
        }
        nonmutating unsafeMutableAddress {
            precondition(contains(index), "slot is free")
            return unsafe storage + index
        }
    }
}

@usableFromInline
func prefetchLines(at address: UnsafeRawPointer) {
    unsafe cvector_prefetch(address)
}
