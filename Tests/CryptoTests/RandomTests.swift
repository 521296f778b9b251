import Testing

@testable import RennbahnCrypto

@Suite("Secure random numbers")
struct RandomTests {
    @Test("fill every word, and differently each time")
    func words() {
        var first = [UInt64](repeating: 0, count: 512)
        SecureRandom.fill(&first)
        var second = [UInt64](repeating: 0, count: 512)
        SecureRandom.fill(&second)
        // Two equal words among 1024 of 64 bits: one chance in 10^13.
        #expect(Set(first + second).count == 1024)
        #expect(!(first + second).contains(0))
    }

    @Test("fill every byte of any length", arguments: [0, 1, 2, 3, 7, 8, 9, 63, 64, 65, 4096])
    func bytes(count: Int) {
        // A position that stays zero in 16 draws was not written: one chance in 2^128 otherwise.
        var seen = [UInt8](repeating: 0, count: count)
        for _ in 0..<16 {
            var bytes = [UInt8](repeating: 0, count: count)
            SecureRandom.fillBytes(&bytes)
            for index in seen.indices { seen[index] |= bytes[index] }
        }
        #expect(!seen.contains(0))
    }

    @Test("single words differ")
    func singleWords() {
        #expect(Set((0..<256).map { _ in SecureRandom.word() }).count == 256)
    }
}

@Suite("Mask keys")
struct MaskKeyReservoirTests {
    @Test("do not repeat from one batch to the next")
    func refills() {
        var reservoir = MaskKeyReservoir()
        var batches: [[UInt32]] = []
        for _ in 0..<4 { batches.append((0..<MaskKeyReservoir.batch).map { _ in reservoir.next() }) }
        for later in batches.indices.dropFirst() { #expect(batches[later] != batches[later - 1]) }
        // 4096 draws of 32 bits: about 0.002 expected repetitions; five are out of the question.
        #expect(Set(batches.joined()).count > 4091)
    }

    @Test("differ from one reservoir to another")
    func independent() {
        var first = MaskKeyReservoir()
        var second = MaskKeyReservoir()
        #expect((0..<8).map { _ in first.next() } != (0..<8).map { _ in second.next() })
    }

    @Test("use every bit about half the time")
    func balanced() {
        var reservoir = MaskKeyReservoir()
        var ones = [Int](repeating: 0, count: 32)
        for _ in 0..<8192 {
            let key = reservoir.next()
            for bit in 0..<32 where key >> UInt32(bit) & 1 == 1 { ones[bit] += 1 }
        }
        // Standard deviation 45; the bounds are ten of them away.
        #expect(ones.allSatisfy { (3644...4548).contains($0) })
    }
}

@Suite("Comparison in constant time")
struct ConstantTimeTests {
    @Test("tells equal from unequal at every position and length")
    func positions() {
        for count in 0...40 {
            let bytes = (0..<count).map { UInt8($0) }
            #expect(constantTimeEquals(bytes, bytes))
            for index in bytes.indices {
                var other = bytes
                other[index] ^= 0x80
                #expect(!constantTimeEquals(bytes, other))
            }
        }
    }

    @Test("tells different lengths apart")
    func lengths() {
        #expect(!constantTimeEquals([], [0]))
        #expect(!constantTimeEquals([0], []))
        #expect(!constantTimeEquals([1, 2], [1, 2, 0]))
    }
}
