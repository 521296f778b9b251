import RennbahnBytes
import RennbahnTestKit
import Testing

@Suite("XOR mask")
struct XORMaskTests {
    /// RFC 6455, section 5.3, word by word.
    private func reference(_ bytes: [UInt8], key: UInt32) -> [UInt8] {
        let octets = (0..<4).map { UInt8(truncatingIfNeeded: key >> UInt32(24 - 8 * $0)) }
        return bytes.enumerated().map { $1 ^ octets[$0 % 4] }
    }

    @Test("masks the single-frame example of RFC 6455, section 5.7")
    func publishedExample() {
        var buffer = ByteBuffer()
        buffer.append("Hello")
        var mask = XORMask(bigEndianKey: 0x37fa_213d)
        buffer.applyMask(&mask, to: 0..<5)
        #expect(buffer.bytes == [0x7f, 0x9f, 0x4d, 0x51, 0x58])
    }

    @Test("agrees with the octet-by-octet rule at every length, alignment and cut", arguments: 0...70)
    func everyCut(count: Int) {
        var generator = SeededGenerator(seed: UInt64(count))
        let bytes = generator.bytes(count)
        let key = UInt32(truncatingIfNeeded: generator.next())
        let expected = reference(bytes, key: key)
        var failures: [(alignment: Int, cut: Int)] = []
        let storage = UnsafeMutableRawPointer.allocate(byteCount: 128, alignment: 64)
        defer { storage.deallocate() }
        for alignment in 0..<16 {
            for cut in 0...count {
                storage.initializeMemory(as: UInt8.self, repeating: 0x55, count: 128)
                let start = storage + alignment
                bytes.withUnsafeBytes { source in
                    if let base = source.baseAddress { start.copyMemory(from: base, byteCount: count) }
                }
                var mask = XORMask(bigEndianKey: key)
                mask.apply(to: start, count: cut)
                mask.apply(to: start + cut, count: count - cut)
                let all = Array(UnsafeRawBufferPointer(start: storage, count: 128))
                let expectedAll =
                    [UInt8](repeating: 0x55, count: alignment) + expected
                    + [UInt8](repeating: 0x55, count: 128 - alignment - count)
                if all != expectedAll { failures.append((alignment, cut)) }
            }
        }
        #expect(failures.isEmpty)
    }

    /// Masks `bytes` at every alignment that blocks of 32 octets know, with what stands around them; returns what failed.
    private func misaligned(
        _ bytes: [UInt8], expected: [UInt8], _ mask: (UnsafeMutableRawPointer, Int) -> Void
    ) -> [Int] {
        let size = bytes.count + 96
        let storage = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
        defer { storage.deallocate() }
        return (0..<32).filter { alignment in
            storage.initializeMemory(as: UInt8.self, repeating: 0x55, count: size)
            let start = storage + 32 + alignment
            bytes.withUnsafeBytes { start.copyMemory(from: $0.baseAddress!, byteCount: bytes.count) }
            mask(start, bytes.count)
            let all = UnsafeRawBufferPointer(start: storage, count: size)
            let front = 32 + alignment
            return !all[front..<(front + bytes.count)].elementsEqual(expected)
                || !all[..<front].allSatisfy { $0 == 0x55 }
                || !all[(front + bytes.count)...].allSatisfy { $0 == 0x55 }
        }
    }

    @Test("agrees with the rule at every length of some blocks, in wide steps and in others", arguments: [0, 1, 2, 3])
    func everyLength(part: Int) {
        var generator = SeededGenerator(seed: UInt64(part))
        for count in stride(from: 64 + part, through: 520, by: 4) {
            let bytes = generator.bytes(count)
            let key = UInt32(truncatingIfNeeded: generator.next())
            let expected = reference(bytes, key: key)
            let wide = misaligned(bytes, expected: expected) { start, count in
                var mask = XORMask(bigEndianKey: key)
                mask.apply(to: start, count: count)
            }
            #expect(wide.isEmpty, "\(count) octets")
            let steps = misaligned(bytes, expected: expected) { start, count in
                XORMask.applyInSteps(key.byteSwapped, to: start, count: count)
            }
            #expect(steps.isEmpty, "\(count) octets, in steps of 64")
        }
    }

    @Test("masks a whole payload with the key as it was loaded from the wire")
    func wholePayload() {
        for count in 0...130 {
            var generator = SeededGenerator(seed: UInt64(count))
            let bytes = generator.bytes(count + 2)
            let key = UInt32(truncatingIfNeeded: generator.next())
            var buffer = ByteBuffer()
            buffer.append(bytes.span)
            buffer.applyMask(littleEndianKey: key.byteSwapped, to: 1..<(1 + count))
            let payload = reference(Array(bytes[1..<(1 + count)]), key: key)
            #expect(buffer.bytes == [bytes[0]] + payload + [bytes[count + 1]])
        }
        var nothing = ByteBuffer()
        nothing.applyMask(littleEndianKey: 1, to: 0..<0)
        #expect(nothing.bytes.isEmpty)
    }

    @Test("keeps its phase through any sequence of pieces", arguments: 1...20)
    func manyPieces(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        let bytes = generator.bytes(300)
        let key = UInt32(truncatingIfNeeded: generator.next())
        var mask = XORMask(bigEndianKey: key)
        var masked: [UInt8] = []
        for piece in pieces(of: bytes, cutAt: randomCuts(of: bytes.count, most: bytes.count, using: &generator)) {
            var buffer = ByteBuffer()
            buffer.append(piece.span)
            buffer.applyMask(&mask, to: 0..<piece.count)
            masked += buffer.bytes
        }
        #expect(masked == reference(bytes, key: key), "seed \(seed)")
    }

    @Test("touches its range and nothing else")
    func ranges() {
        let bytes = [UInt8](repeating: 0, count: 40)
        for start in 0...40 {
            for end in start...40 {
                var buffer = ByteBuffer()
                buffer.append(bytes.span)
                var mask = XORMask(bigEndianKey: 0x0101_0101)
                buffer.applyMask(&mask, to: start..<end)
                let expected = bytes.indices.map { UInt8(start..<end ~= $0 ? 1 : 0) }
                if buffer.bytes != expected { Issue.record("range \(start)..<\(end)") }
            }
        }
    }

    @Test("undoes itself")
    func involution() {
        var generator = SeededGenerator(seed: 3)
        let bytes = generator.bytes(1001)
        var buffer = ByteBuffer()
        buffer.append(bytes.span)
        for _ in 0..<2 {
            var mask = XORMask(bigEndianKey: 0xdead_beef)
            buffer.applyMask(&mask, to: 0..<1001)
        }
        #expect(buffer.bytes == bytes)
    }
}
