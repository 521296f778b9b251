import RennbahnBytes
import Testing

@Suite("Cutting a queue off")
struct ChunkPoolTruncatingTests {
    private static let lengths = [1, 700, 1024, 1025, 4096, 8192, 20_000]

    private func pattern(_ count: Int, _ seed: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8 &+ seed) }
    }

    /// Own bytes and shared ones in turn, of all lengths.
    private func fill(_ pool: inout ChunkPool, _ queue: inout OutputQueue) -> [UInt8] {
        var expected: [UInt8] = []
        for (number, length) in Self.lengths.enumerated() {
            let own = pattern(length, number)
            pool.append(own.span, to: &queue)
            let shared = pattern(length, number + 100)
            let frame = pool.share(shared.span)
            pool.append(frame, to: &queue)
            pool.release(frame)
            expected += own + shared
        }
        return expected
    }

    @Test("leaves what is in front, wherever the cut is, and takes more behind it", arguments: [0, 1, 699, 5000])
    func everywhere(sent: Int) {
        let whole = Self.lengths.reduce(0, +) * 2 - sent
        // Before, at and behind where each piece ends, and here and there within.
        var ends = [0]
        for length in Self.lengths { ends += [ends[ends.count - 1] + length, ends[ends.count - 1] + 2 * length] }
        let near = ends.flatMap { end in [end - sent - 1, end - sent, end - sent + 1] }
        let within = (0...whole).filter { $0 % 4001 == 0 }
        for cut in Set(near + within) where (0...whole).contains(cut) {
            var pool = ChunkPool()
            var (queue, other) = (OutputQueue(), OutputQueue())
            let expected = fill(&pool, &queue)
            let untouched = fill(&pool, &other)
            pool.consume(sent, from: &queue)
            pool.truncate(&queue, to: cut)
            #expect(queue.count == cut && pool.queuedBytes == cut + untouched.count)
            let more = pattern(3000, 7)
            pool.append(more.span, to: &queue)
            let left = Array(expected[sent..<sent + cut]) + more
            #expect(pool.contents(queue) == left, "cut at \(cut)")
            #expect(pool.contents(other) == untouched, "cut at \(cut)")
            pool.clear(&queue)
            pool.clear(&other)
            #expect(pool.queuedBytes == 0 && pool.liveBlocks == 0)
        }
    }
}
