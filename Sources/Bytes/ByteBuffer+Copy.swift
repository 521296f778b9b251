extension ByteBuffer {
    /// Copies some of the bytes to memory of somebody else, which has room for them.
    @unsafe
    package func copy(_ range: Range<Int>, to target: UnsafeMutableRawPointer) {
        precondition(range.lowerBound >= 0 && range.upperBound <= used)
        guard let base = unsafe base, !range.isEmpty else { return }
        unsafe target.copyMemory(from: base + range.lowerBound, byteCount: range.count)
    }
}
