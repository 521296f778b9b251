import RennbahnBytes
import RennbahnTestKit
import Testing

@Suite("Byte buffer")
struct ByteBufferTests {
    @Test("owns no memory before the first byte, and gives it back when told")
    func lazyStorage() {
        var buffer = ByteBuffer()
        #expect(buffer.capacity == 0)
        #expect(buffer.bytes == [])
        buffer.append(1)
        #expect(buffer.capacity > 0)
        buffer.removeAll(keepingCapacity: true)
        #expect(buffer.capacity > 0)
        #expect(buffer.bytes == [])
        buffer.removeAll(keepingCapacity: false)
        #expect(buffer.capacity == 0)
        buffer.append(2)
        #expect(buffer.bytes == [2])
    }

    @Test("takes nothing for nothing, also while it owns no memory")
    func emptyAppends() {
        var buffer = ByteBuffer()
        let nothing: [UInt8] = []
        buffer.append(nothing.span)
        buffer.append("" as StaticString)
        buffer.append(utf8: "")
        buffer.removeFirst(0)
        buffer.truncate(to: 0)
        var mask = XORMask(bigEndianKey: 1)
        buffer.applyMask(&mask, to: 0..<0)
        #expect(buffer.bytes == [])
        #expect(buffer.capacity == 0)
    }

    @Test("keeps every byte through growth from any starting capacity", arguments: [0, 1, 2, 63, 64, 65, 4096])
    func growth(capacity: Int) {
        var buffer = ByteBuffer(capacity: capacity)
        var expected: [UInt8] = []
        for value in 0..<5000 {
            buffer.append(UInt8(truncatingIfNeeded: value))
            expected.append(UInt8(truncatingIfNeeded: value))
        }
        #expect(buffer.bytes == expected)
    }

    @Test("grows by doubling, so appending costs a constant per byte")
    func doubling() {
        var buffer = ByteBuffer()
        var growths = 0
        var capacity = 0
        for _ in 0..<100_000 {
            buffer.append(0)
            if buffer.capacity != capacity {
                growths += 1
                capacity = buffer.capacity
            }
        }
        #expect(growths <= 12)
    }

    @Test("reserves what one large piece needs, at once")
    func largePiece() {
        var buffer = ByteBuffer(capacity: 10)
        let piece = [UInt8](repeating: 0xab, count: 100_000)
        buffer.append(1)
        buffer.append(piece.span)
        #expect(buffer.count == 100_001)
        #expect(buffer.bytes == [1] + piece)
        buffer.reserve(1 << 20)
        #expect(buffer.capacity - buffer.count >= 1 << 20)
        #expect(buffer.bytes == [1] + piece)
    }

    @Test("appends mixed pieces in order")
    func mixedPieces() {
        var buffer = ByteBuffer()
        buffer.append("GET ")
        buffer.append("x")
        buffer.append(utf8: "é🏁 a text that is too long to be a small string")
        buffer.append(bigEndian: UInt16(0x0102))
        buffer.append(bigEndian: UInt64(0x0304_0506_0708_090a))
        buffer.append(bigEndian: Int32(-2))
        let expected =
            Array("GET xé🏁 a text that is too long to be a small string".utf8)
            + [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0xff, 0xff, 0xff, 0xfe]
        #expect(buffer.bytes == expected)
    }

    @Test("writes the decimal digits of every size of number")
    func decimals() {
        var numbers: [UInt64] = [0, 1, 9, UInt64.max, UInt64.max - 1, 1 << 53, 1 << 63]
        var power: UInt64 = 1
        while true {
            numbers += [power - 1, power, power + 1]
            let (next, overflow) = power.multipliedReportingOverflow(by: 10)
            if overflow { break }
            power = next
        }
        var generator = SeededGenerator(seed: 11)
        for bits in 0..<64 { numbers.append(generator.next() >> UInt64(bits)) }
        for number in numbers {
            var buffer = ByteBuffer()
            buffer.append(UInt8(ascii: "["))
            buffer.append(decimal: number)
            #expect(buffer.text == "[\(number)")
        }
    }

    @Test("overwrites one byte")
    func overwrites() {
        var buffer = ByteBuffer()
        buffer.append("abc")
        buffer.set(UInt8(ascii: "X"), at: 0)
        buffer.set(UInt8(ascii: "Z"), at: 2)
        #expect(buffer.text == "XbZ")
    }

    @Test("drops bytes from either end", arguments: 0...9)
    func drops(count: Int) {
        let digits = Array("012345678".utf8)
        var front = ByteBuffer()
        front.append(digits.span)
        front.removeFirst(count)
        #expect(front.bytes == Array(digits.dropFirst(count)))
        front.append("end")
        #expect(front.bytes == digits.dropFirst(count) + Array("end".utf8))

        var back = ByteBuffer()
        back.append(digits.span)
        back.truncate(to: count)
        #expect(back.bytes == Array(digits.prefix(count)))
        back.append("end")
        #expect(back.bytes == digits.prefix(count) + Array("end".utf8))
    }

    @Test("moves a long rest down over the bytes it overlaps")
    func overlappingMove() {
        var generator = SeededGenerator(seed: 5)
        let bytes = generator.bytes(10_000)
        for count in [1, 7, 8, 9, 4999, 5000, 9999] {
            var buffer = ByteBuffer()
            buffer.append(bytes.span)
            buffer.removeFirst(count)
            #expect(buffer.bytes == Array(bytes.dropFirst(count)))
        }
    }

    @Test("behaves as an array does, over a long random life", arguments: [1, 2, 3] as [UInt64])
    func randomLife(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var buffer = ByteBuffer()
        var model: [UInt8] = []
        for _ in 0..<3000 {
            switch Int.random(in: 0..<8, using: &generator) {
            case 0...3:
                let piece = generator.bytes(Int.random(in: 0...90, using: &generator))
                buffer.append(piece.span)
                model += piece
            case 4:
                let count = Int.random(in: 0...model.count, using: &generator)
                buffer.removeFirst(count)
                model.removeFirst(count)
            case 5:
                let count = Int.random(in: 0...model.count, using: &generator)
                buffer.truncate(to: max(count, model.count / 2))
                model.removeLast(model.count - max(count, model.count / 2))
            case 6:
                buffer.append(7)
                model.append(7)
            default:
                guard !model.isEmpty else { continue }
                let start = Int.random(in: 0..<model.count, using: &generator)
                let end = Int.random(in: start...model.count, using: &generator)
                var mask = XORMask(bigEndianKey: 0x0102_0304)
                buffer.applyMask(&mask, to: start..<end)
                for index in start..<end { model[index] ^= UInt8((index - start) % 4 + 1) }
            }
            guard buffer.bytes == model else {
                Issue.record("differs from the model, seed \(seed)")
                return
            }
        }
    }
}

@Suite("Byte buffer storage")
struct ByteBufferStorageTests {
    private struct Refused: Error, Equatable {}

    @Test("hands all its free bytes to whoever fills them, and keeps what was filled")
    func fills() {
        var buffer = ByteBuffer(capacity: 100)
        buffer.append("ab")
        var offered = 0
        let filled = buffer.fill(minimum: 10) { free in
            offered = free.count
            free[0] = UInt8(ascii: "c")
            free[1] = UInt8(ascii: "d")
            return 2
        }
        #expect(offered == 98)
        #expect(filled == 2)
        #expect(buffer.text == "abcd")
    }

    @Test("grows when fewer bytes are free than are asked for")
    func fillGrows() {
        var buffer = ByteBuffer(capacity: 3)
        buffer.append("abc")
        let filled = buffer.fill(minimum: 1000) { free in
            for index in free.indices { free[index] = 0x2e }
            return free.count
        }
        #expect(filled >= 1000)
        #expect(buffer.count == filled + 3)
        #expect(buffer.count == buffer.capacity)
        #expect(buffer.bytes == Array("abc".utf8) + [UInt8](repeating: 0x2e, count: filled))
    }

    @Test("is unchanged by a fill that failed, found the end, or threw")
    func fillFails() {
        var buffer = ByteBuffer()
        buffer.append("abc")
        #expect(buffer.fill(minimum: 1) { _ in -1 } == -1)
        #expect(buffer.fill(minimum: 1) { _ in 0 } == 0)
        #expect(throws: Refused.self) {
            var other = ByteBuffer()
            _ = try other.fill(minimum: 8) { _ throws(Refused) in throw Refused() }
        }
        #expect(buffer.text == "abc")
    }

    @Test("offers nothing where nothing is asked for and nothing is owned")
    func fillOfNothing() {
        var buffer = ByteBuffer()
        #expect(buffer.fill(minimum: 0) { $0.count } == 0)
    }
}
