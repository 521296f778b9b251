/// Bytes that wait to be sent on one connection, in order: a list of chunks that belong to a ``ChunkPool``.
///
/// Plain data: an empty queue owns nothing. Only the pool that filled a queue may drain it.
package struct OutputQueue: Sendable {
    package fileprivate(set) var first: UInt32 = .max
    package fileprivate(set) var last: UInt32 = .max
    /// Bytes in the queue.
    package fileprivate(set) var count = 0

    package init() {}

    package var isEmpty: Bool { count == 0 }
}

/// A stretch of queued bytes, laid out as the kernel's `struct iovec` is.
@unsafe
package struct OutputSegment {
    package var base: UnsafeMutableRawPointer?
    package var count: Int
}

/// Names a block of bytes that several queues share.
package struct SharedBlock: Sendable, Equatable {
    fileprivate let index: UInt32
}

/// The output memory of one shard: fixed-size chunks that go to the connections which have output and come back when
/// it is sent, and large blocks that many queues send from without a copy.
///
/// One owner, one thread. Chunks are reused last in, first out, so the working set stays in cache.
@safe
package struct ChunkPool: ~Copyable {
    /// Payload bytes a chunk holds.
    package static let chunkCapacity = 8 * 1024
    /// Free chunks that are kept; more go back to the allocator.
    package static let retainedChunks = 4096

    /// Where a node's bytes are, and which node follows. `block` names the shared block it points into, if any.
    @unsafe
    private struct Node {
        var base: UnsafeMutableRawPointer
        var start: UInt32
        var end: UInt32
        var next: UInt32
        var block: UInt32
    }

    @unsafe
    private struct Block {
        var base: UnsafeMutableRawPointer
        /// Where the block's bytes begin and end behind `base`.
        var start: Int
        var end: Int
        var references: Int
        var nextFree: UInt32
    }

    private static let none = UInt32.max

    private var nodes: UnsafeMutablePointer<Node>
    private var nodeCapacity: Int
    private var nodeCount = 0
    /// Nodes without storage, ready to point into a shared block.
    private var bareNodes = none
    /// Nodes with an empty chunk.
    private var freeChunks = none
    private var freeChunkCount = 0

    private var blocks: UnsafeMutablePointer<Block>
    private var blockCapacity: Int
    private var blockCount = 0
    private var freeBlocks = none

    /// Bytes in all queues of this pool, shared blocks counted once for each queue.
    package private(set) var queuedBytes = 0
    /// Chunks that are allocated, with bytes in them or free: the pool's memory in units of ``chunkCapacity``.
    package private(set) var allocatedChunks = 0
    /// Shared blocks that a queue or their sharer still refers to.
    package private(set) var liveBlocks = 0

    package init() {
        nodeCapacity = 64
        unsafe nodes = .allocate(capacity: nodeCapacity)
        blockCapacity = 16
        unsafe blocks = .allocate(capacity: blockCapacity)
    }

    deinit {
        // Queues hold indices only: whoever drops a pool drops what was queued. Chunks are found through the nodes.
        for index in 0..<nodeCount where unsafe nodes[index].block == ChunkPool.none {
            unsafe nodes[index].base.deallocate()
        }
        var free = [Bool](repeating: false, count: blockCount)
        var index = freeBlocks
        while index != ChunkPool.none {
            free[Int(index)] = true
            unsafe index = blocks[Int(index)].nextFree
        }
        for index in 0..<blockCount where !free[index] { unsafe blocks[index].base.deallocate() }
        unsafe nodes.deallocate()
        unsafe blocks.deallocate()
    }

    // MARK: Filling

    /// Copies `bytes` to the end of `queue`.
    package mutating func append(_ bytes: Span<UInt8>, to queue: inout OutputQueue) {
        let total = bytes.count
        unsafe bytes.withUnsafeBytes { source in
            var taken = 0
            while taken < total {
                var room = 0
                if queue.last != ChunkPool.none, unsafe nodes[Int(queue.last)].block == ChunkPool.none {
                    room = unsafe ChunkPool.chunkCapacity &- Int(nodes[Int(queue.last)].end)
                }
                if room == 0 {
                    link(takeChunk(), to: &queue)
                    room = ChunkPool.chunkCapacity
                }
                let step = min(room, total &- taken)
                let node = unsafe nodes + Int(queue.last)
                unsafe (node.pointee.base + Int(node.pointee.end)).copyMemory(
                    from: source.baseAddress.unsafelyUnwrapped + taken, byteCount: step)
                unsafe node.pointee.end &+= UInt32(truncatingIfNeeded: step)
                taken &+= step
            }
        }
        queue.count &+= total
        queuedBytes &+= total
    }

    /// Takes over the bytes of `buffer` (at most 4 GiB) from `start` on as a block that queues can share. The caller
    /// holds one reference and gives it back with ``release(_:)``.
    package mutating func share(_ buffer: consuming ByteBuffer, from start: Int = 0) -> SharedBlock {
        precondition(start >= 0 && start < buffer.count && buffer.count < Int(UInt32.max))
        let count = buffer.count
        let base = unsafe buffer.surrenderStorage()
        let index: UInt32
        if freeBlocks != ChunkPool.none {
            index = freeBlocks
            unsafe freeBlocks = blocks[Int(index)].nextFree
        } else {
            if blockCount == blockCapacity { growBlocks() }
            index = UInt32(truncatingIfNeeded: blockCount)
            blockCount += 1
        }
        liveBlocks += 1
        unsafe (blocks + Int(index)).initialize(
            to: Block(base: base, start: start, end: count, references: 1, nextFree: ChunkPool.none))
        return SharedBlock(index: index)
    }

    /// Puts the whole block at the end of `queue`, without a copy.
    package mutating func append(_ block: SharedBlock, to queue: inout OutputQueue) {
        let index = takeBareNode()
        let shared = unsafe blocks + Int(block.index)
        unsafe precondition(shared.pointee.references > 0, "block was released before")
        unsafe shared.pointee.references += 1
        let (start, end) = unsafe (shared.pointee.start, shared.pointee.end)
        unsafe nodes[Int(index)] = unsafe Node(
            base: shared.pointee.base, start: UInt32(truncatingIfNeeded: start),
            end: UInt32(truncatingIfNeeded: end), next: ChunkPool.none, block: block.index)
        link(index, to: &queue)
        queue.count &+= end &- start
        queuedBytes &+= end &- start
    }

    package mutating func release(_ block: SharedBlock) {
        dropReference(block.index)
    }

    // MARK: Draining

    /// Writes up to `limit` stretches of queued bytes, in order, to `segments`; returns how many.
    @unsafe
    package func gather(_ queue: OutputQueue, into segments: UnsafeMutablePointer<OutputSegment>, limit: Int) -> Int {
        var filled = 0
        var index = queue.first
        while index != ChunkPool.none && filled < limit {
            let node = unsafe nodes + Int(index)
            unsafe segments[filled] = unsafe OutputSegment(
                base: node.pointee.base + Int(node.pointee.start), count: Int(node.pointee.end - node.pointee.start))
            filled += 1
            unsafe index = node.pointee.next
        }
        return filled
    }

    /// Drops `count` sent bytes from the front; what became empty goes back to the pool.
    package mutating func consume(_ count: Int, from queue: inout OutputQueue) {
        precondition(count >= 0 && count <= queue.count)
        var rest = count
        while rest > 0 {
            let node = unsafe nodes + Int(queue.first)
            let available = unsafe Int(node.pointee.end &- node.pointee.start)
            if rest < available {
                unsafe node.pointee.start &+= UInt32(truncatingIfNeeded: rest)
                rest = 0
            } else {
                rest &-= available
                let next = unsafe node.pointee.next
                giveBack(queue.first)
                queue.first = next
                if next == ChunkPool.none { queue.last = ChunkPool.none }
            }
        }
        queue.count &-= count
        queuedBytes &-= count
    }

    package mutating func clear(_ queue: inout OutputQueue) {
        consume(queue.count, from: &queue)
    }

    /// A copy of what is queued; for tests.
    package func contents(_ queue: OutputQueue) -> [UInt8] {
        var bytes: [UInt8] = []
        var index = queue.first
        while index != ChunkPool.none {
            let node = unsafe nodes[Int(index)]
            unsafe bytes += UnsafeRawBufferPointer(
                start: node.base + Int(node.start), count: Int(node.end - node.start))
            unsafe index = node.next
        }
        return bytes
    }

    // MARK: Nodes

    private mutating func link(_ index: UInt32, to queue: inout OutputQueue) {
        if queue.last == ChunkPool.none {
            queue.first = index
        } else {
            unsafe nodes[Int(queue.last)].next = index
        }
        queue.last = index
    }

    private mutating func takeChunk() -> UInt32 {
        if freeChunks != ChunkPool.none {
            let index = freeChunks
            let node = unsafe nodes + Int(index)
            unsafe freeChunks = node.pointee.next
            freeChunkCount &-= 1
            unsafe node.pointee.start = 0
            unsafe node.pointee.end = 0
            unsafe node.pointee.next = ChunkPool.none
            return index
        }
        let index = takeBareNode()
        allocatedChunks += 1
        unsafe nodes[Int(index)] = Node(
            base: .allocate(byteCount: ChunkPool.chunkCapacity, alignment: 64), start: 0, end: 0,
            next: ChunkPool.none, block: ChunkPool.none)
        return index
    }

    private mutating func takeBareNode() -> UInt32 {
        if bareNodes != ChunkPool.none {
            let index = bareNodes
            unsafe bareNodes = nodes[Int(index)].next
            return index
        }
        if nodeCount == nodeCapacity { growNodes() }
        nodeCount += 1
        return UInt32(truncatingIfNeeded: nodeCount - 1)
    }

    private mutating func giveBack(_ index: UInt32) {
        let node = unsafe nodes + Int(index)
        let block = unsafe node.pointee.block
        if block == ChunkPool.none, freeChunkCount < ChunkPool.retainedChunks {
            unsafe node.pointee.next = freeChunks
            freeChunks = index
            freeChunkCount &+= 1
            return
        }
        if block == ChunkPool.none {
            unsafe node.pointee.base.deallocate()
            allocatedChunks -= 1
        } else {
            dropReference(block)
        }
        // A bare node points nowhere; a block number that is never used keeps `deinit` from freeing it.
        unsafe node.pointee.block = ChunkPool.none - 1
        unsafe node.pointee.next = bareNodes
        bareNodes = index
    }

    private mutating func dropReference(_ index: UInt32) {
        let block = unsafe blocks + Int(index)
        unsafe precondition(block.pointee.references > 0, "block was released before")
        unsafe block.pointee.references -= 1
        guard unsafe block.pointee.references == 0 else { return }
        unsafe block.pointee.base.deallocate()
        liveBlocks -= 1
        unsafe block.pointee.nextFree = freeBlocks
        freeBlocks = index
    }

    private mutating func growNodes() {
        let fresh = UnsafeMutablePointer<Node>.allocate(capacity: nodeCapacity * 2)
        unsafe fresh.moveInitialize(from: nodes, count: nodeCount)
        unsafe nodes.deallocate()
        unsafe nodes = fresh
        nodeCapacity *= 2
    }

    private mutating func growBlocks() {
        let fresh = UnsafeMutablePointer<Block>.allocate(capacity: blockCapacity * 2)
        unsafe fresh.moveInitialize(from: blocks, count: blockCount)
        unsafe blocks.deallocate()
        unsafe blocks = fresh
        blockCapacity *= 2
    }
}
