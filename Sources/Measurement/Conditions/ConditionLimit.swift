/// What a figure is compared with, as people write it: `10ms`, `100k`, `2MiB`, `0.1%`, `5000/s`.
///
/// ```
/// quantity = number [unit] ["/s"]
/// number   = digits ["." digits] [("e" | "E") ["+" | "-"] digits]
/// ```
package struct ConditionLimit: Equatable, Sendable, CustomStringConvertible {
    /// As it was written; finite and not negative, and so is ``value``.
    package let number: Double
    package let unit: QuantityUnit
    /// Whether `/s` stands behind it.
    package let isPerSecond: Bool

    package var dimension: QuantityUnit.Dimension { unit.dimension }

    /// In what the dimension counts: nanoseconds, octets, a share, or the number itself.
    package var value: Double { number * unit.scale }

    /// Reads a quantity and what blank space stands before it.
    init(from scanner: inout ConditionScanner) throws(ConditionProblem) {
        scanner.skipSpace()
        let start = scanner.position
        let digits = scanner.number()
        guard let number = Double(digits) else { throw scanner.problem("expected a number", at: start) }
        scanner.skipSpace()
        let unitStart = scanner.position
        let name = scanner.word(while: { $0 == "%" || $0.isUnitLetter })
        guard let unit = QuantityUnit(name: name) else {
            throw scanner.problem("there is no unit \(name); there are \(QuantityUnit.names)", at: unitStart)
        }
        guard (number * unit.scale).isFinite else { throw scanner.problem("this number is too large", at: start) }
        self.number = number
        self.unit = unit
        isPerSecond = scanner.take("/s")
    }

    /// The shortest text that is read as the same quantity.
    package var description: String {
        let digits = "\(number)"
        let number = digits.hasSuffix(".0") ? String(digits.dropLast(2)) : digits
        return number + unit.rawValue + (isPerSecond ? "/s" : "")
    }
}

extension QuantityUnit {
    /// One of it, as ``ConditionLimit/value`` counts.
    var scale: Double { self == .percent ? 0.01 : Double(factor) }
}

extension Unicode.Scalar {
    /// What names of units are made of: ASCII letters and both signs of micro.
    fileprivate var isUnitLetter: Bool { properties.isAlphabetic && isASCII || value == 0xB5 || value == 0x3BC }
}
