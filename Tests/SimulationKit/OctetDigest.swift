/// A number that stands for all octets that were added, and for where each piece of them began. Not for secrets.
package struct OctetDigest: Sendable, Equatable {
    package private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

    /// - Parameter sender: of the piece.
    mutating func add(_ octets: Span<UInt8>, of sender: Int32) {
        mix(UInt64(truncatingIfNeeded: sender) << 32 | UInt64(octets.count))
        octets.withUnsafeBytes { bytes in
            var index = 0
            while index + 8 <= bytes.count {
                mix(bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
                index += 8
            }
            while index < bytes.count {
                mix(UInt64(bytes[index]))
                index += 1
            }
        }
    }

    private mutating func mix(_ word: UInt64) {
        value = (value ^ word) &* 0x9e37_79b9_7f4a_7c15
        value ^= value >> 29
    }
}
