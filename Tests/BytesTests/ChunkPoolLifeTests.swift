import RennbahnBytes
import RennbahnTestKit
import Testing

/// A pool and its queues next to what they should hold.
private struct Model: ~Copyable {
    var pool = ChunkPool()
    var queues = [OutputQueue](repeating: OutputQueue(), count: 8)
    var contents = [[UInt8]](repeating: [], count: 8)
    /// Shared frames that the caller still holds, with their bytes.
    var held: [(frame: SharedFrame, bytes: [UInt8])] = []
    var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    mutating func step() {
        let index = Int.random(in: 0..<queues.count, using: &generator)
        switch Int.random(in: 0..<10, using: &generator) {
        case 0...3:
            let large = Int.random(in: 0..<8, using: &generator) == 0
            let piece = generator.bytes(Int.random(in: 0...(large ? 20_000 : 300), using: &generator))
            pool.append(piece.span, to: &queues[index])
            contents[index] += piece
        case 4...6:
            // Often all, as a socket that keeps up takes; else a part.
            let all = Bool.random(using: &generator)
            let count = all ? queues[index].count : Int.random(in: 0...queues[index].count, using: &generator)
            pool.consume(count, from: &queues[index])
            contents[index].removeFirst(count)
        case 7:
            let isLarge = Int.random(in: 0..<4, using: &generator) == 0
            let bytes = generator.bytes(Int.random(in: 1...(isLarge ? 9000 : 300), using: &generator))
            guard held.count < 5, pool.canShare(bytes.count) else { return endTurn() }
            held.append((pool.share(bytes.span), bytes))
        case 8:
            guard let shared = held.randomElement(using: &generator) else { return }
            pool.append(shared.frame, to: &queues[index])
            contents[index] += shared.bytes
        default:
            guard !held.isEmpty else { return }
            pool.release(held.remove(at: Int.random(in: 0..<held.count, using: &generator)).frame)
        }
    }

    /// As a loop does: what is left of each queue outlives the turn, and the turn's frames are not used after it.
    mutating func endTurn() {
        for index in queues.indices { pool.keep(&queues[index]) }
        pool.endTurn()
        for shared in held { pool.release(shared.frame) }
        held = []
    }

    borrowing func holds() -> Bool {
        pool.queuedBytes == contents.reduce(0) { $0 + $1.count }
            && zip(queues, contents).allSatisfy { queue, bytes in
                queue.count == bytes.count && pool.contents(queue) == bytes
            }
    }

    /// Lets everything go.
    mutating func finish() {
        for index in queues.indices { pool.clear(&queues[index]) }
        for shared in held { pool.release(shared.frame) }
        held = []
        contents = [[UInt8]](repeating: [], count: queues.count)
    }
}

@Suite("Chunk pool over a long life")
struct ChunkPoolLifeTests {
    @Test("holds what arrays would, and nothing in the end", arguments: 1...6)
    func randomLife(seed: Int) {
        var model = Model(seed: UInt64(seed))
        for step in 0..<1500 {
            model.step()
            if step % 10 == 0, !model.holds() {
                Issue.record("differs from the model after step \(step), seed \(seed)")
                return
            }
        }
        model.finish()
        let holdsNothing = model.holds()
        #expect(holdsNothing, "seed \(seed)")
        #expect(model.pool.liveBlocks == 0, "seed \(seed)")
        #expect(model.pool.queuedBytes == 0, "seed \(seed)")
    }

    @Test("takes no more chunks than were ever in use at a time")
    func boundedChunks() {
        var pool = ChunkPool()
        var generator = SeededGenerator(seed: 9)
        var mostSmall = 0
        var mostLarge = 0
        for _ in 0..<300 {
            var queues = [OutputQueue](repeating: OutputQueue(), count: 5)
            for index in queues.indices {
                let most = Bool.random(using: &generator) ? 1200 : 20_000
                let piece = generator.bytes(Int.random(in: 1...most, using: &generator))
                pool.append(piece.span, to: &queues[index])
            }
            let large = queues.filter { $0.count > ChunkPool.smallChunkCapacity }
            mostSmall = max(mostSmall, queues.count - large.count)
            let chunks = large.reduce(0) { $0 + ($1.count + ChunkPool.chunkCapacity - 1) / ChunkPool.chunkCapacity }
            mostLarge = max(mostLarge, chunks)
            for index in queues.indices { pool.clear(&queues[index]) }
        }
        let most = mostSmall * ChunkPool.smallChunkCapacity + mostLarge * ChunkPool.chunkCapacity
        #expect(pool.allocatedBytes == most)
    }

    @Test("gives back what no queue takes when it is told to, and leaves the queues as they are")
    func trims() {
        var pool = ChunkPool()
        var (short, long) = (OutputQueue(), OutputQueue())
        let few = [UInt8](repeating: 1, count: 5000)
        let many = [UInt8](repeating: 2, count: 10 << 20)
        pool.append(few.span, to: &short)
        let held = pool.heldBytes
        pool.append(many.span, to: &long)
        let frame = pool.share(many.span)
        pool.append(frame, to: &long)
        pool.release(frame)
        pool.clear(&long)
        let before = pool.allocatedBytes
        #expect(before > 10 << 20)
        pool.trim()
        #expect(pool.allocatedBytes <= 5 << 20)
        #expect(pool.heldBytes == held)
        #expect(pool.contents(short) == few)
        // What was given back is had anew.
        pool.append(many.span, to: &long)
        let again = pool.share(many.span)
        pool.append(again, to: &long)
        pool.release(again)
        #expect(pool.contents(long) == many + many)
    }

    @Test("lets a pool end with bytes and blocks still queued")
    func endsWhileFull() {
        var model = Model(seed: 4)
        for _ in 0..<200 { model.step() }
        #expect(model.pool.queuedBytes > 0)
    }
}
