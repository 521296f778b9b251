import RennbahnBytes

/// The subscribers of a topic: two of them in place, since most topics have so few, more of them elsewhere.
@safe
struct Subscribers: ~Copyable {
    private static let inPlace = 2

    /// Where they are once there were more than two at a time.
    private var elsewhere: UnsafeMutablePointer<SessionHandle>?
    private var used: UInt32 = 0
    private var capacity = UInt32(Subscribers.inPlace)
    private var first = Subscribers.nobody
    private var second = Subscribers.nobody

    private static var nobody: SessionHandle { SessionHandle(index: .max, generation: .max) }

    init() {
        unsafe elsewhere = nil
    }

    deinit {
        unsafe elsewhere?.deallocate()
    }

    @inline(__always)
    var count: Int { Int(used) }
    @inline(__always)
    var isEmpty: Bool { used == 0 }

    subscript(position: Int) -> SessionHandle {
        get {
            precondition(position >= 0 && position < Int(used))
            if let base = unsafe elsewhere { return unsafe base[position] }
            return position == 0 ? first : second
        }
        set {
            precondition(position >= 0 && position < Int(used))
            if let base = unsafe elsewhere {
                unsafe base[position] = newValue
            } else if position == 0 {
                first = newValue
            } else {
                second = newValue
            }
        }
    }

    mutating func append(_ session: SessionHandle) {
        if used == capacity { grow() }
        used += 1
        self[count - 1] = session
    }

    private mutating func grow() {
        precondition(capacity < .max / 2)
        let wider = UnsafeMutablePointer<SessionHandle>.allocate(capacity: Int(capacity) * 2)
        for position in 0..<count { unsafe (wider + position).initialize(to: self[position]) }
        unsafe elsewhere?.deallocate()
        unsafe elsewhere = wider
        capacity *= 2
    }

    /// Removes one and puts the last in its place.
    ///
    /// - Returns: the one that stands in its place now, if there is one.
    mutating func swapRemove(at position: Int) -> SessionHandle? {
        self[position] = self[count - 1]
        used -= 1
        let moved = position < count ? self[position] : nil
        guard used == 0, let base = unsafe elsewhere else { return moved }
        unsafe base.deallocate()
        unsafe elsewhere = nil
        capacity = UInt32(Subscribers.inPlace)
        return moved
    }

    /// Adds them all to a list, in order.
    @inline(__always)
    func append(to list: inout FlatList<SessionHandle>) {
        if let base = unsafe elsewhere {
            unsafe list.append(from: base, count: count)
        } else {
            if used > 0 { list.append(first) }
            if used > 1 { list.append(second) }
        }
    }
}
