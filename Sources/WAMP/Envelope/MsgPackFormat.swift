import RennbahnBytes

/// The first byte of a MsgPack value (MessagePack specification, version 5).
///
/// ```
/// 00…7f  positive fixint      c4 c5 c6  bin 8, 16, 32         d4…d8     fixext 1, 2, 4, 8, 16
/// 80…8f  fixmap               c7 c8 c9  ext 8, 16, 32         d9 da db  str 8, 16, 32
/// 90…9f  fixarray             ca cb     float 32, 64          dc dd     array 16, 32
/// a0…bf  fixstr               cc…cf     uint 8, 16, 32, 64    de df     map 16, 32
/// c0 nil, c1 never used, c2 false, c3 true                    e0…ff     negative fixint
///                             d0…d3     int 8, 16, 32, 64
/// ```
enum MsgPackFormat {
    static let null: UInt8 = 0xc0
    static let bin8: UInt8 = 0xc4
    static let ext8: UInt8 = 0xc7
    static let float64: UInt8 = 0xcb
    static let uint8: UInt8 = 0xcc
    static let int8: UInt8 = 0xd0
    static let fixext1: UInt8 = 0xd4
    static let str8: UInt8 = 0xd9
    static let array16: UInt8 = 0xdc
    static let map16: UInt8 = 0xde

    static func kind(_ first: UInt8) -> ElementKind {
        switch first {
        case 0x00...0x7f, 0xe0...0xff, 0xca...0xd3: .number
        case 0x80...0x8f, 0xde, 0xdf: .dictionary
        case 0x90...0x9f, 0xdc, 0xdd: .list
        case 0xa0...0xbf, 0xd9...0xdb: .text
        case 0xc0: .null
        case 0xc2, 0xc3: .boolean
        case 0xc4...0xc6: .binary
        case 0xc7...0xc9, 0xd4...0xd8: .extension
        default: .none
        }
    }
}

/// The head of a MsgPack value: what its first bytes say of the rest.
struct MsgPackHead {
    enum Content {
        /// Bytes that follow the head and are not looked at.
        case opaque(Int)
        /// A str of so many bytes.
        case text(Int)
        case list(Int)
        /// So many pairs.
        case dictionary(Int)
    }

    /// Length of the head itself.
    var length: Int
    var content: Content

    /// Reads the head at `index`; `nil` when it is cut off or starts with the byte that is never used. Lengths come from
    /// the peer and are at most 2^32 + 4, so sums of two cannot overflow.
    @inline(__always)
    init?(_ bytes: Span<UInt8>, at index: Int) {
        guard index < bytes.count else { return nil }
        let first = bytes[index]
        switch first {
        case 0x00...0x7f, 0xe0...0xff, 0xc0, 0xc2, 0xc3: self.init(length: 1, content: .opaque(0))
        case 0xa0...0xbf: self.init(length: 1, content: .text(Int(first & 0x1f)))
        case 0x80...0x8f: self.init(length: 1, content: .dictionary(Int(first & 0x0f)))
        case 0x90...0x9f: self.init(length: 1, content: .list(Int(first & 0x0f)))
        default: self.init(large: bytes, at: index)
        }
    }

    private init(length: Int, content: Content) {
        self.length = length
        self.content = content
    }

    private init?(large bytes: Span<UInt8>, at index: Int) {
        let first = bytes[index]
        switch first {
        case 0xca: self.init(length: 1, content: .opaque(4))
        case 0xcb: self.init(length: 1, content: .opaque(8))
        case 0xcc...0xcf: self.init(length: 1, content: .opaque(1 << Int(first & 3)))
        case 0xd0...0xd3: self.init(length: 1, content: .opaque(1 << Int(first & 3)))
        case 0xd4...0xd8: self.init(length: 1, content: .opaque(1 &+ 1 << Int(first &- MsgPackFormat.fixext1)))
        case 0xc4...0xc6:
            let width = 1 << Int(first &- MsgPackFormat.bin8)
            guard let count = MsgPackHead.count(bytes, at: index, width: width) else { return nil }
            self.init(length: 1 &+ width, content: .opaque(count))
        case 0xc7...0xc9:
            let width = 1 << Int(first &- MsgPackFormat.ext8)
            guard let count = MsgPackHead.count(bytes, at: index, width: width) else { return nil }
            self.init(length: 1 &+ width, content: .opaque(count &+ 1))
        case 0xd9...0xdb:
            let width = 1 << Int(first &- MsgPackFormat.str8)
            guard let count = MsgPackHead.count(bytes, at: index, width: width) else { return nil }
            self.init(length: 1 &+ width, content: .text(count))
        case 0xdc, 0xdd:
            let width = 2 << Int(first &- MsgPackFormat.array16)
            guard let count = MsgPackHead.count(bytes, at: index, width: width) else { return nil }
            self.init(length: 1 &+ width, content: .list(count))
        case 0xde, 0xdf:
            let width = 2 << Int(first &- MsgPackFormat.map16)
            guard let count = MsgPackHead.count(bytes, at: index, width: width) else { return nil }
            self.init(length: 1 &+ width, content: .dictionary(count))
        default:
            return nil
        }
    }

    /// The big-endian length of `width` bytes behind the first byte.
    @inline(__always)
    private static func count(_ bytes: Span<UInt8>, at index: Int, width: Int) -> Int? {
        guard bytes.count &- index > width else { return nil }
        switch width {
        case 1: return Int(bytes[index &+ 1])
        case 2: return Int(bytes.bigEndian(UInt16.self, at: index &+ 1))
        default: return Int(bytes.bigEndian(UInt32.self, at: index &+ 1))
        }
    }
}
