extension ByteBuffer {
    /// Empties the buffer, keeping its storage, and leaves `count` bytes of any value at its start, to be written later.
    @inlinable
    public mutating func begin(headroom count: Int) {
        precondition(count >= 0)
        used = 0
        reserve(count)
        // Storage is allocated, not initialized; a byte that was never written must not be read as one.
        if count > 0 {
            unsafe base.unsafelyUnwrapped.initializeMemory(as: UInt8.self, repeating: 0, count: count)
        }
        used = count
    }

    /// As ``begin(headroom:)``, behind the first `start` bytes, which stay.
    @inlinable
    public mutating func begin(headroom count: Int, at start: Int) {
        precondition(count >= 0 && start >= 0 && start <= used)
        used = start
        reserve(count)
        if count > 0 {
            unsafe (base.unsafelyUnwrapped + start).initializeMemory(as: UInt8.self, repeating: 0, count: count)
        }
        used = start &+ count
    }

    /// Overwrites bytes that were written before with an integer in network byte order.
    @inlinable
    public mutating func set<Integer: FixedWidthInteger>(bigEndian value: Integer, at index: Int) {
        precondition(index >= 0 && index <= used &- MemoryLayout<Integer>.size)
        unsafe base.unsafelyUnwrapped.storeBytes(of: value.bigEndian, toByteOffset: index, as: Integer.self)
    }
}
