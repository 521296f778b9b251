/// A frame that several queues send from; see ``ChunkPool/share(_:)``.
package struct SharedFrame: Sendable, Equatable {
    /// ``ChunkPool/turn``, or a block's number.
    fileprivate let block: UInt32
    /// Where the frame is in the bytes of the turn; unused for a block.
    fileprivate let start: UInt32
    fileprivate let length: UInt32
    /// The turn in which the frame is there; unused for a block.
    fileprivate let turn: UInt32

    /// Its length.
    package var count: Int { Int(length) }
}

/// Frames that go to many queues, and are in memory once.
///
/// Two ways, by size. A small frame is put behind the others of its turn, in ``ChunkPool/turnBytes``; a queue notes the
/// stretch, and the next frame of the same publisher makes the stretch longer. So sixteen events to a thousand
/// subscribers are a thousand stretches of sixteen frames, sent from the same few lines of the cache. Those bytes end
/// with the turn: what a connection did not take by then is copied to chunks of its own by ``ChunkPool/keep(_:)``.
/// A large frame has a block of its own, counted by the queues that refer to it.
extension ChunkPool {
    /// Bytes that the small frames of a turn may have together; who shares more ends the turn first.
    package static let turnCapacity = 256 * 1024
    /// Frames from this size on get a block.
    package static let blockThreshold = 4096

    /// Whether a frame of `count` bytes can be shared before the turn is ended.
    package func canShare(_ count: Int) -> Bool {
        count >= ChunkPool.blockThreshold || turnCount &+ count <= ChunkPool.turnCapacity
    }

    /// Copies a frame (at most 4 GiB) to where queues can share it. The caller holds a reference and gives it back with
    /// ``release(_:)``.
    package mutating func share(_ frame: Span<UInt8>) -> SharedFrame {
        precondition(canShare(frame.count) && frame.count > 0 && frame.count < Int(UInt32.max))
        if frame.count >= ChunkPool.blockThreshold { return shareBlock(frame) }
        if unsafe turnBytes == nil {
            unsafe turnBytes = .allocate(byteCount: ChunkPool.turnCapacity, alignment: 64)
        }
        let start = turnCount
        unsafe frame.withUnsafeBytes { source in
            unsafe (turnBytes.unsafelyUnwrapped + start).copyMemory(
                from: source.baseAddress.unsafelyUnwrapped, byteCount: source.count)
        }
        turnCount = start &+ frame.count
        return SharedFrame(
            block: ChunkPool.turn, start: UInt32(truncatingIfNeeded: start),
            length: UInt32(truncatingIfNeeded: frame.count), turn: turns)
    }

    /// As ``share(_:)``, of any size, for as long as queues refer to it: where the bytes of a turn have no room and cannot end.
    package mutating func shareBlock(_ frame: Span<UInt8>) -> SharedFrame {
        let index = takeBlock(for: frame.count)
        unsafe frame.withUnsafeBytes { source in
            unsafe blocks[Int(index)].base.unsafelyUnwrapped.copyMemory(
                from: source.baseAddress.unsafelyUnwrapped, byteCount: source.count)
        }
        unsafe blocks[Int(index)].references = 1
        liveBlocks += 1
        return SharedFrame(
            block: index, start: 0, length: UInt32(truncatingIfNeeded: frame.count), turn: turns)
    }

    /// A block with room for `count` bytes: the one that was freed last, with its memory if that fits.
    private mutating func takeBlock(for count: Int) -> UInt32 {
        let index = freeBlocks
        guard index != ChunkPool.none else {
            if blockCount == blockCapacity { unsafe ChunkPool.grow(&blocks, blockCount, &blockCapacity) }
            unsafe (blocks + blockCount).initialize(to: Block(count: count))
            unsafe blockBytes &+= blocks[blockCount].capacity
            blockCount += 1
            return UInt32(truncatingIfNeeded: blockCount - 1)
        }
        let (base, capacity) = unsafe (blocks[Int(index)].base, blocks[Int(index)].capacity)
        unsafe freeBlocks = blocks[Int(index)].nextFree
        freeBytes &-= capacity
        if count > capacity || count < capacity / 4 {
            unsafe base?.deallocate()
            unsafe blocks[Int(index)] = unsafe Block(count: count)
            unsafe blockBytes &+= blocks[Int(index)].capacity &- capacity
        }
        return index
    }

    /// Whether a frame that was not released can still be appended: one among the bytes of a turn ends with it.
    package func holds(_ frame: SharedFrame) -> Bool {
        frame.turn == turns || frame.block != ChunkPool.turn
    }

    /// Puts a shared frame at the end of `queue`, without a copy.
    package mutating func append(_ frame: SharedFrame, to queue: inout OutputQueue) {
        queue.count &+= frame.count
        queuedBytes &+= frame.count
        let end = frame.start &+ frame.length
        if frame.block == ChunkPool.turn {
            if queue.last != ChunkPool.none {
                let last = unsafe nodes + Int(queue.last)
                if unsafe last.pointee.block == ChunkPool.turn && last.pointee.end == frame.start {
                    unsafe last.pointee.end = end
                    unsafe last.pointee.limit = end
                    return
                }
            }
            unsafe link(bareNode(turnBytes.unsafelyUnwrapped, frame, end), to: &queue)
        } else {
            unsafe precondition(blocks[Int(frame.block)].references > 0, "block was released before")
            unsafe blocks[Int(frame.block)].references += 1
            unsafe link(bareNode(blocks[Int(frame.block)].base.unsafelyUnwrapped, frame, end), to: &queue)
        }
    }

    @unsafe
    private mutating func bareNode(_ base: UnsafeMutableRawPointer, _ frame: SharedFrame, _ end: UInt32) -> UInt32 {
        let index = takeBareNode()
        unsafe nodes[Int(index)] = unsafe Node(
            base: base, start: frame.start, end: end, limit: end, next: ChunkPool.none, block: frame.block)
        return index
    }

    /// Gives the reference back that ``share(_:)`` returned.
    package mutating func release(_ frame: SharedFrame) {
        if frame.block != ChunkPool.turn { dropReference(frame.block) }
    }

    /// Copies what `queue` has of the turn's bytes to chunks of its own, so that it may outlive the turn.
    package mutating func keep(_ queue: inout OutputQueue) {
        var kept = OutputQueue()
        var index = queue.first
        while index != ChunkPool.none {
            let node = unsafe nodes[Int(index)]
            unsafe nodes[Int(index)].next = ChunkPool.none
            if unsafe node.block == ChunkPool.turn {
                let bytes = unsafe UnsafeRawBufferPointer(
                    start: node.base + Int(node.start), count: Int(node.end &- node.start))
                queuedBytes &-= bytes.count
                unsafe append(Span(_unsafeBytes: bytes), to: &kept)
                makeBare(index)
            } else {
                unsafe kept.count &+= Int(node.end &- node.start)
                link(index, to: &kept)
            }
            unsafe index = node.next
        }
        queue = kept
    }

    /// Forgets the turn's bytes. No queue that is still to be sent refers to them: each was drained, or kept.
    package mutating func endTurn() {
        turnCount = 0
        turns &+= 1
    }

    /// Part of ``trim()``: blocks come first, since they are the largest.
    mutating func trimBlocks() {
        var index = freeBlocks
        while index != ChunkPool.none, freeBytes > ChunkPool.trimmedBytes {
            unsafe freeBytes &-= blocks[Int(index)].capacity
            freeMemory(of: index)
            unsafe index = blocks[Int(index)].nextFree
        }
    }

    /// A block that is empty from now on, and takes none until it is used again.
    @inline(never)
    private mutating func freeMemory(of index: UInt32) {
        unsafe blocks[Int(index)].base?.deallocate()
        unsafe blocks[Int(index)].base = nil
        unsafe blockBytes &-= blocks[Int(index)].capacity
        unsafe blocks[Int(index)].capacity = 0
    }

    mutating func dropReference(_ index: UInt32) {
        unsafe precondition(blocks[Int(index)].references > 0, "block was released before")
        unsafe blocks[Int(index)].references -= 1
        guard unsafe blocks[Int(index)].references == 0 else { return }
        liveBlocks -= 1
        if unsafe freeBytes &+ blocks[Int(index)].capacity > ChunkPool.retainedBytes {
            freeMemory(of: index)
        }
        unsafe freeBytes &+= blocks[Int(index)].capacity
        unsafe blocks[Int(index)].nextFree = freeBlocks
        freeBlocks = index
    }
}
