/// Mask keys for a client's frames, each fresh and unpredictable (RFC 6455, sections 5.3 and 10.3).
///
/// A call to the generator costs as much as a small frame, so keys are drawn by the thousand into storage that is
/// used again. Not copyable: a copy would give out the same keys a second time.
package struct MaskKeyReservoir: ~Copyable {
    /// Keys drawn at once, 4 KiB of them.
    static let batch = 1024

    private var keys: [UInt32]
    /// Keys of this batch that were not given out yet; taken from the end.
    private var remaining = 0

    package init() {
        keys = [UInt32](repeating: 0, count: MaskKeyReservoir.batch)
    }

    /// Four octets as a big-endian integer. Zero is as good a key as any other.
    package mutating func next() -> UInt32 {
        if remaining == 0 { refill() }
        remaining &-= 1
        return keys[remaining]
    }

    private mutating func refill() {
        unsafe keys.withUnsafeMutableBytes { unsafe SecureRandom.fill($0) }
        remaining = keys.count
    }
}
