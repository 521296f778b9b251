/// A frame as RFC 6455 says it, read in the plainest way.
struct WireFrame: Equatable {
    var first: UInt8
    var isMasked: Bool
    var payload: [UInt8]

    /// The frame at the beginning of some octets, which are taken.
    init(taking octets: inout ArraySlice<UInt8>) {
        func take(_ count: Int) -> [UInt8] {
            let taken = Array(octets.prefix(count))
            precondition(taken.count == count, "a frame is cut")
            octets = octets.dropFirst(count)
            return taken
        }
        let head = take(2)
        first = head[0]
        isMasked = head[1] & 0x80 != 0
        var count = Int(head[1] & 0x7f)
        if count >= 126 { count = take(count == 126 ? 2 : 8).reduce(0) { $0 << 8 | Int($1) } }
        let key = isMasked ? take(4) : [0, 0, 0, 0]
        payload = take(count).enumerated().map { $0.element ^ key[$0.offset % 4] }
    }

    init(_ octets: [UInt8]) {
        var rest = octets[...]
        self.init(taking: &rest)
        precondition(rest.isEmpty, "something follows the frame")
    }

    var isText: Bool { first & 0xf == 1 }
    var isCompressed: Bool { first & 0x40 != 0 }
}
