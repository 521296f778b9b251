import RennbahnBytes

/// Messages one behind the other, as in a receive buffer.
struct Messages: ~Copyable {
    private var bytes = ByteBuffer()
    private var places: [Range<Int>] = []

    mutating func append(_ message: Span<UInt8>) {
        places.append(bytes.count..<(bytes.count + message.count))
        bytes.append(message)
    }

    subscript(index: Int) -> Span<UInt8> {
        @_lifetime(borrow self)
        borrowing get { bytes.span.extracting(places[index]) }
    }
}

/// Which message of a stream comes next: behind the last one the first.
struct Cycle {
    private let count: Int
    private var following = 0

    init(_ count: Int) {
        self.count = count
    }

    @inline(__always)
    mutating func next() -> Int {
        let index = following
        following = index &+ 1 == count ? 0 : index &+ 1
        return index
    }
}
