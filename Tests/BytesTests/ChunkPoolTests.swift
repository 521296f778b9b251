import RennbahnBytes
import Testing

@Suite("Chunk pool")
struct ChunkPoolTests {
    private let capacity = ChunkPool.chunkCapacity

    private func pattern(_ count: Int, from start: Int = 0) -> [UInt8] {
        (start..<start + count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
    }

    /// What a gathering write would send.
    private func gathered(_ pool: borrowing ChunkPool, _ queue: OutputQueue, limit: Int = 64) -> [[UInt8]] {
        withUnsafeTemporaryAllocation(of: OutputSegment.self, capacity: limit) { segments in
            guard let base = segments.baseAddress else { return [] }
            let count = pool.gather(queue, into: base, limit: limit)
            return segments[..<count].map { Array(UnsafeRawBufferPointer(start: $0.base, count: $0.count)) }
        }
    }

    @Test("lays a segment out as the kernel's iovec")
    func layout() {
        #expect(MemoryLayout<OutputSegment>.size == 2 * MemoryLayout<Int>.size)
        #expect(MemoryLayout<OutputSegment>.stride == 2 * MemoryLayout<Int>.size)
        #expect(MemoryLayout<OutputSegment>.offset(of: \.count) == MemoryLayout<Int>.size)
    }

    @Test("keeps bytes in order across chunks", arguments: [-1, 0, 1])
    func acrossChunks(delta: Int) {
        var pool = ChunkPool()
        var queue = OutputQueue()
        let bytes = pattern(capacity * 3 + delta)
        for piece in [bytes[..<100], bytes[100..<5000], bytes[5000...]] {
            let piece = Array(piece)
            pool.append(piece.span, to: &queue)
        }
        #expect(queue.count == bytes.count)
        #expect(pool.queuedBytes == bytes.count)
        #expect(pool.contents(queue) == bytes)
        #expect(Array(gathered(pool, queue).joined()) == bytes)
        #expect(pool.allocatedBytes == ChunkPool.smallChunkCapacity + 3 * capacity)
    }

    @Test("takes no chunk for nothing")
    func nothing() {
        var pool = ChunkPool()
        var queue = OutputQueue()
        let none: [UInt8] = []
        pool.append(none.span, to: &queue)
        pool.consume(0, from: &queue)
        pool.clear(&queue)
        #expect(queue.isEmpty)
        #expect(pool.allocatedBytes == 0)
        #expect(gathered(pool, queue).isEmpty)
    }

    @Test("drains in steps of any size", arguments: [1, 2, 7, 4096, 8191, 8192, 8193, 20_000])
    func drains(step: Int) {
        var pool = ChunkPool()
        var queue = OutputQueue()
        let bytes = pattern(capacity * 2 + 77)
        pool.append(bytes.span, to: &queue)
        var drained = 0
        var wrong = 0
        while !queue.isEmpty {
            let count = min(step, queue.count)
            pool.consume(count, from: &queue)
            drained += count
            if step > 100 || drained % 997 == 0, pool.contents(queue) != Array(bytes[drained...]) { wrong += 1 }
        }
        #expect(wrong == 0)
        #expect(drained == bytes.count)
        #expect(pool.queuedBytes == 0)
    }

    @Test("appends behind bytes that were partly sent")
    func appendAfterPartialSend() {
        var pool = ChunkPool()
        var queue = OutputQueue()
        let first = pattern(1000)
        let second = pattern(capacity, from: 1000)
        pool.append(first.span, to: &queue)
        pool.consume(999, from: &queue)
        pool.append(second.span, to: &queue)
        #expect(pool.contents(queue) == [first[999]] + second)
        pool.consume(1, from: &queue)
        #expect(pool.contents(queue) == second)
    }

    @Test("uses chunks again instead of taking more memory")
    func reuse() {
        var pool = ChunkPool()
        let bytes = pattern(capacity + 1)
        for _ in 0..<100 {
            var queue = OutputQueue()
            pool.append(bytes.span, to: &queue)
            pool.clear(&queue)
        }
        #expect(pool.allocatedBytes == 2 * capacity)
    }

    @Test("begins a queue with a small chunk where the bytes fit", arguments: [1, 1024, 1025])
    func smallChunk(count: Int) {
        var pool = ChunkPool()
        var queue = OutputQueue()
        let bytes = pattern(count)
        for _ in 0..<100 {
            pool.append(bytes.span, to: &queue)
            #expect(pool.contents(queue) == bytes)
            pool.clear(&queue)
        }
        #expect(
            pool.allocatedBytes == (count <= ChunkPool.smallChunkCapacity ? ChunkPool.smallChunkCapacity : capacity))
    }

    @Test("gives chunks beyond the retained ones back")
    func retention() {
        var pool = ChunkPool()
        var queue = OutputQueue()
        let bytes = [UInt8](repeating: 1, count: ChunkPool.retainedBytes + 10 * capacity)
        pool.append(bytes.span, to: &queue)
        #expect(pool.allocatedBytes == ChunkPool.retainedBytes + 10 * capacity)
        pool.clear(&queue)
        #expect(pool.allocatedBytes == ChunkPool.retainedBytes)
        let more = pattern(100)
        pool.append(more.span, to: &queue)
        #expect(pool.contents(queue) == more)
    }

    @Test("keeps the queues of different connections apart")
    func separateQueues() {
        var pool = ChunkPool()
        var queues = [OutputQueue](repeating: OutputQueue(), count: 3)
        var expected = [[UInt8]](repeating: [], count: 3)
        for round in 0..<60 {
            let piece = pattern(500, from: round * 7)
            pool.append(piece.span, to: &queues[round % 3])
            expected[round % 3] += piece
        }
        pool.clear(&queues[1])
        #expect(pool.contents(queues[0]) == expected[0])
        #expect(queues[1].isEmpty)
        #expect(pool.contents(queues[2]) == expected[2])
        #expect(pool.queuedBytes == expected[0].count + expected[2].count)
    }

    @Test("gathers no more segments than asked for, the first ones first")
    func gatherLimit() {
        var pool = ChunkPool()
        var queue = OutputQueue()
        let bytes = pattern(capacity * 4)
        pool.append(bytes.span, to: &queue)
        pool.consume(10, from: &queue)
        let two = gathered(pool, queue, limit: 2)
        #expect(two.map(\.count) == [capacity - 10, capacity])
        #expect(Array(two.joined()) == Array(bytes[10..<2 * capacity]))
    }

    @Test("sends one block from many queues and frees it after the last")
    func sharedBlocks() {
        var pool = ChunkPool()
        var queues = [OutputQueue](repeating: OutputQueue(), count: 3)
        let head = pattern(10)
        let body = pattern(100_000, from: 3)
        let block = pool.share(body.span)
        for index in queues.indices {
            pool.append(head.span, to: &queues[index])
            pool.append(block, to: &queues[index])
            pool.append(head.span, to: &queues[index])
        }
        #expect(pool.queuedBytes == 3 * 100_020)
        #expect(gathered(pool, queues[0]).map(\.count) == [10, 100_000, 10])
        pool.release(block)
        #expect(pool.liveBlocks == 1)
        for index in queues.indices { #expect(pool.contents(queues[index]) == head + body + head) }
        pool.consume(50_000, from: &queues[0])
        #expect(pool.contents(queues[0]) == Array((head + body + head)[50_000...]))
        #expect(pool.contents(queues[1]) == head + body + head)
        pool.clear(&queues[0])
        pool.clear(&queues[1])
        #expect(pool.liveBlocks == 1)
        pool.consume(10 + 100_000, from: &queues[2])
        #expect(pool.liveBlocks == 0)
        #expect(pool.contents(queues[2]) == head)
    }

    @Test("frees a block that no queue took")
    func unusedBlock() {
        var pool = ChunkPool()
        let bytes = pattern(ChunkPool.blockThreshold)
        let first = pool.share(bytes.span)
        pool.release(first)
        #expect(pool.liveBlocks == 0)
        let second = pool.share(bytes.span)
        #expect(pool.liveBlocks == 1)
        var queue = OutputQueue()
        pool.append(second, to: &queue)
        pool.append(second, to: &queue)
        #expect(pool.contents(queue) == bytes + bytes)
    }

    @Test("blocks that are used again, of sizes that fit and of sizes that do not, hold what was shared last")
    func reusedBlocks() {
        var pool = ChunkPool()
        var queue = OutputQueue()
        let step = ChunkPool.blockThreshold
        for (round, size) in [step, step + 1, step, 9 * step, 3 * step, 2 * step, step, 100 * step].enumerated() {
            let (one, other) = (pattern(size, from: round), pattern(size, from: round + 100))
            for bytes in [one, other] {
                let block = pool.share(bytes.span)
                pool.append(block, to: &queue)
                pool.release(block)
            }
            #expect(pool.liveBlocks == 2)
            #expect(pool.contents(queue) == one + other)
            pool.clear(&queue)
            #expect(pool.liveBlocks == 0)
        }
    }

    @Test("sends the small frames of a turn as one stretch, without a chunk for any queue")
    func turnFrames() {
        var pool = ChunkPool()
        var queues = [OutputQueue](repeating: OutputQueue(), count: 3)
        let frames = (0..<16).map { pattern(50 + $0, from: $0) }
        for frame in frames {
            let shared = pool.share(frame.span)
            for index in queues.indices { pool.append(shared, to: &queues[index]) }
            pool.release(shared)
        }
        for queue in queues { #expect(gathered(pool, queue) == [Array(frames.joined())]) }
        #expect(pool.allocatedBytes == 0)
        #expect(pool.liveBlocks == 0)
        for index in queues.indices { pool.clear(&queues[index]) }
        pool.endTurn()
        #expect(pool.queuedBytes == 0)
    }

    @Test("begins a new stretch behind bytes of the queue's own, and behind another's frame")
    func interruptedStretch() {
        var pool = ChunkPool()
        var queue = OutputQueue()
        let (a, b, c, own) = (pattern(20), pattern(30, from: 1), pattern(40, from: 2), pattern(5, from: 3))
        pool.append(pool.share(a.span), to: &queue)
        pool.append(own.span, to: &queue)
        pool.append(pool.share(b.span), to: &queue)
        _ = pool.share(own.span)
        pool.append(pool.share(c.span), to: &queue)
        #expect(gathered(pool, queue) == [a, own, b, c])
    }

    @Test("keeps what the turn's end would take", arguments: [0, 1, 19, 20, 21, 5000])
    func keeps(sent: Int) {
        var pool = ChunkPool()
        var queue = OutputQueue()
        let (small, large, own) = (pattern(20), pattern(5000, from: 1), pattern(2000, from: 3))
        let block = pool.share(large.span)
        pool.append(pool.share(small.span), to: &queue)
        pool.append(block, to: &queue)
        pool.append(own.span, to: &queue)
        pool.append(pool.share(own.span), to: &queue)
        pool.release(block)
        pool.consume(sent, from: &queue)
        pool.keep(&queue)
        pool.endTurn()
        let other = pattern(2000, from: 77)
        _ = pool.share(other.span)
        _ = pool.share(other.span)
        #expect(pool.contents(queue) == Array((small + large + own + own)[sent...]))
        #expect(queue.count == 9020 - sent)
        #expect(pool.queuedBytes == queue.count)
        pool.clear(&queue)
        #expect(pool.liveBlocks == 0)
        #expect(pool.queuedBytes == 0)
    }

    @Test("shares no more in a turn than it has room for, until the turn ends")
    func turnCapacity() {
        var pool = ChunkPool()
        let frame = pattern(ChunkPool.blockThreshold - 1)
        var count = 0
        while pool.canShare(frame.count) {
            _ = pool.share(frame.span)
            count += frame.count
        }
        #expect(count <= ChunkPool.turnCapacity && count + frame.count > ChunkPool.turnCapacity)
        let takesBlock = pool.canShare(ChunkPool.blockThreshold)
        #expect(takesBlock)
        pool.endTurn()
        let takesFrame = pool.canShare(frame.count)
        #expect(takesFrame)
    }

    @Test("traps when a block is used after its last release")
    func useAfterRelease() async {
        await #expect(processExitsWith: .failure) {
            var pool = ChunkPool()
            let bytes = [UInt8](repeating: 1, count: ChunkPool.blockThreshold)
            let block = pool.share(bytes.span)
            pool.release(block)
            pool.release(block)
        }
        await #expect(processExitsWith: .failure) {
            var pool = ChunkPool()
            var queue = OutputQueue()
            let bytes = [UInt8](repeating: 1, count: ChunkPool.blockThreshold)
            let block = pool.share(bytes.span)
            pool.release(block)
            pool.append(block, to: &queue)
        }
    }
}
