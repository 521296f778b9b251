import RennbahnBytes
import RennbahnTestKit
import RennbahnWebSocketDeflate
import Testing

@Suite("Parking of codecs")
struct ParkingTests {
    /// Limits that park in another way for each seed.
    private func limits(_ random: inout SeededGenerator) -> CodecLimits {
        var limits = CodecLimits()
        limits.messagesToLive = [1, 2, 4, 255].randomElement(using: &random)!
        limits.parkedWindow = [0, 3, 100, 1024, 32_768].randomElement(using: &random)!
        limits.spareStates = [0, 1, 64].randomElement(using: &random)!
        return limits
    }

    @Test(
        "Parked codecs understand plain streams of zlib, and are understood, wherever they park",
        arguments: 9...15)
    func randomParking(windowBits: Int) throws {
        for seed in 0..<24 {
            var random = SeededGenerator(seed: UInt64(seed * 100 + windowBits))
            let takeover = seed % 3 > 0
            let level = [0, 1, 6, 9].randomElement(using: &random)!
            let memoryLevel = Int.random(in: 1...9, using: &random)
            var plain = CodecPool(limits: neverParked)
            var pool = CodecPool(limits: limits(&random))
            func deflater() -> Deflater {
                Deflater(windowBits: windowBits, memoryLevel: memoryLevel, level: level, contextTakeover: takeover)
            }
            var plainDeflater = deflater()
            var plainInflater = Inflater(windowBits: windowBits, contextTakeover: takeover)
            var testedDeflater = deflater()
            var testedInflater = Inflater(windowBits: windowBits, contextTakeover: takeover)
            for step in 0..<40 {
                let size = [0, 7, 60, 400, 5000, 40_000].randomElement(using: &random)!
                let message = random.message(Int.random(in: 0...size, using: &random))
                let received = compress(message, &plainDeflater, &plain)
                #expect(try inflate(received, &testedInflater, &pool) == message, "seed \(seed), step \(step)")
                let sent = compress(message, &testedDeflater, &pool)
                #expect(try inflate(sent, &plainInflater, &plain) == message, "seed \(seed), step \(step)")
                switch Int.random(in: 0..<6, using: &random) {
                case 0: testedInflater.park(in: &pool)
                case 1: testedDeflater.park(in: &pool)
                case 2: pool.endSweep()
                case 3:
                    testedInflater.parkIfIdle(in: &pool)
                    testedDeflater.parkIfIdle(in: &pool)
                default: break
                }
            }
        }
    }

    @Test("Many codecs of several shapes that share one pool do not disturb each other")
    func manyCodecs() throws {
        let count = 12
        var random = SeededGenerator(seed: 77)
        var pool = CodecPool(limits: limits(&random))
        var pairs = FixedPairs(count)
        for _ in 0..<600 {
            let index = Int.random(in: 0..<count, using: &random)
            let message = random.message(Int.random(in: 1...900, using: &random))
            let back = try pairs.roundTrip(index, message, &pool)
            #expect(back == message)
            if Int.random(in: 0..<20, using: &random) == 0 { pairs.sweep(&pool) }
        }
    }

    @Test("The examples of RFC 7692, section 7.2.3.2: a parked codec still refers to the message before")
    func references() throws {
        var pool = CodecPool()
        var deflater = Deflater(windowBits: 15, memoryLevel: 8, level: 6, contextTakeover: true)
        var inflater = Inflater(windowBits: 15, contextTakeover: true)
        for payload: [UInt8] in [[0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00], [0xf2, 0x00, 0x11, 0x00, 0x00]] {
            #expect(compress(hello, &deflater, &pool) == payload)
            #expect(try inflate(payload, &inflater, &pool) == hello)
            #expect((deflater.isLive || inflater.isLive) == false)
        }
    }

    @Test("A parked codec keeps as much as there was to refer to, and no more")
    func parkedSize() throws {
        for windowBits in 9...15 {
            var pool = CodecPool()
            var deflater = Deflater(windowBits: windowBits, memoryLevel: 8, level: 6, contextTakeover: true)
            var inflater = Inflater(windowBits: windowBits, contextTakeover: true)
            #expect(deflater.parkedCount == 0 && inflater.parkedCount == 0)
            var total = 0
            for size in [1, 5, 200, 200, 400, 3000, 30_000, 20_000, 1] {
                var random = SeededGenerator(seed: UInt64(size))
                let message = random.message(size)
                #expect(try inflate(compress(message, &deflater, &pool), &inflater, &pool) == message)
                deflater.park(in: &pool)
                inflater.park(in: &pool)
                total += size
                #expect(inflater.parkedCount == min(total, 1 << windowBits), "\(windowBits), \(total)")
                // zlib may hold back up to 258 octets of a full window.
                let most = min(total, 1 << windowBits, pool.limits.parkedWindow)
                #expect((min(most, (1 << windowBits) - 258)...most).contains(deflater.parkedCount))
            }
            deflater.finish(in: &pool)
            inflater.finish(in: &pool)
            #expect(deflater.parkedCount == 0 && inflater.parkedCount == 0)
        }
    }

    @Test("Without context takeover nothing is kept, and everybody shares one state")
    func nothingKept() throws {
        var pool = CodecPool()
        for _ in 0..<20 {
            var deflater = Deflater(windowBits: 15, memoryLevel: 8, level: 6, contextTakeover: false)
            var inflater = Inflater(windowBits: 15, contextTakeover: false)
            for _ in 0..<10 {
                #expect(try inflate(compress(hello, &deflater, &pool), &inflater, &pool) == hello)
                #expect((deflater.isLive || inflater.isLive) == false)
                #expect(deflater.parkedCount == 0 && inflater.parkedCount == 0)
            }
        }
        #expect(pool.spareCount == 2)
        #expect(pool.liveCount == 0)
    }

    @Test("A codec is live from its fourth message between two sweeps until a sweep finds that it had none")
    func liveCodecs() throws {
        var pool = CodecPool()
        var deflater = Deflater(windowBits: 15, memoryLevel: 8, level: 6, contextTakeover: true)
        for round in 0..<3 {
            for message in 1...6 {
                _ = compress(hello, &deflater, &pool)
                #expect(deflater.isLive == (message >= 4), "round \(round), message \(message)")
            }
            #expect(pool.liveCount == 1)
            // Used since the last sweep, so it stays.
            deflater.parkIfIdle(in: &pool)
            pool.endSweep()
            #expect(deflater.isLive == true)
            deflater.parkIfIdle(in: &pool)
            pool.endSweep()
            #expect(deflater.isLive == false)
            #expect(pool.liveCount == 0)
        }
        for _ in 0..<10 {
            for _ in 0..<3 { _ = compress(hello, &deflater, &pool) }
            #expect(deflater.isLive == false)
            pool.endSweep()
        }
    }

    @Test("No more codecs are live than the limit allows; the others work on parked")
    func liveLimit() throws {
        var limits = neverParked
        limits.maxLive = 5
        var pool = CodecPool(limits: limits)
        var pairs = FixedPairs(12)
        var random = SeededGenerator(seed: 3)
        for round in 0..<10 {
            for index in 0..<12 {
                let message = random.message(300)
                #expect(try pairs.roundTrip(index, message, &pool) == message, "round \(round), codec \(index)")
                #expect(pool.liveCount <= 5)
            }
        }
        #expect(pool.liveCount == 5)
    }

    @Test("After a failure the state serves others")
    func failure() throws {
        var pool = CodecPool()
        for payload: [UInt8] in [
            [0x07], [0x00, 0x05, 0x00, 0xfa, 0xfe], [0xf2, 0x48], [0xf2, 0x00, 0x11, 0x00, 0x00],
        ] {
            var bad = Inflater(windowBits: 15, contextTakeover: true)
            #expect(throws: InflateFailure.corrupt) { try inflate(payload, &bad, &pool) }
            bad.finish(in: &pool)
            #expect(pool.spareCount == 1 && pool.liveCount == 0)
            var good = Inflater(windowBits: 15, contextTakeover: true)
            #expect(try inflate([0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00], &good, &pool) == hello)
            #expect(try inflate([0xf2, 0x00, 0x11, 0x00, 0x00], &good, &pool) == hello)
        }
    }
}

/// Compressors with their decompressors, of different parameters.
struct FixedPairs: ~Copyable {
    private var deflaters: InlineArray<12, Deflater>
    private var inflaters: InlineArray<12, Inflater>

    init(_ count: Int) {
        precondition(count == 12)
        deflaters = InlineArray { index in
            Deflater(
                windowBits: 9 + index % 3 * 3, memoryLevel: 4 + index % 4, level: 6, contextTakeover: index % 5 > 0)
        }
        inflaters = InlineArray { index in
            Inflater(windowBits: 9 + index % 3 * 3, contextTakeover: index % 5 > 0)
        }
    }

    mutating func roundTrip(_ index: Int, _ message: [UInt8], _ pool: inout CodecPool) throws -> [UInt8] {
        try inflate(compress(message, &deflaters[index], &pool), &inflaters[index], &pool)
    }

    mutating func sweep(_ pool: inout CodecPool) {
        for index in 0..<12 {
            deflaters[index].parkIfIdle(in: &pool)
            inflaters[index].parkIfIdle(in: &pool)
        }
        pool.endSweep()
    }

    mutating func finish(_ pool: inout CodecPool) {
        for index in 0..<12 {
            deflaters[index].finish(in: &pool)
            inflaters[index].finish(in: &pool)
        }
    }
}
