extension ByteBuffer {
    /// Opens a gap of `count` zero bytes at `index` and moves what stands behind it up.
    package mutating func insertGap(_ count: Int, at index: Int) {
        precondition(index >= 0 && index <= used && count >= 0)
        guard count > 0 else { return }
        reserve(count)
        let start = unsafe base.unsafelyUnwrapped + index
        unsafe (start + count).copyMemory(from: start, byteCount: used - index)
        unsafe start.initializeMemory(as: UInt8.self, repeating: 0, count: count)
        used += count
    }
}
