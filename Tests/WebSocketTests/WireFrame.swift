/// A frame as a test writes it, octet by octet, with every freedom to break the rules.
struct WireFrame {
    var first: UInt8
    var payload: [UInt8]
    var mask: [UInt8]?
    /// How many octets the length takes on the wire beyond the seven bits: 0, 2 or 8; `nil` for the shortest form.
    var lengthOctets: Int?
    /// The length that is announced, if not that of the payload.
    var announced: UInt64?

    init(_ first: UInt8, _ payload: [UInt8] = [], mask: [UInt8]? = [0x37, 0xfa, 0x21, 0x3d]) {
        self.first = first
        self.payload = payload
        self.mask = mask
    }

    init(_ first: UInt8, _ text: String, mask: [UInt8]? = [0x37, 0xfa, 0x21, 0x3d]) {
        self.init(first, Array(text.utf8), mask: mask)
    }

    var bytes: [UInt8] {
        let length = announced ?? UInt64(payload.count)
        let octets = lengthOctets ?? (length < 126 ? 0 : length < 65536 ? 2 : 8)
        let short = octets == 0 ? UInt8(length) : octets == 2 ? 126 : 127
        var bytes = [first, short | (mask == nil ? 0 : 0x80)]
        for index in 0..<octets { bytes.append(UInt8(truncatingIfNeeded: length >> UInt64(8 * (octets - 1 - index)))) }
        bytes += mask ?? []
        for (index, octet) in payload.enumerated() { bytes.append(octet ^ (mask?[index % 4] ?? 0)) }
        return bytes
    }
}
