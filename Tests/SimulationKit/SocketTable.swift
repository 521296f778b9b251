/// The sockets of a network by their descriptors, which are numbers of its own that are never used twice.
struct SocketTable {
    static let firstDescriptor: Int32 = 1_000_000

    private var slots: [SimulatedSocket?] = []
    /// The descriptors that nobody has closed, in the order in which they were made.
    private(set) var open: [Int32] = []

    subscript(descriptor: Int32) -> SimulatedSocket? {
        let slot = Int(descriptor) - Int(SocketTable.firstDescriptor)
        return slots.indices.contains(slot) ? slots[slot] : nil
    }

    mutating func add(_ socket: SimulatedSocket) -> Int32 {
        let descriptor = SocketTable.firstDescriptor + Int32(slots.count)
        slots.append(socket)
        open.append(descriptor)
        return descriptor
    }

    mutating func remove(_ descriptor: Int32) {
        slots[Int(descriptor) - Int(SocketTable.firstDescriptor)] = nil
        open.removeAll { $0 == descriptor }
    }
}
