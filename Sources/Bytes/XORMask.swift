import CRennbahnVector

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

    /// Masks or unmasks `count` octets at `start`, in place.
    @inlinable
    @unsafe
    public mutating func apply(to start: UnsafeMutableRawPointer, count: Int) {
        unsafe XORMask.apply(key, to: start, count: count)
        key = XORMask.turned(key, by: count)
    }

    /// Masks or unmasks `count` octets at `start`, in place; the lowest octet of `key` is the first.
    ///
    /// Up to 128 octets are two blocks, the first octets and the last, which overlap where the length is between two
    /// sizes of blocks: both are loaded before one of them is stored.
    @inlinable
    @inline(__always)
    @unsafe
    static func apply(_ key: UInt32, to start: UnsafeMutableRawPointer, count: Int) {
        let turned = XORMask.turned(key, by: count)
        if count > 128 {
            unsafe applyLong(key, to: start, count: count)
        } else if count >= 64 {
            let last = unsafe start + (count &- 64)
            let tail = unsafe last.loadUnaligned(as: SIMD16<UInt32>.self) ^ SIMD16(repeating: turned)
            let head = unsafe start.loadUnaligned(as: SIMD16<UInt32>.self) ^ SIMD16(repeating: key)
            unsafe start.storeBytes(of: head, as: SIMD16<UInt32>.self)
            unsafe last.storeBytes(of: tail, as: SIMD16<UInt32>.self)
        } else if count >= 32 {
            let last = unsafe start + (count &- 32)
            let tail = unsafe last.loadUnaligned(as: SIMD8<UInt32>.self) ^ SIMD8(repeating: turned)
            let head = unsafe start.loadUnaligned(as: SIMD8<UInt32>.self) ^ SIMD8(repeating: key)
            unsafe start.storeBytes(of: head, as: SIMD8<UInt32>.self)
            unsafe last.storeBytes(of: tail, as: SIMD8<UInt32>.self)
        } else {
            unsafe applyShort(key, turned: turned, to: start, count: count)
        }
    }

    /// Up to 31 octets.
    @inlinable
    @inline(__always)
    @unsafe
    static func applyShort(_ key: UInt32, turned: UInt32, to start: UnsafeMutableRawPointer, count: Int) {
        if count >= 16 {
            let last = unsafe start + (count &- 16)
            let tail = unsafe last.loadUnaligned(as: SIMD4<UInt32>.self) ^ SIMD4(repeating: turned)
            let head = unsafe start.loadUnaligned(as: SIMD4<UInt32>.self) ^ SIMD4(repeating: key)
            unsafe start.storeBytes(of: head, as: SIMD4<UInt32>.self)
            unsafe last.storeBytes(of: tail, as: SIMD4<UInt32>.self)
        } else if count >= 8 {
            let last = unsafe start + (count &- 8)
            let tail = unsafe last.loadUnaligned(as: UInt64.self) ^ XORMask.twice(turned)
            let head = unsafe start.loadUnaligned(as: UInt64.self) ^ XORMask.twice(key)
            unsafe start.storeBytes(of: head, as: UInt64.self)
            unsafe last.storeBytes(of: tail, as: UInt64.self)
        } else if count >= 4 {
            let last = unsafe start + (count &- 4)
            let tail = unsafe last.loadUnaligned(as: UInt32.self) ^ turned
            let head = unsafe start.loadUnaligned(as: UInt32.self) ^ key
            unsafe start.storeBytes(of: head, as: UInt32.self)
            unsafe last.storeBytes(of: tail, as: UInt32.self)
        } else {
            var rest = key
            for offset in 0..<count {
                let value = unsafe start.load(fromByteOffset: offset, as: UInt8.self)
                unsafe start.storeBytes(
                    of: value ^ UInt8(truncatingIfNeeded: rest), toByteOffset: offset, as: UInt8.self)
                rest >>= 8
            }
        }
    }

    /// More than 128 octets.
    @usableFromInline
    @unsafe
    static func applyLong(_ key: UInt32, to start: UnsafeMutableRawPointer, count: Int) {
        if cvector_has_wide() {
            unsafe cvector_xor(start, count, key)
        } else {
            unsafe applyInSteps(key, to: start, count: count)
        }
    }

    /// More than 64 octets, in steps of 64, and the last 64 as in ``apply(to:count:)``.
    @unsafe
    package static func applyInSteps(_ key: UInt32, to start: UnsafeMutableRawPointer, count: Int) {
        let mask = SIMD16<UInt32>(repeating: key)
        let last = unsafe start + (count &- 64)
        let turned = XORMask.turned(key, by: count)
        let tail = unsafe last.loadUnaligned(as: SIMD16<UInt32>.self) ^ SIMD16(repeating: turned)
        var offset = 0
        while offset < count &- 64 {
            let value = unsafe start.loadUnaligned(fromByteOffset: offset, as: SIMD16<UInt32>.self) ^ mask
            unsafe start.storeBytes(of: value, toByteOffset: offset, as: SIMD16<UInt32>.self)
            offset &+= 64
        }
        unsafe last.storeBytes(of: tail, as: SIMD16<UInt32>.self)
    }

    /// The key for an octet that stands `count` octets further.
    @inlinable
    static func turned(_ key: UInt32, by count: Int) -> UInt32 {
        let bits = UInt32(truncatingIfNeeded: count &* 8)
        return key &>> bits | key &<< (0 &- bits)
    }

    @inlinable
    static func twice(_ key: UInt32) -> UInt64 {
        UInt64(key) | UInt64(key) << 32
    }
}
