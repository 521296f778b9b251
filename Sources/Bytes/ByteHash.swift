/// A keyed 64-bit hash of a short run of bytes: what the tables of URIs are keyed by.
///
/// Multiply and fold, eight bytes a step. It is seeded, so that a peer who chooses the URIs cannot choose the collisions;
/// it is no cryptographic hash.
public struct ByteHash: Sendable {
    /// As given.
    public let seed: UInt64

    /// - Parameter seed: from a source that peers cannot guess; a constant in tests.
    @inlinable
    public init(seed: UInt64) {
        self.seed = seed
    }

    /// The hash of `bytes`.
    @inlinable
    public func callAsFunction(_ bytes: Span<UInt8>) -> UInt64 {
        let length = bytes.count
        var state = seed ^ 0x9e37_79b9_7f4a_7c15
        var offset = 0
        while offset &+ 8 <= length {
            state = ByteHash.fold(state ^ bytes.load(UInt64.self, at: offset), 0xa076_1d64_78bd_642f)
            offset &+= 8
        }
        if offset < length {
            var tail: UInt64 = 0
            if length >= 8 {
                tail = bytes.load(UInt64.self, at: length &- 8)
            } else {
                while offset < length {
                    tail = tail << 8 | UInt64(bytes[offset])
                    offset &+= 1
                }
            }
            state = ByteHash.fold(state ^ tail, 0xe703_7ed1_a0b4_28db)
        }
        return ByteHash.fold(state ^ UInt64(truncatingIfNeeded: length), seed ^ 0x8ebc_6af0_9c88_c6e3)
    }

    /// Multiplies to 128 bits and folds the halves: the mixing step, for hashes of a few words.
    @inlinable
    public static func fold(_ a: UInt64, _ b: UInt64) -> UInt64 {
        let product = a.multipliedFullWidth(by: b)
        return product.high ^ product.low
    }
}
