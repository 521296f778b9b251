import ArgumentParser
import RennbahnMeasurement

/// A number of the command line, with a unit or without: `10k`, `500ms`, `2MiB`, `10%`. Kept as a fraction, so that `4.35k` is
/// 4350. The functions that are named for what they return are the transforms of options.
struct Quantity {
    /// What is measured, and so which units are understood.
    enum Measure {
        case count
        case rate
        /// Counted in nanoseconds.
        case duration
        /// Counted in bytes.
        case size
        case percent

        fileprivate func factor(of unit: String) -> UInt128? {
            guard let unit = QuantityUnit(name: unit), unit.dimension == dimension else { return nil }
            return unit.factor
        }

        private var dimension: QuantityUnit.Dimension {
            switch self {
            case .count, .rate: .number
            case .duration: .time
            case .size: .size
            case .percent: .share
            }
        }

        fileprivate var examples: String {
            switch self {
            case .count: "expected a number such as 100, 10k or 1.5M"
            case .rate: "expected a number a second such as 5000, 10k or 1.5M/s"
            case .duration: "expected a time such as 500us, 500ms, 10s, 2m or 1h"
            case .size: "expected a size such as 1024, 64KiB or 2MiB"
            case .percent: "expected a percentage such as 3 or 2.5%"
            }
        }
    }

    private let numerator: UInt128
    private let denominator: UInt128

    /// - Parameter bare: what a number without a unit is multiplied by, which is said where the text is refused.
    private init(_ text: String, _ measure: Measure, bare: (name: String, factor: UInt128)) throws {
        let expected = measure.examples + (bare.name.isEmpty ? "" : "; a bare number is \(bare.name)")
        guard let number = DecimalNumber(text) else { throw ValidationError(expected) }
        let factor = number.rest.isEmpty ? bare.factor : measure.factor(of: number.rest)
        guard let factor else { throw ValidationError(expected) }
        guard let fraction = number.fraction else { throw Quantity.outOfRange }
        let (numerator, overflows) = fraction.numerator.multipliedReportingOverflow(by: factor)
        guard !overflows else { throw Quantity.outOfRange }
        self.numerator = numerator
        denominator = fraction.denominator
    }

    private static let outOfRange = ValidationError("is out of range")

    private func decimal(in unit: UInt128) -> Double { Double(numerator) / Double(denominator) / Double(unit) }

    /// - Parameter name: of the unit, for what is no whole number of it.
    private func whole(in unit: UInt128, _ name: String) throws -> Int {
        let (divisor, overflows) = denominator.multipliedReportingOverflow(by: unit)
        guard !overflows, numerator % divisor == 0 else { throw ValidationError("is no whole number\(name)") }
        guard let number = Int(exactly: numerator / divisor) else { throw Quantity.outOfRange }
        return number
    }
}

// MARK: - Transforms

extension Quantity {
    private static let nanosecondsOfMillisecond: UInt128 = 1_000_000
    private static let nanosecondsOfSecond: UInt128 = 1_000_000_000

    @Sendable static func count(_ text: String) throws -> Int {
        try Quantity(text, .count, bare: ("", 1)).whole(in: 1, "")
    }

    /// Bytes.
    @Sendable static func bytes(_ text: String) throws -> Int {
        try Quantity(text, .size, bare: ("bytes", 1)).whole(in: 1, " of bytes")
    }

    /// Of something a second.
    @Sendable static func rate(_ text: String) throws -> Double {
        let number = text.hasSuffix("/s") ? String(text.dropLast(2)) : text
        return try Quantity(number, .rate, bare: ("", 1)).decimal(in: 1)
    }

    @Sendable static func seconds(_ text: String) throws -> Double {
        try Quantity(text, .duration, bare: ("seconds", nanosecondsOfSecond)).decimal(in: nanosecondsOfSecond)
    }

    @Sendable static func milliseconds(_ text: String) throws -> Int {
        try Quantity(text, .duration, bare: ("milliseconds", nanosecondsOfMillisecond))
            .whole(in: nanosecondsOfMillisecond, " of milliseconds")
    }

    /// Milliseconds, of which there may be parts.
    @Sendable static func fineMilliseconds(_ text: String) throws -> Double {
        try Quantity(text, .duration, bare: ("milliseconds", nanosecondsOfMillisecond))
            .decimal(in: nanosecondsOfMillisecond)
    }

    @Sendable static func microseconds(_ text: String) throws -> Int {
        try Quantity(text, .duration, bare: ("microseconds", 1000)).whole(in: 1000, " of microseconds")
    }

    @Sendable static func percent(_ text: String) throws -> Double {
        try Quantity(text, .percent, bare: ("percent", 1)).decimal(in: 1)
    }
}
