import RennbahnTestKit
import Testing

@testable import RennbahnMeasurement

struct ConditionFuzzTests {
    /// Pieces that conditions are made of, and some that they are not.
    private static let pieces =
        Figure.allCases.map(\.rawValue) + Condition.Comparison.allCases.map(\.rawValue)
        + QuantityUnit.allCases.map(\.rawValue)
        + [
            "p99", "p50.5", "min", "max", "mean", "count", "rate", "(", ")", "0", "1.5", "1e3", "e", " ", "/s", "=",
            "µ", "\u{0}",
        ]

    @Test func `Random octets and damaged conditions never trap, and what is read is printed as the same`() {
        var random = SeededGenerator(seed: 13)
        var (read, refused) = (0, 0)
        for round in 0..<3000 {
            var text = String(decoding: random.bytes(random.below(24)), as: UTF8.self)
            if !round.isMultiple(of: 3) {
                var scalars = Array(Self.text(&random).unicodeScalars)
                let start = random.below(scalars.count)
                let piece = Self.pieces[random.below(Self.pieces.count)].unicodeScalars
                scalars.replaceSubrange(start..<min(scalars.count, start + random.below(3)), with: piece)
                text = String(String.UnicodeScalarView(scalars))
            }
            if let condition = try? Condition(parsing: text) {
                expectIdentity(condition)
                read += 1
            } else {
                refused += 1
            }
        }
        #expect(read > 25 && refused > 100, "\(read) \(refused)")
    }

    @Test func `Conditions of the grammar are read, with any number, and printed as the same`() throws {
        var random = SeededGenerator(seed: 14)
        for _ in 0..<1500 { expectIdentity(try Condition(parsing: Self.text(&random))) }
    }

    private func expectIdentity(_ condition: Condition) {
        #expect((try? Condition(parsing: condition.description)) == condition, "\(condition)")
    }

    /// Some condition.
    private static func text(_ random: inout SeededGenerator) -> String {
        let figure = Figure.allCases[random.below(Figure.allCases.count)]
        let comparison = Condition.Comparison.allCases[random.below(6)].rawValue
        let number = random.oneIn(2) ? "\(random.below(100_000))" : "\(Double(random.next() >> 12) / 1e9)"
        return "\(operand(figure, &random))\(comparison)\(number)\(unit(figure))"
    }

    private static func operand(_ figure: Figure, _ random: inout SeededGenerator) -> String {
        switch figure.kind {
        case .distribution: "p\(random.below(99) + 1).\(random.below(1000))(\(figure.rawValue))"
        case .counter: random.oneIn(2) ? "rate(\(figure.rawValue))" : figure.rawValue
        case .fault, .value: figure.rawValue
        }
    }

    private static func unit(_ figure: Figure) -> String {
        switch figure.kind {
        case .distribution, .value(.time): "us"
        case .counter(of: .size), .value(.size): "KiB"
        case .counter: "k"
        case .fault, .value: "%"
        }
    }
}
