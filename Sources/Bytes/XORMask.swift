/// The masking of RFC 6455, section 5.3: payload octet `i` is XORed with key octet `i mod 4`.
///
/// The mask remembers its phase, so a payload may be given in pieces of any length.
public struct XORMask: Sendable {
    /// The key as it stands on the wire, first octet in the lowest byte; rotated as octets are consumed.
    @usableFromInline
    var key: UInt32

    /// - Parameter key: the four octets in wire order, read as a big-endian integer.
    @inlinable
    public init(bigEndianKey key: UInt32) {
        self.key = key.byteSwapped
    }

    /// Masks or unmasks `count` octets at `start`, in place, in eight-byte steps that the compiler vectorizes.
    @inlinable
    @unsafe
    public mutating func apply(to start: UnsafeMutableRawPointer, count: Int) {
        let wide = UInt64(key) | UInt64(key) << 32
        var offset = 0
        let words = count & ~7
        while offset < words {
            let value = unsafe start.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            unsafe start.storeBytes(of: value ^ wide, toByteOffset: offset, as: UInt64.self)
            offset &+= 8
        }
        var rest = wide
        while offset < count {
            let value = unsafe start.loadUnaligned(fromByteOffset: offset, as: UInt8.self)
            unsafe start.storeBytes(of: value ^ UInt8(truncatingIfNeeded: rest), toByteOffset: offset, as: UInt8.self)
            rest >>= 8
            offset &+= 1
        }
        let turn = UInt32(truncatingIfNeeded: count & 3) &* 8
        if turn != 0 { key = key >> turn | key << (32 &- turn) }
    }
}
