import RennbahnBytes
import RennbahnTestKit
import RennbahnWebSocketDeflate
import Testing

@Suite("Deflater")
struct DeflaterTests {
    @Test("The examples of RFC 7692, section 7.2.3, are written octet for octet")
    func examples() {
        var deflater = Deflater(windowBits: 15, memoryLevel: 8, level: 6, contextTakeover: true)
        #expect(compress(hello, &deflater) == [0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00])
        // Section 7.2.3.2: the second message refers to the first.
        #expect(compress(hello, &deflater) == [0xf2, 0x00, 0x11, 0x00, 0x00])
        var fresh = Deflater(windowBits: 15, memoryLevel: 8, level: 6, contextTakeover: false)
        for _ in 0..<3 { #expect(compress(hello, &fresh) == [0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00]) }
    }

    @Test("An empty message is one octet, also many in a row")
    func empty() throws {
        var deflater = Deflater(windowBits: 15, memoryLevel: 8, level: 6, contextTakeover: true)
        var inflater = Inflater(windowBits: 15, contextTakeover: true)
        for round in 0..<3 {
            for _ in 0..<3 {
                let payload = compress([], &deflater)
                #expect(payload == [0])
                #expect(try inflate(payload, &inflater) == [])
            }
            #expect(deflater.isLive == (round > 0))
            #expect(try inflate(compress(hello, &deflater), &inflater) == hello)
        }
    }

    @Test("Output is appended, and the flush marker is cut off once, at every size of free space")
    func appending() throws {
        for free in 0..<200 {
            var random = SeededGenerator(seed: UInt64(free))
            let message = random.bytes(150)
            var output = ByteBuffer(capacity: 3 + free)
            output.append("abc")
            var deflater = Deflater(windowBits: 15, memoryLevel: 8, level: 6, contextTakeover: true)
            var pool = CodecPool()
            let isCompressed = deflater.compress(message.span, into: &output, pool: &pool)
            #expect(isCompressed)
            let bytes = output.span.copied()
            #expect(Array(bytes[..<3]) == Array("abc".utf8))
            var fresh = Deflater(windowBits: 15, memoryLevel: 8, level: 6, contextTakeover: true)
            #expect(Array(bytes[3...]) == compress(message, &fresh))
            #expect(inflated(Array(bytes[3...])) == .success(message))
        }
    }

    @Test("Round trips for every window, with and without context takeover, of sizes up to above the window")
    func roundTrips() throws {
        for windowBits in 9...15 {
            for takeover in [true, false] {
                for level in [0, 1, 6, 9] {
                    var random = SeededGenerator(seed: UInt64(windowBits * 100 + level))
                    var deflater = Deflater(
                        windowBits: windowBits, memoryLevel: Int.random(in: 1...9, using: &random), level: level,
                        contextTakeover: takeover)
                    var inflater = Inflater(windowBits: windowBits, contextTakeover: takeover)
                    for count in [0, 1, 5, 125, 700, 5000, 40_000, 33, 0, 70_000] {
                        let message = random.message(count)
                        let payload = compress(message, &deflater)
                        let back = try inflate(payload, &inflater)
                        #expect(back == message, "window \(windowBits), takeover \(takeover), level \(level), \(count)")
                    }
                }
            }
        }
    }

    @Test("Without context takeover messages stand alone, with it they do not")
    func independence() throws {
        var random = SeededGenerator(seed: 7)
        let noise = random.bytes(400)
        var alone = Deflater(windowBits: 15, memoryLevel: 8, level: 6, contextTakeover: false)
        _ = compress(noise, &alone)
        #expect(inflated(compress(noise, &alone)) == .success(noise))
        var chained = Deflater(windowBits: 15, memoryLevel: 8, level: 6, contextTakeover: true)
        _ = compress(noise, &chained)
        #expect(inflated(compress(noise, &chained)) == .failure(.corrupt))
    }

    @Test("A sender's window is as small as was agreed")
    func window() throws {
        var random = SeededGenerator(seed: 9)
        let noise = random.bytes(600)
        for (windowBits, isShort) in [(9, false), (12, true)] {
            var deflater = Deflater(windowBits: windowBits, memoryLevel: 8, level: 9, contextTakeover: true)
            // The repetition lies 600 octets back: inside a window of 4096, outside of one of 512.
            #expect((compress(noise + noise, &deflater).count < 900) == isShort)
        }
    }
}
