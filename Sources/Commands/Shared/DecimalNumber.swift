/// The number that a text begins with, as `1.5` in `1.5M` or `1e3`: ASCII digits without a minus, and no infinity.
struct DecimalNumber {
    /// What follows the number.
    let rest: String
    private let significand: UInt128
    /// Of ten.
    private let exponent: Int

    /// More digits would be those of no number that anybody means.
    private static let mostDigits = 30
    /// Above the largest power of ten that 128 bits hold.
    private static let mostExponent = 60

    init?(_ text: String) {
        var left = Array(text.utf8)[...]
        if left.first == UInt8(ascii: "+") { left.removeFirst() }
        let whole = DecimalNumber.digits(&left)
        var fraction: ArraySlice<UInt8> = []
        if left.first == UInt8(ascii: ".") {
            left.removeFirst()
            fraction = DecimalNumber.digits(&left)
        }
        let digits = whole + fraction
        guard (1...DecimalNumber.mostDigits).contains(digits.count) else { return nil }
        significand = digits.reduce(0) { $0 * 10 + UInt128($1 - UInt8(ascii: "0")) }
        exponent = DecimalNumber.exponent(&left) - fraction.count
        rest = String(decoding: left, as: UTF8.self)
    }

    private static func digits(_ left: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let digits = left.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        left = left.dropFirst(digits.count)
        return digits
    }

    /// What follows an `e`, bounded; nothing is taken where no digit does.
    private static func exponent(_ left: inout ArraySlice<UInt8>) -> Int {
        guard let first = left.first, first | 0x20 == UInt8(ascii: "e") else { return 0 }
        var behind = left.dropFirst()
        let isNegative = behind.first == UInt8(ascii: "-")
        if isNegative || behind.first == UInt8(ascii: "+") { behind.removeFirst() }
        let size = digits(&behind)
        guard !size.isEmpty else { return 0 }
        left = behind
        let power = size.reduce(0) { min($0 * 10 + Int($1 - UInt8(ascii: "0")), mostExponent) }
        return isNegative ? -power : power
    }

    /// `nil`: beyond what is counted here.
    var fraction: (numerator: UInt128, denominator: UInt128)? {
        guard significand > 0 else { return (0, 1) }
        guard exponent < 0 else { return DecimalNumber.scaled(significand, exponent).map { ($0, 1) } }
        return DecimalNumber.scaled(1, -exponent).map { (significand, $0) }
    }

    /// Times a power of ten.
    private static func scaled(_ number: UInt128, _ power: Int) -> UInt128? {
        var product = number
        for _ in 0..<power {
            let (next, overflows) = product.multipliedReportingOverflow(by: 10)
            guard !overflows else { return nil }
            product = next
        }
        return product
    }
}
