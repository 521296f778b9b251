/// An owned, growable run of plain values: an array without reference counts and without copies on write, for hot paths
/// and as an element of other flat storage. A list that was never written to owns no memory.
@safe
public struct FlatList<Element>: ~Copyable {
    @usableFromInline
    var base: UnsafeMutablePointer<Element>?
    @usableFromInline
    var capacity = 0
    @usableFromInline
    var used = 0

    /// An empty list.
    @inlinable
    public init() {
        unsafe base = nil
    }

    @inlinable
    deinit {
        unsafe base?.deinitialize(count: used)
        unsafe base?.deallocate()
    }

    /// Elements in the list.
    @inlinable
    public var count: Int { used }

    /// Whether there are none.
    @inlinable
    public var isEmpty: Bool { used == 0 }

    @inlinable
    @inline(__always)
    func pointer(to index: Int) -> UnsafeMutablePointer<Element> {
        precondition(index >= 0 && index < used)
        return unsafe base.unsafelyUnwrapped + index
    }

    /// The element at `index`. An access must end before the list grows.
    @inlinable
    public subscript(index: Int) -> Element {
        unsafeAddress { unsafe UnsafePointer(pointer(to: index)) }
        nonmutating unsafeMutableAddress { unsafe pointer(to: index) }
    }

    /// Adds an element at the end.
    @inlinable
    @inline(__always)
    public mutating func append(_ element: Element) {
        if used == capacity { grow(to: used &+ 1) }
        unsafe (base.unsafelyUnwrapped + used).initialize(to: element)
        used &+= 1
    }

    /// Adds copies of all elements of another list, in order.
    @inlinable
    public mutating func append(contentsOf other: borrowing FlatList<Element>) {
        let extra = other.used
        guard extra > 0 else { return }
        if capacity &- used < extra { grow(to: used &+ extra) }
        unsafe (base.unsafelyUnwrapped + used).initialize(from: other.base.unsafelyUnwrapped, count: extra)
        used &+= extra
    }

    /// Adds copies of `count` elements that lie one behind the other, none of them in this list.
    @inlinable
    @inline(__always)
    @unsafe
    public mutating func append(from first: UnsafePointer<Element>, count extra: Int) {
        if capacity &- used < extra { grow(to: used &+ extra) }
        unsafe (base.unsafelyUnwrapped + used).initialize(from: first, count: extra)
        used &+= extra
    }

    @usableFromInline
    @inline(never)
    mutating func grow(to minimum: Int) {
        let wanted = max(capacity * 2, minimum, 4)
        let fresh = UnsafeMutablePointer<Element>.allocate(capacity: wanted)
        if let old = unsafe base {
            unsafe fresh.moveInitialize(from: old, count: used)
            unsafe old.deallocate()
        }
        unsafe base = fresh
        capacity = wanted
    }

    /// Appends copies of `element` until there are `count` elements.
    @inlinable
    public mutating func extend(to count: Int, with element: Element) {
        while used < count { append(element) }
    }

    /// Removes the element at `index` and puts the last one in its place: the order is not kept.
    @inlinable
    public mutating func swapRemove(at index: Int) {
        precondition(index >= 0 && index < used)
        used &-= 1
        let start = unsafe base.unsafelyUnwrapped
        if index < used { unsafe swap(&start[index], &start[used]) }
        unsafe (start + used).deinitialize(count: 1)
    }

    /// Takes the last element, if there is one.
    @inlinable
    public mutating func popLast() -> Element? {
        guard used > 0 else { return nil }
        used &-= 1
        return unsafe (base.unsafelyUnwrapped + used).move()
    }

    /// Empties the list; without `keepingCapacity` its memory is freed.
    @inlinable
    public mutating func removeAll(keepingCapacity: Bool = false) {
        unsafe base?.deinitialize(count: used)
        used = 0
        if !keepingCapacity {
            unsafe base?.deallocate()
            unsafe base = nil
            capacity = 0
        }
    }

    /// A copy as an array; for tests and control paths.
    public func copied() -> [Element] {
        unsafe Array(UnsafeBufferPointer(start: base, count: used))
    }
}
