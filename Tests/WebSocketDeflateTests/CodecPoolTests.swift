import RennbahnBytes
import RennbahnWebSocketDeflate
import Testing

/// Memory that knows what it has given, and may run out.
private final class Ledger: @unchecked Sendable {
    var taken = 0
    var octets = 0
    var isEmpty = false

    var memory: CodecMemory {
        CodecMemory(
            take: { count in
                guard !self.isEmpty else { return nil }
                self.taken += 1
                self.octets += count
                // What was there before must not matter.
                let address = UnsafeMutableRawPointer.allocate(byteCount: count, alignment: 16)
                address.initializeMemory(as: UInt8.self, repeating: 0xa5, count: count)
                return address
            },
            giveBack: { address, count in
                self.taken -= 1
                self.octets -= count
                address.deallocate()
            })
    }
}

@Suite("Pool of zlib's states")
struct CodecPoolTests {
    @Test("Every state goes back to where it came from, when its codec or its pool ends")
    func balance() throws {
        let ledger = Ledger()
        for finishes in [true, false] {
            var pool = CodecPool(limits: neverParked, memory: ledger.memory)
            var pairs = FixedPairs(12)
            for index in 0..<12 { #expect(try pairs.roundTrip(index, hello, &pool) == hello) }
            #expect(ledger.taken == pool.liveCount + pool.spareCount)
            #expect(pool.liveCount == 18)
            if finishes {
                pairs.finish(&pool)
                #expect(pool.liveCount == 0)
                #expect(ledger.taken == pool.spareCount)
            }
        }
        #expect(ledger.taken == 0)
        #expect(ledger.octets == 0)
    }

    @Test("Spare states are bounded; a sweep frees those that had no user since the sweep before, down to two")
    func spares() throws {
        let ledger = Ledger()
        var limits = neverParked
        limits.spareStates = 7
        var pool = CodecPool(limits: limits, memory: ledger.memory)
        var pairs = FixedPairs(12)
        for index in 0..<12 { _ = try pairs.roundTrip(index, hello, &pool) }
        pairs.finish(&pool)
        #expect(pool.spareCount == 7)
        #expect(pool.needsSweep == true)
        pool.endSweep()
        #expect(pool.spareCount == 7)
        // The decompressor that the first of the pairs borrows, and a compressor for it.
        _ = try pairs.roundTrip(0, hello, &pool)
        pool.endSweep()
        #expect(pool.spareCount == 2)
        #expect(ledger.taken == 2)
        #expect(pool.needsSweep == false)
    }

    @Test("Without memory a message cannot be read, and the connection fails over it")
    func noMemory() throws {
        let ledger = Ledger()
        ledger.isEmpty = true
        var pool = CodecPool(memory: ledger.memory)
        var inflater = Inflater(windowBits: 15, contextTakeover: true)
        #expect(throws: InflateFailure.outOfMemory) {
            try inflate([0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00], &inflater, &pool)
        }
    }

    @Test("Without memory a message is not compressed and nothing of it is written, and with memory the next one is")
    func noMemoryToCompress() throws {
        let ledger = Ledger()
        ledger.isEmpty = true
        var pool = CodecPool(memory: ledger.memory)
        var deflater = Deflater(windowBits: 15, memoryLevel: 8, level: 6, contextTakeover: true)
        var inflater = Inflater(windowBits: 15, contextTakeover: true)
        var output = ByteBuffer()
        let text = hello
        let isCompressed = deflater.compress(text.span, into: &output, pool: &pool)
        #expect(isCompressed == false)
        let count = output.count
        #expect(count == 0)
        ledger.isEmpty = false
        #expect(try inflate(compress(hello, &deflater, &pool), &inflater, &pool) == hello)
    }

    @Test("A state is as large as zlib's parameters make it")
    func sizes() throws {
        for (windowBits, memoryLevel, most) in [(15, 8, 300), (15, 9, 450), (9, 1, 12), (12, 5, 45)] {
            let ledger = Ledger()
            var pool = CodecPool(memory: ledger.memory)
            var deflater = Deflater(windowBits: windowBits, memoryLevel: memoryLevel, level: 6, contextTakeover: true)
            _ = compress(hello, &deflater, &pool)
            #expect((1...(most << 10)).contains(ledger.octets))
        }
    }
}
