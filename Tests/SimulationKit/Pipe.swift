import RennbahnBytes

/// One direction of a simulated connection: what was sent, how much of it has arrived, and how it ends.
final class Pipe {
    /// Octets that were sent and not read yet; the first ``arrived`` of them can be read.
    private(set) var bytes = ByteBuffer()
    private(set) var arrived = 0
    /// Octets that it holds before the sender has to wait.
    var capacity: Int
    /// The sender has said that nothing follows; the reader learns of it behind the last octet.
    private(set) var isShut = false
    /// The end has arrived, too.
    private(set) var hasEndArrived = false

    init(capacity: Int) {
        self.capacity = capacity
    }

    var count: Int { bytes.count }
    var room: Int { max(0, capacity - bytes.count) }
    /// Whether there is something on its way.
    var isInTransit: Bool { arrived < bytes.count || (isShut && !hasEndArrived) }
    var isAtEnd: Bool { hasEndArrived && bytes.isEmpty }
    /// Whether a read would tell something.
    var isReadable: Bool { arrived > 0 || isAtEnd }

    func send(_ octets: Span<UInt8>) {
        bytes.append(octets)
    }

    func shut() {
        isShut = true
    }

    /// Lets up to `limit` more octets arrive, and the end behind the last one.
    func deliver(_ limit: Int) {
        arrived = min(bytes.count, arrived + limit)
        if isShut, arrived == bytes.count { hasEndArrived = true }
    }

    /// Moves up to `limit` octets that have arrived to `buffer`.
    func receive(_ limit: Int, into buffer: inout ByteBuffer) -> Int {
        let count = min(limit, arrived)
        buffer.append(bytes.span.extracting(0..<count))
        bytes.removeFirst(count)
        arrived -= count
        return count
    }

    /// A reset: what was on its way is gone.
    func clear() {
        bytes.removeAll(keepingCapacity: false)
        arrived = 0
    }
}
