import RennbahnBytes
import RennbahnTestKit
import RennbahnWebSocket
import RennbahnWebSocketDeflate
import Testing

@Suite("Inflater")
struct InflaterTests {
    @Test("The examples of RFC 7692, section 7.2.3, are read")
    func examples() throws {
        // 7.2.3.1 one block; 7.2.3.3 stored; 7.2.3.4 a final block; 7.2.3.5 two blocks.
        #expect(inflated([0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00]) == .success(hello))
        #expect(inflated([0x00, 0x05, 0x00, 0xfa, 0xff, 0x48, 0x65, 0x6c, 0x6c, 0x6f, 0x00]) == .success(hello))
        #expect(inflated([0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x00]) == .success(hello))
        #expect(
            inflated([0xf2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xff, 0xff, 0xca, 0xc9, 0xc9, 0x07, 0x00])
                == .success(hello))
        #expect(inflated([0x00]) == .success([]))
        // 7.2.3.2: the second message refers to the first.
        var inflater = Inflater(windowBits: 15, contextTakeover: true)
        #expect(try inflate([0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00], &inflater) == hello)
        #expect(try inflate([0xf2, 0x00, 0x11, 0x00, 0x00], &inflater) == hello)
        var forgetful = Inflater(windowBits: 15, contextTakeover: false)
        #expect(try inflate([0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00], &forgetful) == hello)
        #expect(throws: InflateFailure.corrupt) { try inflate([0xf2, 0x00, 0x11, 0x00, 0x00], &forgetful) }
    }

    @Test("Data may follow a final block, and messages may follow it, with or without the octet behind it")
    func finalBlocks() throws {
        let final: [UInt8] = [0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00]
        let open: [UInt8] = [0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00]
        #expect(inflated(final + open) == .success(hello + hello))
        #expect(inflated(final + final + final + [0]) == .success(hello + hello + hello))
        #expect(inflated(final) == .success(hello))
        for takeover in [true, false] {
            var inflater = Inflater(windowBits: 15, contextTakeover: takeover)
            for payload in [final + [0], final, open, final, final + open, open] {
                let expected = payload.count > 8 ? hello + hello : hello
                #expect(try inflate(payload, &inflater) == expected)
            }
        }
    }

    @Test("A final block whose last octets of output await room is inflated to its end")
    func longFinalBlock() {
        for repeats in 1...32 {
            let expected = [UInt8](repeating: 0x61, count: 1 + 258 * repeats)
            let payload = finalRun(repeats)
            for room in stride(from: expected.count + 2, to: expected.count - 260, by: -3) {
                var inflater = Inflater(windowBits: 15, contextTakeover: true)
                var output = ByteBuffer(capacity: max(0, room))
                var pool = CodecPool()
                #expect(throws: Never.self) {
                    try inflater.inflate(payload.span, into: &output, limit: .max, pool: &pool)
                }
                #expect(output.span.copied() == expected, "\(repeats), \(room)")
            }
            #expect(inflated(payload, limit: expected.count) == .success(expected), "\(repeats)")
            #expect(inflated(payload, limit: expected.count - 1) == .failure(.tooLarge), "\(repeats)")
        }
    }

    /// A final block with fixed codes (RFC 1951, section 3.2.6): the letter a, then `repeats` times the 258 octets
    /// before, at a distance of one.
    private func finalRun(_ repeats: Int) -> [UInt8] {
        var bits = [1, 1, 0] + [1, 0, 0, 1, 0, 0, 0, 1]
        for _ in 0..<repeats { bits += [1, 1, 0, 0, 0, 1, 0, 1] + [0, 0, 0, 0, 0] }
        bits += [0, 0, 0, 0, 0, 0, 0]
        return stride(from: 0, to: bits.count, by: 8).map { start in
            bits[start..<min(start + 8, bits.count)].reversed().reduce(0) { $0 << 1 | UInt8($1) }
        }
    }

    @Test("An empty payload is an empty message and leaves the context alone")
    func emptyPayload() throws {
        var inflater = Inflater(windowBits: 15, contextTakeover: true)
        #expect(try inflate([], &inflater) == [])
        #expect(try inflate([0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00], &inflater) == hello)
        #expect(try inflate([], &inflater) == [])
        #expect(try inflate([0xf2, 0x00, 0x11, 0x00, 0x00], &inflater) == hello)
    }

    @Test("A bomb is stopped at the limit, to the octet")
    func bomb() {
        let size = 1 << 22
        var deflater = Deflater(windowBits: 15, memoryLevel: 8, level: 9, contextTakeover: true)
        let bomb = compress([UInt8](repeating: 0, count: size), &deflater)
        #expect(bomb.count < size / 500)
        for limit in [0, 1, 100, 256, 257, 65_536, size - 1] {
            var inflater = Inflater(windowBits: 15, contextTakeover: true)
            var output = ByteBuffer()
            output.append("front")
            var pool = CodecPool()
            #expect(throws: InflateFailure.tooLarge) {
                try inflater.inflate(bomb.span, into: &output, limit: limit, pool: &pool)
            }
            #expect(output.count <= 5 + limit)
            #expect(output.capacity <= 2 * (5 + limit) + 128)
        }
        #expect((try? inflated(bomb, limit: size).get().count) == size)
        #expect((try? inflated(bomb, limit: .max).get().count) == size)
    }

    @Test("A message of exactly the limit passes, one octet more does not")
    func exactLimit() {
        for count in [0, 1, 5, 255, 256, 257, 1000, 5000] {
            var random = SeededGenerator(seed: UInt64(count))
            let message = random.message(count)
            var deflater = Deflater(windowBits: 15, memoryLevel: 8, level: 6, contextTakeover: true)
            let payload = compress(message, &deflater)
            #expect(inflated(payload, limit: count) == .success(message))
            if count > 0 { #expect(inflated(payload, limit: count - 1) == .failure(.tooLarge)) }
        }
    }

    @Test("A message whose last octets are those that the sender left out passes at its limit, too")
    func dataInTheTail() {
        // A stored block of five octets, of which one is there.
        let payload: [UInt8] = [0x00, 0x05, 0x00, 0xfa, 0xff, 0x41]
        for limit in [5, 6, 1 << 24] {
            #expect(inflated(payload, limit: limit) == .success([0x41, 0x00, 0x00, 0xff, 0xff]), "\(limit)")
        }
        #expect(inflated(payload, limit: 4) == .failure(.tooLarge))
    }

    @Test("A limit that was reached exactly does not harm the next message")
    func contextAfterLimit() throws {
        var deflater = Deflater(windowBits: 15, memoryLevel: 8, level: 6, contextTakeover: true)
        var inflater = Inflater(windowBits: 15, contextTakeover: true)
        for count in [300, 256, 1, 0, 4096, 300] {
            var random = SeededGenerator(seed: 1)
            let message = random.message(count)
            #expect(try inflate(compress(message, &deflater), &inflater, limit: count) == message)
        }
    }

    @Test("A message that breaks off inside of a block is corrupt")
    func truncated() {
        let message = Array("a message that is long enough to be cut, a message that is long".utf8)
        var deflater = Deflater(windowBits: 15, memoryLevel: 8, level: 6, contextTakeover: true)
        let payload = compress(message, &deflater)
        for count in 1..<payload.count - 1 {
            #expect(inflated(Array(payload[..<count])) == .failure(.corrupt), "\(count)")
        }
        #expect(inflated([0x07]) == .failure(.corrupt))
        #expect(inflated([0x00, 0x05, 0x00, 0xfa, 0xfe]) == .failure(.corrupt))
    }

    @Test("Each failure has its close code")
    func closeCodes() {
        #expect(InflateFailure.tooLarge.closeCode == .messageTooBig)
        #expect(InflateFailure.corrupt.closeCode == .invalidPayload)
        #expect(InflateFailure.outOfMemory.closeCode == .internalError)
    }

    @Test("Garbage and damaged messages never trap and never pass the limit")
    func garbage() {
        for seed: UInt64 in 0..<6000 {
            var random = SeededGenerator(seed: seed)
            var payload = random.bytes(Int.random(in: 0...60, using: &random))
            if Bool.random(using: &random) {
                var deflater = Deflater(windowBits: 12, memoryLevel: 4, level: 6, contextTakeover: true)
                payload = compress(random.message(Int.random(in: 1...400, using: &random)), &deflater)
                payload[Int.random(in: 0..<payload.count, using: &random)] = random.bytes(1)[0]
            }
            let limit = Int.random(in: 0...500, using: &random)
            var inflater = Inflater(windowBits: Int.random(in: 8...15, using: &random), contextTakeover: true)
            var output = ByteBuffer()
            var pool = CodecPool()
            for _ in 0..<2 {
                let before = output.count
                do {
                    try inflater.inflate(payload.span, into: &output, limit: limit, pool: &pool)
                } catch {
                    break
                }
                #expect(output.count - before <= limit, "seed \(seed)")
            }
        }
    }
}
