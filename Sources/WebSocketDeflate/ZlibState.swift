import CRennbahnZlib

/// What a state of zlib was made for.
enum ZlibShape: Equatable {
    case compressor(windowBits: UInt8, memoryLevel: UInt8, level: UInt8)
    case decompressor(windowBits: UInt8)

    /// Octets of zlib 1.2's and 1.3's state with its tables, and the header; pages that are not used cost nothing.
    var capacity: Int {
        switch self {
        case .compressor(let windowBits, let memoryLevel, _):
            8192 + (4 << Int(windowBits)) + (512 << Int(memoryLevel)) + (64 << Int(memoryLevel))
        case .decompressor(let windowBits): 8192 + (1 << Int(windowBits))
        }
    }
}

/// A state of zlib in one run of memory, whose header this is.
///
/// ```
/// │ ZlibState │ zlib's state │ its window │ its other tables │ free │
///                                                            └ used
/// ```
///
/// Should zlib want more than there is room for, as another version may, the heap gives it.
@unsafe
struct ZlibState {
    /// The first field: zlib's pointers to it are pointers to the whole.
    var stream = unsafe z_stream()
    let shape: ZlibShape
    let memory: CodecMemory
    let capacity: Int
    var used: Int
    /// When it became a spare state, by the pool's sweeps.
    var epoch: UInt32 = 0
    /// In the list of spare states.
    var next: UnsafeMutablePointer<ZlibState>?

    /// A state, ready for the first message; `nil` without memory.
    static func make(_ shape: ZlibShape, _ memory: CodecMemory) -> UnsafeMutablePointer<ZlibState>? {
        guard let base = unsafe memory.take(shape.capacity) else { return nil }
        let state = unsafe base.bindMemory(to: ZlibState.self, capacity: 1)
        unsafe state.initialize(
            to: ZlibState(
                shape: shape, memory: memory, capacity: shape.capacity, used: aligned(MemoryLayout<ZlibState>.size)))
        unsafe state.pointee.stream.opaque = base
        unsafe state.pointee.stream.zalloc = { owner, items, size in
            unsafe ZlibState.allocate(owner.unsafelyUnwrapped, Int(items) &* Int(size))
        }
        unsafe state.pointee.stream.zfree = { owner, piece in
            if let piece = unsafe piece { unsafe ZlibState.free(owner.unsafelyUnwrapped, piece) }
        }
        let size = unsafe Int32(MemoryLayout<z_stream>.size)
        let status =
            switch shape {
            case .compressor(let windowBits, let memoryLevel, let level):
                unsafe deflateInit2_(
                    &state.pointee.stream, Int32(level), Z_DEFLATED, -Int32(windowBits), Int32(memoryLevel),
                    Z_DEFAULT_STRATEGY, ZLIB_VERSION, size)
            case .decompressor(let windowBits):
                unsafe inflateInit2_(&state.pointee.stream, -Int32(windowBits), ZLIB_VERSION, size)
            }
        guard status == Z_OK else {
            unsafe giveBack(state)
            return nil
        }
        return unsafe state
    }

    static func end(_ state: UnsafeMutablePointer<ZlibState>) {
        switch unsafe state.pointee.shape {
        case .compressor: unsafe deflateEnd(&state.pointee.stream)
        case .decompressor: unsafe inflateEnd(&state.pointee.stream)
        }
        unsafe giveBack(state)
    }

    private static func giveBack(_ state: UnsafeMutablePointer<ZlibState>) {
        let (memory, capacity) = unsafe (state.pointee.memory, state.pointee.capacity)
        unsafe state.deinitialize(count: 1)
        unsafe memory.giveBack(UnsafeMutableRawPointer(state), capacity)
    }

    private static func aligned(_ offset: Int) -> Int { (offset &+ 15) & ~15 }

    private static func allocate(_ owner: UnsafeMutableRawPointer, _ count: Int) -> UnsafeMutableRawPointer? {
        let state = unsafe owner.assumingMemoryBound(to: ZlibState.self)
        let start = unsafe state.pointee.used
        guard unsafe count <= state.pointee.capacity &- start else {
            return UnsafeMutableRawPointer.allocate(byteCount: count, alignment: 16)
        }
        unsafe state.pointee.used = min(aligned(start &+ count), state.pointee.capacity)
        return unsafe owner + start
    }

    private static func free(_ owner: UnsafeMutableRawPointer, _ piece: UnsafeMutableRawPointer) {
        // The pieces inside go with the whole.
        let state = unsafe owner.assumingMemoryBound(to: ZlibState.self)
        let isInside = unsafe piece >= owner && piece < owner + state.pointee.capacity
        if !isInside { unsafe piece.deallocate() }
    }
}
