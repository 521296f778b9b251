import RennbahnBytes
import RennbahnTestKit
import Testing

@Suite("Byte hash")
struct ByteHashTests {
    private func hash(_ bytes: [UInt8], seed: UInt64 = 0x0123_4567_89ab_cdef) -> UInt64 {
        ByteHash(seed: seed)(bytes.span)
    }

    @Test("depends on the seed, at every length", arguments: 0...40)
    func seeds(count: Int) {
        let bytes = [UInt8](repeating: 0x2e, count: count)
        let hashes = Set((0..<1000).map { hash(bytes, seed: UInt64($0)) })
        #expect(hashes.count == 1000)
    }

    @Test("is the same for the same bytes, wherever they lie")
    func position() {
        let text = Array("com.example.topic.1".utf8)
        for offset in 0..<16 {
            let padded = [UInt8](repeating: 0, count: offset) + text
            let moved = ByteHash(seed: 7)(padded.span.extracting(offset..<padded.count))
            #expect(moved == hash(text, seed: 7))
        }
    }

    @Test("tells runs of equal octets of different lengths apart", arguments: [0, 1, 0x61, 0xff] as [UInt8])
    func lengths(octet: UInt8) {
        let hashes = Set((0...200).map { hash([UInt8](repeating: octet, count: $0)) })
        #expect(hashes.count == 201)
    }

    @Test("depends on every bit: half the result flips when one flips", arguments: [1, 3, 7, 8, 9, 15, 16, 17, 31, 64])
    func avalanche(count: Int) {
        var generator = SeededGenerator(seed: UInt64(count))
        var flips = [Int](repeating: 0, count: count * 8)
        let trials = 64
        for _ in 0..<trials {
            let bytes = generator.bytes(count)
            let seed = generator.next()
            let plain = hash(bytes, seed: seed)
            for bit in flips.indices {
                var changed = bytes
                changed[bit / 8] ^= 1 << UInt8(bit % 8)
                flips[bit] += (plain ^ hash(changed, seed: seed)).nonzeroBitCount
            }
        }
        // 64 trials of 64 bits: mean 2048, standard deviation 32 if the bits were independent.
        let mean = flips.reduce(0, +) / flips.count
        #expect((2000...2100).contains(mean))
        #expect(flips.allSatisfy { (1700...2400).contains($0) })
    }

    @Test("does not collide on a hundred thousand topics that differ in their digits")
    func topics() {
        var hashes = Set<UInt64>()
        var slots = Set<UInt64>()
        for number in 0..<100_000 {
            let value = hash(Array("com.example.sensor.\(number).temperature".utf8))
            hashes.insert(value)
            slots.insert(value & 0x1_ffff)
        }
        #expect(hashes.count == 100_000)
        // A table of 2^17 slots: chance fills 53.4 % of them with 100 000 keys.
        #expect((69_000...71_000).contains(slots.count))
    }
}
