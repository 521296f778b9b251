/// A keyed 64-bit hash of a short run of bytes: what the tables of URIs are keyed by.
///
/// Multiply and fold, sixteen bytes a step; the last step reads the last bytes again instead of going through them one by
/// one. It is seeded in both factors, so that a peer who chooses the URIs cannot choose the collisions, and cannot make a
/// factor zero; it is no cryptographic hash.
///
/// ```
/// 37 bytes:  │ 0 … 15 │ 16 … 31 │ 32 … 36 │        factors of a step: (low word ^ secret), (high word ^ state)
///            └ step ──┴─ step ──┘
///                         └─ 21 … 36: last step ─┘
/// ```
@safe
public struct ByteHash: Sendable {
    /// As given.
    public let seed: UInt64
    @usableFromInline
    let secret: UInt64

    /// - Parameter seed: from a source that peers cannot guess; a constant in tests.
    @inlinable
    public init(seed: UInt64) {
        self.seed = seed
        secret = ByteHash.fold(seed ^ 0x9e37_79b9_7f4a_7c15, 0xa076_1d64_78bd_642f) | 1
    }

    /// The hash of `bytes`.
    @inlinable
    @inline(__always)
    public func callAsFunction(_ bytes: Span<UInt8>) -> UInt64 {
        unsafe bytes.withUnsafeBytes { unsafe hash($0) }
    }

    @inlinable
    @inline(__always)
    func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        let count = bytes.count
        guard count > 0 else { return ByteHash.fold(seed, secret) }
        let start = unsafe bytes.baseAddress.unsafelyUnwrapped
        var state = seed
        let low: UInt64
        let high: UInt64
        if count >= 16 {
            var offset = 0
            while offset &+ 16 < count {
                state = unsafe ByteHash.fold(
                    ByteHash.word(start + offset) ^ secret, ByteHash.word(start + offset + 8) ^ state)
                offset &+= 16
            }
            unsafe low = ByteHash.word(start + (count &- 16))
            unsafe high = ByteHash.word(start + (count &- 8))
        } else if count >= 8 {
            unsafe low = ByteHash.word(start)
            unsafe high = ByteHash.word(start + (count &- 8))
        } else if count >= 4 {
            unsafe low = UInt64(start.loadUnaligned(as: UInt32.self))
            unsafe high = UInt64((start + (count &- 4)).loadUnaligned(as: UInt32.self))
        } else {
            // One to three bytes: the first, the middle and the last are all of them.
            unsafe low = UInt64(bytes[0]) | UInt64(bytes[count >> 1]) << 8
            unsafe high = UInt64(bytes[count &- 1])
        }
        let mixed = ByteHash.fold(low ^ secret, high ^ state)
        return ByteHash.fold(mixed ^ UInt64(truncatingIfNeeded: count), secret ^ 0xe703_7ed1_a0b4_28db)
    }

    @inlinable
    @inline(__always)
    static func word(_ place: UnsafeRawPointer) -> UInt64 {
        unsafe place.loadUnaligned(as: UInt64.self)
    }

    /// Multiplies to 128 bits and folds the halves: the mixing step, for hashes of a few words.
    @inlinable
    @inline(__always)
    public static func fold(_ a: UInt64, _ b: UInt64) -> UInt64 {
        let product = a.multipliedFullWidth(by: b)
        return product.high ^ product.low
    }
}
