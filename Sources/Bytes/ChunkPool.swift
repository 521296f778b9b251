/// Bytes that wait to be sent on one connection, in order: a list of chunks that belong to a ``ChunkPool``.
///
/// Plain data: an empty queue owns nothing. Only the pool that filled a queue may drain it.
package struct OutputQueue: Sendable {
    package internal(set) var first: UInt32 = .max
    package internal(set) var last: UInt32 = .max
    /// Bytes in the queue.
    package internal(set) var count = 0

    package init() {}

    package var isEmpty: Bool { count == 0 }
}

/// A stretch of queued bytes, laid out as the kernel's `struct iovec` is.
@unsafe
package struct OutputSegment {
    package var base: UnsafeMutableRawPointer?
    package var count: Int
}

/// The output memory of one shard: chunks of two fixed sizes that go to the connections which have output and come back
/// when it is sent, and blocks that many queues send from without a copy.
///
/// What an empty queue gets first is a small chunk, so that a message to ten thousand connections touches ten thousand
/// small pieces of memory; what it needs beyond is large, so that a long queue has few pieces.
///
/// One owner, one thread. Chunks are reused last in, first out, so the working set stays in cache.
@safe
package struct ChunkPool: ~Copyable {
    /// Payload bytes of the chunk that an empty queue begins with.
    package static let smallChunkCapacity = 1024
    /// Payload bytes of the chunks behind it, and of the first one of a message that is longer than a small one.
    package static let chunkCapacity = 8 * 1024
    /// Bytes of free chunks and blocks that are kept; more go back to the allocator.
    package static let retainedBytes = 32 * 1024 * 1024
    /// As many as are left of them by ``trim()``.
    static let trimmedBytes = 4 * 1024 * 1024

    /// Where a node's bytes are, and which node follows.
    @unsafe
    struct Node {
        var base: UnsafeMutableRawPointer
        var start: UInt32
        var end: UInt32
        /// Up to where bytes can be appended: the capacity of a chunk; `end` where the bytes are shared.
        var limit: UInt32
        var next: UInt32
        /// ``smallChunk``, ``largeChunk``, ``turn`` or ``bare``, or the shared block that it points into.
        var block: UInt32
    }

    /// What several queues send from, or a free place for one that may keep its memory.
    @unsafe
    struct Block {
        var base: UnsafeMutableRawPointer?
        var capacity: Int
        var references = 0
        var nextFree = ChunkPool.none

        /// Whole pages of memory, so that frames of nearly one size fit into the same.
        init(count: Int) {
            let capacity = (count &+ 4095) & ~4095
            unsafe self.capacity = capacity
            unsafe base = .allocate(byteCount: capacity, alignment: 64)
        }
    }

    static let none = UInt32.max
    static let smallChunk = UInt32.max
    static let largeChunk = UInt32.max - 1
    /// Of a node that points nowhere.
    static let bare = UInt32.max - 2
    /// Of a node whose bytes are in ``turnBytes``.
    static let turn = UInt32.max - 3

    var nodes: UnsafeMutablePointer<Node>
    var nodeCapacity: Int
    var nodeCount = 0
    /// Nodes without storage, ready to point into a shared block.
    var bareNodes = none
    /// Nodes with an empty chunk.
    var freeSmallChunks = none
    var freeLargeChunks = none
    var freeBytes = 0

    var blocks: UnsafeMutablePointer<Block>
    var blockCapacity: Int
    var blockCount = 0
    var freeBlocks = none

    /// What the queues share until the end of the turn: see ``share(_:)``.
    var turnBytes: UnsafeMutableRawPointer?
    var turnCount = 0
    /// Turns that have ended; compared for equality only.
    var turns: UInt32 = 0

    /// Bytes in all queues of this pool, shared blocks counted once for each queue.
    package internal(set) var queuedBytes = 0
    /// Bytes of all chunks, filled or free.
    package private(set) var allocatedBytes = 0
    /// Bytes of all shared blocks that have their memory, in use or free.
    var blockBytes = 0
    /// Bytes of memory that queues take: what several of them share counts once.
    package var heldBytes: Int { allocatedBytes &+ blockBytes &- freeBytes }
    /// Shared blocks that a queue or their sharer still refers to.
    package internal(set) var liveBlocks = 0

    package init() {
        nodeCapacity = 64
        unsafe nodes = .allocate(capacity: nodeCapacity)
        blockCapacity = 16
        unsafe blocks = .allocate(capacity: blockCapacity)
    }

    deinit {
        // Queues hold indices only: whoever drops a pool drops what was queued. Chunks are found through the nodes.
        for index in 0..<nodeCount where unsafe nodes[index].block >= ChunkPool.largeChunk {
            unsafe nodes[index].base.deallocate()
        }
        for index in 0..<blockCount { unsafe blocks[index].base?.deallocate() }
        unsafe nodes.deallocate()
        unsafe blocks.deallocate()
        unsafe turnBytes?.deallocate()
    }

    // MARK: Filling

    /// Copies `bytes` to the end of `queue`.
    package mutating func append(_ bytes: Span<UInt8>, to queue: inout OutputQueue) {
        unsafe bytes.withUnsafeBytes { source in
            guard let base = source.baseAddress, source.count > 0 else { return }
            if queue.last == ChunkPool.none {
                link(takeChunk(for: source.count), to: &queue)
            }
            let node = unsafe nodes + Int(queue.last)
            let end = unsafe node.pointee.end
            if unsafe source.count <= Int(node.pointee.limit &- end) {
                unsafe (node.pointee.base + Int(end)).copyMemory(from: base, byteCount: source.count)
                unsafe node.pointee.end = end &+ UInt32(truncatingIfNeeded: source.count)
            } else {
                unsafe appendPiecewise(source, to: &queue)
            }
            queue.count &+= source.count
            queuedBytes &+= source.count
        }
    }

    /// Fills the last chunk and goes on with large ones.
    @unsafe
    private mutating func appendPiecewise(_ source: UnsafeRawBufferPointer, to queue: inout OutputQueue) {
        var taken = 0
        while taken < source.count {
            var room = unsafe Int(nodes[Int(queue.last)].limit &- nodes[Int(queue.last)].end)
            if room == 0 {
                link(takeChunk(for: ChunkPool.chunkCapacity), to: &queue)
                room = ChunkPool.chunkCapacity
            }
            let step = min(room, source.count &- taken)
            let node = unsafe nodes + Int(queue.last)
            unsafe (node.pointee.base + Int(node.pointee.end)).copyMemory(
                from: source.baseAddress.unsafelyUnwrapped + taken, byteCount: step)
            unsafe node.pointee.end &+= UInt32(truncatingIfNeeded: step)
            taken &+= step
        }
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

    /// The queue's bytes where they are one stretch, which is the usual case.
    @unsafe
    package func onlySegment(_ queue: OutputQueue) -> OutputSegment? {
        guard queue.first == queue.last, queue.first != ChunkPool.none else { return nil }
        let node = unsafe nodes + Int(queue.first)
        return unsafe OutputSegment(
            base: node.pointee.base + Int(node.pointee.start), count: Int(node.pointee.end &- node.pointee.start))
    }

    /// Hands the first stretch of a queue that is not empty to `body`, and drops as many bytes as that returns.
    package mutating func drain<Failure: Error>(
        _ queue: inout OutputQueue, _ body: (Span<UInt8>) throws(Failure) -> Int
    ) throws(Failure) {
        let node = unsafe nodes[Int(queue.first)]
        let bytes = unsafe UnsafeRawBufferPointer(
            start: node.base + Int(node.start), count: Int(node.end &- node.start))
        consume(try unsafe body(Span(_unsafeBytes: bytes)), from: &queue)
    }

    /// Drops `count` sent bytes from the front; what became empty goes back to the pool.
    package mutating func consume(_ count: Int, from queue: inout OutputQueue) {
        precondition(count >= 0 && count <= queue.count)
        // All of a single stretch, as a socket that keeps up takes it.
        if count == queue.count, queue.first == queue.last, count > 0 {
            giveBack(queue.first)
            queue = OutputQueue()
            queuedBytes &-= count
            return
        }
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

    /// Drops what is behind the first `count` bytes.
    package mutating func truncate(_ queue: inout OutputQueue, to count: Int) {
        precondition(count >= 0 && count <= queue.count)
        guard count < queue.count else { return }
        guard count > 0 else { return clear(&queue) }
        var rest = count
        var index = queue.first
        while unsafe rest > Int(nodes[Int(index)].end &- nodes[Int(index)].start) {
            rest &-= unsafe Int(nodes[Int(index)].end &- nodes[Int(index)].start)
            unsafe index = nodes[Int(index)].next
        }
        let node = unsafe nodes + Int(index)
        unsafe node.pointee.end = node.pointee.start &+ UInt32(truncatingIfNeeded: rest)
        // Nothing is written behind bytes that are shared.
        if unsafe node.pointee.block < ChunkPool.largeChunk { unsafe node.pointee.limit = node.pointee.end }
        var behind = unsafe node.pointee.next
        unsafe node.pointee.next = ChunkPool.none
        queue.last = index
        while behind != ChunkPool.none {
            let next = unsafe nodes[Int(behind)].next
            giveBack(behind)
            behind = next
        }
        queuedBytes &-= queue.count &- count
        queue.count = count
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

    mutating func link(_ index: UInt32, to queue: inout OutputQueue) {
        if queue.last == ChunkPool.none {
            queue.first = index
        } else {
            unsafe nodes[Int(queue.last)].next = index
        }
        queue.last = index
    }

    /// A node with an empty chunk: a small one if `count` bytes fit in.
    private mutating func takeChunk(for count: Int) -> UInt32 {
        let isSmall = count <= ChunkPool.smallChunkCapacity
        let index = isSmall ? freeSmallChunks : freeLargeChunks
        guard index != ChunkPool.none else { return makeChunk(isSmall: isSmall) }
        let node = unsafe nodes + Int(index)
        if isSmall {
            unsafe freeSmallChunks = node.pointee.next
        } else {
            unsafe freeLargeChunks = node.pointee.next
        }
        unsafe freeBytes &-= Int(node.pointee.limit)
        unsafe node.pointee.start = 0
        unsafe node.pointee.end = 0
        unsafe node.pointee.next = ChunkPool.none
        return index
    }

    private mutating func makeChunk(isSmall: Bool) -> UInt32 {
        let index = takeBareNode()
        let capacity = isSmall ? ChunkPool.smallChunkCapacity : ChunkPool.chunkCapacity
        allocatedBytes += capacity
        unsafe nodes[Int(index)] = Node(
            base: .allocate(byteCount: capacity, alignment: 64), start: 0, end: 0,
            limit: UInt32(truncatingIfNeeded: capacity), next: ChunkPool.none,
            block: isSmall ? ChunkPool.smallChunk : ChunkPool.largeChunk)
        return index
    }

    mutating func takeBareNode() -> UInt32 {
        if bareNodes != ChunkPool.none {
            let index = bareNodes
            unsafe bareNodes = nodes[Int(index)].next
            return index
        }
        if nodeCount == nodeCapacity { unsafe ChunkPool.grow(&nodes, nodeCount, &nodeCapacity) }
        nodeCount += 1
        return UInt32(truncatingIfNeeded: nodeCount - 1)
    }

    private mutating func giveBack(_ index: UInt32) {
        let node = unsafe nodes + Int(index)
        let block = unsafe node.pointee.block
        guard block >= ChunkPool.largeChunk else {
            if block != ChunkPool.turn { dropReference(block) }
            makeBare(index)
            return
        }
        let capacity = unsafe Int(node.pointee.limit)
        guard freeBytes &+ capacity <= ChunkPool.retainedBytes else {
            deallocate(index)
            return
        }
        freeBytes &+= capacity
        if block == ChunkPool.smallChunk {
            unsafe node.pointee.next = freeSmallChunks
            freeSmallChunks = index
        } else {
            unsafe node.pointee.next = freeLargeChunks
            freeLargeChunks = index
        }
    }

    private mutating func deallocate(_ index: UInt32) {
        let node = unsafe nodes + Int(index)
        unsafe node.pointee.base.deallocate()
        allocatedBytes -= unsafe Int(node.pointee.limit)
        makeBare(index)
    }

    /// Gives most of the memory that no queue takes back to the allocator, after a queue was long.
    package mutating func trim() {
        trimBlocks()
        while freeBytes > ChunkPool.trimmedBytes, freeLargeChunks != ChunkPool.none {
            let index = takeChunk(for: ChunkPool.chunkCapacity)
            deallocate(index)
        }
        while freeBytes > ChunkPool.trimmedBytes, freeSmallChunks != ChunkPool.none {
            let index = takeChunk(for: 0)
            deallocate(index)
        }
    }

    mutating func makeBare(_ index: UInt32) {
        unsafe nodes[Int(index)].block = ChunkPool.bare
        unsafe nodes[Int(index)].next = bareNodes
        bareNodes = index
    }

    /// Moves `count` elements to twice the room.
    @unsafe
    @inline(never)
    static func grow<Element>(_ base: inout UnsafeMutablePointer<Element>, _ count: Int, _ capacity: inout Int) {
        capacity *= 2
        let fresh = UnsafeMutablePointer<Element>.allocate(capacity: capacity)
        unsafe fresh.moveInitialize(from: base, count: count)
        unsafe base.deallocate()
        unsafe base = fresh
    }
}
