/// The neighbours of a pool's element in a list that runs through the pool, such as the calls of one session.
struct Links: BitwiseCopyable {
    var previous: UInt32 = .max
    var next: UInt32 = .max
}

/// An element of a pool that is in one list.
protocol Linked: ~Copyable {
    var links: Links { get set }
}

/// The first element of a list through a pool, and how many there are.
struct ListHead: BitwiseCopyable {
    var first: UInt32 = .max
    var count: UInt32 = 0

    var isEmpty: Bool { count == 0 }
}

extension Pool where Element: Linked & ~Copyable {
    /// Puts an element that is in no list at the front of `list`.
    @inline(__always)
    func link(_ index: Int, into list: inout ListHead) {
        let name = UInt32(truncatingIfNeeded: index)
        self[index].links = Links(previous: Pool.none, next: list.first)
        if list.first != Pool.none { self[list.first].links.previous = name }
        list.first = name
        list.count &+= 1
    }

    /// Takes an element out of `list`, which it must be in.
    @inline(__always)
    func unlink(_ index: Int, from list: inout ListHead) {
        let links = self[index].links
        if links.previous == Pool.none {
            list.first = links.next
        } else {
            self[links.previous].links.next = links.next
        }
        if links.next != Pool.none { self[links.next].links.previous = links.previous }
        list.count &-= 1
    }
}
