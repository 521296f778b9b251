import RennbahnBytes
import RennbahnTestKit
import RennbahnWebSocketDeflate
import Testing

@Suite("Inflating piece by piece")
struct InflatingPiecesTests {
    /// The message, and how many octets each piece appended.
    private func pieces(
        _ payload: [UInt8], _ inflater: inout Inflater, _ pool: inout CodecPool, of size: Int, limit: Int = 1 << 24
    ) throws(InflateFailure) -> (message: [UInt8], counts: [Int]) {
        var output = ByteBuffer()
        var progress = Inflater.Progress()
        var counts: [Int] = []
        var isWhole = false
        while !isWhole {
            let before = output.count
            isWhole = try inflater.inflate(
                payload.span, &progress, into: &output, limit: limit, atMost: size, pool: &pool)
            counts.append(output.count - before)
        }
        return (output.span.copied(), counts)
    }

    @Test(
        "gives the same messages, whatever the pieces, with a context and without", arguments: [true, false],
        [1, 7, 256, 1000, 100_000])
    func same(takeover: Bool, size: Int) throws {
        var random = SeededGenerator(seed: UInt64(size))
        var deflater = Deflater(windowBits: 15, memoryLevel: 8, level: 6, contextTakeover: takeover)
        var inflater = Inflater(windowBits: 15, contextTakeover: takeover)
        var pool = CodecPool()
        for count in [0, 1, 255, 256, 257, 1000, 5000, 20_000] {
            let message = random.message(count)
            let (got, counts) = try pieces(compress(message, &deflater), &inflater, &pool, of: size)
            #expect(got == message && counts.allSatisfy { $0 <= size }, "\(count)")
            // What was kept for the rest of a message alone is given back with it.
            let (isLive, liveCount) = (inflater.isLive, pool.liveCount)
            #expect(takeover || !isLive && liveCount == 0)
        }
    }

    @Test("a few octets that become megabytes get no more than a piece at a time")
    func bomb() throws {
        let size = 1 << 22
        var deflater = Deflater(windowBits: 15, memoryLevel: 8, level: 9, contextTakeover: true)
        let bomb = compress([UInt8](repeating: 0, count: size), &deflater)
        var pool = CodecPool()
        var inflater = Inflater(windowBits: 15, contextTakeover: true)
        let (message, counts) = try pieces(bomb, &inflater, &pool, of: 65_536)
        #expect(message.count == size && counts.count >= 64 && counts.allSatisfy { $0 <= 65_536 })
        var bounded = Inflater(windowBits: 15, contextTakeover: true)
        #expect(throws: InflateFailure.tooLarge) {
            try pieces(bomb, &bounded, &pool, of: 65_536, limit: size - 1)
        }
        var exact = Inflater(windowBits: 15, contextTakeover: true)
        let (whole, _) = try pieces(bomb, &exact, &pool, of: 65_536, limit: size)
        #expect(whole.count == size)
    }

    @Test("empty blocks without end take a piece as well, though nothing comes of them")
    func emptyBlocks() throws {
        // Stored blocks of no octets (RFC 1951, section 3.2.4), the last without the octets that the sender leaves out.
        let empty: [UInt8] = [0x00, 0x00, 0x00, 0xff, 0xff]
        let payload = Array([[UInt8]](repeating: empty, count: 10_000).joined()) + [0x00]
        var pool = CodecPool()
        var inflater = Inflater(windowBits: 15, contextTakeover: true)
        let (message, counts) = try pieces(payload, &inflater, &pool, of: 1000)
        #expect(message.isEmpty && counts.count >= payload.count / 1000)
    }

    @Test("final blocks end where they do, wherever a piece ends", arguments: 1...40)
    func finalBlocks(size: Int) throws {
        let final: [UInt8] = [0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00]
        let open: [UInt8] = [0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00]
        var pool = CodecPool()
        var inflater = Inflater(windowBits: 15, contextTakeover: true)
        for (payload, times) in [(final + [0], 1), (final, 1), (open, 1), (final + open, 2), (final + final, 2)] {
            let (message, _) = try pieces(payload, &inflater, &pool, of: size)
            #expect(message == (0..<times).flatMap { _ in hello })
        }
    }

    @Test("where no more states may be kept, the window alone is behind a message of several pieces")
    func crowd() throws {
        var deflater = Deflater(windowBits: 15, memoryLevel: 8, level: 6, contextTakeover: true)
        var random = SeededGenerator(seed: 1)
        var limits = CodecLimits()
        limits.maxLive = 0
        var pool = CodecPool(limits: limits)
        var inflater = Inflater(windowBits: 15, contextTakeover: true)
        for _ in 0..<3 {
            let message = random.message(5000)
            let (got, counts) = try pieces(compress(message, &deflater), &inflater, &pool, of: 100)
            #expect(got == message && counts.count > 1)
            let (isLive, parkedCount, liveCount) = (inflater.isLive, inflater.parkedCount, pool.liveCount)
            #expect(!isLive && parkedCount > 0 && liveCount == 0)
        }
    }

    @Test("a message that is not whole is not parked by a sweep")
    func sweep() throws {
        var deflater = Deflater(windowBits: 15, memoryLevel: 8, level: 6, contextTakeover: true)
        var random = SeededGenerator(seed: 1)
        let message = random.message(5000)
        let payload = compress(message, &deflater)
        var pool = CodecPool()
        var inflater = Inflater(windowBits: 15, contextTakeover: true)
        var output = ByteBuffer()
        var progress = Inflater.Progress()
        while try !inflater.inflate(
            payload.span, &progress, into: &output, limit: 5000, atMost: 100, pool: &pool)
        {
            for _ in 0..<3 {
                inflater.parkIfIdle(in: &pool)
                pool.endSweep()
            }
            #expect(inflater.isLive == true)
        }
        #expect(output.span.copied() == message)
        for _ in 0..<3 {
            pool.endSweep()
            inflater.parkIfIdle(in: &pool)
        }
        #expect(inflater.isLive == false)
        #expect(inflater.parkedCount > 0)
        let next = random.message(300)
        #expect(try inflate(compress(next, &deflater), &inflater, &pool) == next)
    }
}
