extension CodecLimits {
    /// Octets that the codecs of so many connections can take at most.
    ///
    /// - Parameters:
    ///   - windowBits: of our own sending, 9…15.
    ///   - memoryLevel: of our own sending, 1…9.
    package func mostMemory(connections: Int, windowBits: Int, memoryLevel: Int) -> Int {
        let compressor = ZlibShape.compressor(
            windowBits: UInt8(clamping: windowBits), memoryLevel: UInt8(clamping: memoryLevel), level: 0)
        let decompressor = ZlibShape.decompressor(windowBits: 15)
        // A peer may refer to all of its window, which is kept while its codec is parked.
        let parked = connections * (parkedWindow + 32 * 1024)
        let states = min(maxLive, 2 * connections) + spareStates
        return parked + states * max(compressor.capacity, decompressor.capacity)
    }
}
