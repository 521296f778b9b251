import RennbahnBytes

/// URIs of topics or procedures, one after the other in one buffer.
final class URITable {
    private let bytes = Box(ByteBuffer())
    private let ranges: [Range<Int>]

    init(count: Int, name: (Int) -> String) {
        var ranges: [Range<Int>] = []
        for index in 0..<count {
            let start = bytes.value.count
            for byte in name(index).utf8 { bytes.value.append(byte) }
            ranges.append(start..<bytes.value.count)
        }
        self.ranges = ranges
    }

    subscript(index: Int) -> Span<UInt8> {
        @_lifetime(borrow self)
        get { unsafe _overrideLifetime(bytes.unboundSpan, borrowing: self).extracting(ranges[index]) }
    }
}
