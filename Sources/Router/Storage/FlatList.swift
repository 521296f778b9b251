/// An owned, growable run of plain values: an array without reference counts and without copies on write, to be an
/// element of other flat storage. An empty list that was never written to owns no memory.
@safe
struct FlatList<Element: BitwiseCopyable>: ~Copyable {
    private var base: UnsafeMutablePointer<Element>?
    private var capacity = 0
    private(set) var count = 0

    init() {
        unsafe base = nil
    }

    deinit {
        unsafe base?.deallocate()
    }

    var isEmpty: Bool { count == 0 }

    /// The address of the element at `index`, until the next ``append(_:)``.
    @unsafe
    func pointer(to index: Int) -> UnsafeMutablePointer<Element> {
        precondition(index >= 0 && index < count)
        return unsafe base.unsafelyUnwrapped + index
    }

    /// The element at `index`. An access must end before the next ``append(_:)``.
    subscript(index: Int) -> Element {
        unsafeAddress { unsafe UnsafePointer(pointer(to: index)) }
        nonmutating unsafeMutableAddress { unsafe pointer(to: index) }
    }

    mutating func append(_ element: Element) {
        if count == capacity { grow() }
        unsafe (base.unsafelyUnwrapped + count).initialize(to: element)
        count &+= 1
    }

    private mutating func grow() {
        let wanted = max(capacity * 2, 4)
        let fresh = UnsafeMutablePointer<Element>.allocate(capacity: wanted)
        if let old = unsafe base {
            unsafe fresh.moveInitialize(from: old, count: count)
            unsafe old.deallocate()
        }
        unsafe base = fresh
        capacity = wanted
    }

    /// Appends copies of `element` until there are `count` elements.
    mutating func extend(to count: Int, with element: Element) {
        while self.count < count { append(element) }
    }

    /// Removes the element at `index` and puts the last one in its place: the order is not kept.
    mutating func swapRemove(at index: Int) {
        precondition(index >= 0 && index < count)
        count &-= 1
        unsafe base.unsafelyUnwrapped[index] = base.unsafelyUnwrapped[count]
    }

    /// Drops all elements and their memory.
    mutating func removeAll() {
        unsafe base?.deallocate()
        unsafe base = nil
        capacity = 0
        count = 0
    }

    /// Appends all elements to `array` in one copy.
    borrowing func append(to array: inout [Element]) {
        unsafe array.append(contentsOf: UnsafeBufferPointer(start: base, count: count))
    }
}
