import RennbahnBytes
import RennbahnTestKit
import Testing

@Suite("Decimal digits")
struct DecimalDigitsTests {
    private func digits(_ value: UInt64, after text: StaticString = "") -> [UInt8] {
        var buffer = ByteBuffer()
        buffer.append(text)
        buffer.append(decimal: value)
        return buffer.bytes
    }

    private func check(_ value: UInt64) {
        if digits(value) != Array(String(value).utf8) { Issue.record("\(value) is written as \(digits(value))") }
    }

    @Test("Every number of up to five digits")
    func small() {
        for value: UInt64 in 0...100_000 { check(value) }
    }

    @Test("Both sides of every power of ten, and of every power of two")
    func powers() {
        var power: UInt64 = 1
        for _ in 0..<20 {
            for distance: UInt64 in 0...20 {
                check(power &+ distance)
                check(power &- distance)
            }
            power = power.multipliedReportingOverflow(by: 10).partialValue
        }
        for bit: UInt64 in 0..<64 {
            check(1 << bit)
            check(1 << bit &- 1)
        }
        check(.max)
    }

    /// Each group of eight digits is computed apart, in lanes of four, two and one: so each lane meets its bounds.
    @Test("Every four digits, in each place where four digits can stand")
    func lanes() {
        for four: UInt64 in 0..<10_000 {
            check(four * 10_000 + 9_999)
            check(1_000_000_000_000_000 + four * 100_000_000)
            check(9_999_000_000_000_000 + four * 100_000_000_000 % 1_000_000_000_000)
            check(1_234_000_000_000_000 + four * 10_000 + 1)
            check(9_007_199_200_000_000 + four)
        }
    }

    @Test("Random numbers of every size", arguments: 1...20)
    func random(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<1000 { check(generator.next() >> UInt64.random(in: 0..<64, using: &generator)) }
    }

    @Test("What stands before is kept, and what follows joins on, wherever the buffer grows")
    func neighbours() {
        for value: UInt64 in [0, 9, 10, 99, 100, 99_999_999, 100_000_000, 9_007_199_254_740_992, .max] {
            for start in 0...70 {
                var buffer = ByteBuffer()
                for _ in 0..<start { buffer.append(UInt8(ascii: ",")) }
                buffer.append(decimal: value)
                buffer.append(UInt8(ascii: "]"))
                let expected = String(repeating: ",", count: start) + String(value) + "]"
                #expect(buffer.bytes == Array(expected.utf8))
            }
        }
    }
}
