import Bytes
import Testing

@Suite("Chunk pool")
struct ChunkPoolTests {
    private let capacity = ChunkPool.chunkCapacity

    private func pattern(_ count: Int, from start: Int = 0) -> [UInt8] {
        (start..<start + count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
    }

    private func buffer(_ bytes: [UInt8]) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.append(bytes.span)
        return buffer
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
        #expect(pool.allocatedChunks == (delta > 0 ? 4 : 3))
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
        #expect(pool.allocatedChunks == 0)
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
        #expect(pool.allocatedChunks == 2)
    }

    @Test("gives chunks beyond the retained ones back")
    func retention() {
        var pool = ChunkPool()
        var queue = OutputQueue()
        let bytes = [UInt8](repeating: 1, count: capacity * (ChunkPool.retainedChunks + 10))
        pool.append(bytes.span, to: &queue)
        #expect(pool.allocatedChunks == ChunkPool.retainedChunks + 10)
        pool.clear(&queue)
        #expect(pool.allocatedChunks == ChunkPool.retainedChunks)
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
        let block = pool.share(buffer(body))
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
        let first = pool.share(buffer([1, 2, 3]))
        pool.release(first)
        #expect(pool.liveBlocks == 0)
        let second = pool.share(buffer([4]))
        #expect(pool.liveBlocks == 1)
        var queue = OutputQueue()
        pool.append(second, to: &queue)
        pool.append(second, to: &queue)
        #expect(pool.contents(queue) == [4, 4])
    }

    @Test("shares a block that begins behind its storage, as a frame head of variable length leaves it")
    func laterStart() {
        var pool = ChunkPool()
        var queue = OutputQueue()
        let bytes = pattern(1000)
        let block = pool.share(buffer(bytes), from: 14)
        pool.append(block, to: &queue)
        pool.release(block)
        #expect(queue.count == 986)
        #expect(pool.queuedBytes == 986)
        #expect(pool.contents(queue) == Array(bytes[14...]))
        pool.consume(1, from: &queue)
        #expect(gathered(pool, queue).map(\.count) == [985])
        pool.consume(985, from: &queue)
        #expect(pool.liveBlocks == 0)
    }

    @Test("traps when a block is used after its last release")
    func useAfterRelease() async {
        await #expect(processExitsWith: .failure) {
            var pool = ChunkPool()
            var buffer = ByteBuffer()
            buffer.append(1)
            let block = pool.share(buffer)
            pool.release(block)
            pool.release(block)
        }
        await #expect(processExitsWith: .failure) {
            var pool = ChunkPool()
            var queue = OutputQueue()
            var buffer = ByteBuffer()
            buffer.append(1)
            let block = pool.share(buffer)
            pool.release(block)
            pool.append(block, to: &queue)
        }
    }
}
