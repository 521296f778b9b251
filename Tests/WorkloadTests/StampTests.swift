import RennbahnBytes
import Testing

@testable import RennbahnWorkload

@Suite("Stamped payloads")
struct StampTests {
    private func payload(
        _ stamp: Stamp, bytes: Int = 32, filler: Filler = .text, run: UInt64 = 7, seed: UInt64 = 1
    ) -> [UInt8] {
        let writer = PayloadWriter(payloadBytes: bytes, filler: filler, run: run, seed: seed)
        var buffer = ByteBuffer()
        writer.write(stamp, into: &buffer)
        return buffer.span.copied()
    }

    private func verify(_ payload: [UInt8], run: UInt64 = 7) -> Result<Stamp, Stamp.Fault> {
        Result { () throws(Stamp.Fault) in try Stamp.verify(payload.span, run: run) }
    }

    private let alphabet = Array("-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz".utf8)

    /// The slow and obvious way.
    private func packSlowly(_ value: UInt64) -> [UInt8] {
        (0..<8).map { alphabet[Int(value >> UInt64(42 - 6 * $0) & 63)] }
    }

    @Test("six bits a character, as a table would do it")
    func packing() {
        var generator = SeededGenerator(seed: 3)
        let values = [0, 1, 63, 64, 0xffff_ffff_ffff] + (0..<2000).map { _ in generator.next() >> 16 }
        for value in values {
            let text = SixBit.pack(value)
            let bytes: [UInt8] = (0..<8).map { UInt8(truncatingIfNeeded: text >> UInt64(56 - 8 * $0)) }
            #expect(bytes == packSlowly(value))
            #expect(SixBit.unpack(text) == value)
        }
    }

    @Test("every byte that is not of the alphabet is refused in every lane")
    func unpacking() {
        for lane in UInt64(0)..<8 {
            for byte in UInt64(0)...255 {
                let text = SixBit.pack(0x1234_5678_9abc) & ~(0xff << (8 * lane)) | byte << (8 * lane)
                #expect((SixBit.unpack(text) != nil) == alphabet.contains(UInt8(byte)), "byte \(byte) in lane \(lane)")
            }
        }
    }

    @Test("a payload has the size asked for and gives its stamp back", arguments: [32, 33, 39, 40, 1024, 65_537])
    func roundTrip(bytes: Int) {
        let stamps = [
            Stamp(sender: 0, sequence: 0, sentAt: 0),
            Stamp(sender: 1234, sequence: 99_999, sentAt: 5_000_000_123),
            Stamp(sender: Stamp.maximumSender, sequence: Stamp.maximumSequence, sentAt: Stamp.maximumTime),
        ]
        for stamp in stamps {
            for filler in Filler.allCases {
                let bytes = payload(stamp, bytes: bytes, filler: filler)
                #expect(verify(bytes) == .success(stamp))
                #expect(bytes.allSatisfy { alphabet.contains($0) || $0 == 0x20 })
            }
        }
        #expect(payload(stamps[1], bytes: bytes).count == bytes)
    }

    @Test("every single changed bit, and every cut, is corruption")
    func corruption() {
        let stamp = Stamp(sender: 17, sequence: 4711, sentAt: 123_456_789)
        let sound = payload(stamp, bytes: 77)
        for index in sound.indices {
            for bit in 0..<8 {
                var damaged = sound
                damaged[index] ^= 1 << bit
                #expect(verify(damaged) == .failure(.corrupted), "byte \(index), bit \(bit)")
            }
            #expect(verify(Array(sound[..<index])) == .failure(.corrupted))
        }
        #expect(verify(sound + [0x20]) == .failure(.corrupted))
        #expect(verify([]) == .failure(.corrupted))
    }

    @Test("two sound payloads joined in the middle are corruption")
    func mixed() {
        let first = payload(Stamp(sender: 1, sequence: 1, sentAt: 1), bytes: 128)
        let second = payload(Stamp(sender: 1, sequence: 2, sentAt: 2), bytes: 128)
        for cut in 1..<127 where first[cut...] != second[cut...] && first[..<cut] != second[..<cut] {
            #expect(verify(Array(first[..<cut] + second[cut...])) == .failure(.corrupted))
        }
    }

    @Test("a payload of another run is sound, but not ours")
    func otherRun() {
        let stamp = Stamp(sender: 1, sequence: 2, sentAt: 3)
        #expect(verify(payload(stamp, run: 8)) == .failure(.otherRun))
        #expect(verify(payload(stamp, run: 0x100_0007)) == .success(stamp))
    }

    @Test("payloads append behind what the buffer already holds")
    func appends() {
        let writer = PayloadWriter(payloadBytes: 40, filler: .random, run: 1, seed: 1)
        var buffer = ByteBuffer()
        buffer.append(UInt8(ascii: "["))
        for sequence in UInt64(0)..<3 {
            writer.write(Stamp(sender: 0, sequence: sequence, sentAt: 0), into: &buffer)
        }
        let bytes = buffer.span.copied()
        #expect(bytes.count == 121 && bytes[0] == UInt8(ascii: "["))
        for place in 0..<3 {
            let part = Array(bytes[(1 + 40 * place)..<(41 + 40 * place)])
            #expect(verify(part, run: 1) == .success(Stamp(sender: 0, sequence: UInt64(place), sentAt: 0)))
        }
    }

    @Test("filler repeats from the seed, differs between messages, and text is text")
    func filler() {
        let stamp = Stamp(sender: 1, sequence: 1, sentAt: 1)
        #expect(payload(stamp, bytes: 500) == payload(stamp, bytes: 500))
        #expect(payload(stamp, bytes: 500) != payload(stamp, bytes: 500, seed: 2))
        let next = Stamp(sender: 1, sequence: 2, sentAt: 1)
        #expect(payload(stamp, bytes: 500)[32...] != payload(next, bytes: 500)[32...])
        let text = payload(stamp, bytes: 4000, filler: .text)[32...]
        #expect(text.allSatisfy { $0 == 0x20 || (0x61...0x7a).contains($0) })
        let words = text.split(separator: 0x20)
        // Natural text repeats itself: far fewer different words than words.
        #expect(words.count > 300 && Set(words.map(Array.init)).count < words.count * 3 / 4)
        let random = payload(stamp, bytes: 4000, filler: .random)[32...]
        #expect(Set(random).count == 64)
    }
}
