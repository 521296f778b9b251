/// Something that must hold of what was measured: `p99(rpc.response)<10ms`, `loss==0`, `rate(events)>100k`.
///
/// ```
/// condition  = operand comparison quantity
/// operand    = figure | statistic "(" figure ")"
/// statistic  = "p" percentile | "min" | "max" | "mean" | "count" | "rate"
/// comparison = "<" | "<=" | ">" | ">=" | "==" | "!="
/// ```
///
/// Blank space may stand between any two of them. Figures are those of ``Figure``, quantities are ``ConditionLimit``.
package struct Condition: Equatable, Sendable, CustomStringConvertible {
    package enum Comparison: String, CaseIterable, Sendable {
        // The longer first, as they are looked for.
        case atMost = "<="
        case atLeast = ">="
        case equal = "=="
        case unequal = "!="
        case less = "<"
        case more = ">"

        func holds(_ value: Double, _ limit: Double) -> Bool {
            switch self {
            case .atMost: value <= limit
            case .atLeast: value >= limit
            case .equal: value == limit
            case .unequal: value != limit
            case .less: value < limit
            case .more: value > limit
            }
        }

        /// Whether it holds of all values from `bound` on; `nil`: of some, and of others not.
        func holds(ofAllFrom bound: Double, _ limit: Double) -> Bool? {
            switch self {
            case .less: bound >= limit ? false : nil
            case .atMost, .equal: bound > limit ? false : nil
            case .atLeast: bound >= limit ? true : nil
            case .more, .unequal: bound > limit ? true : nil
            }
        }
    }

    /// `nil`: the figure itself, or how many where it is a count.
    package let statistic: Statistic?
    package let figure: Figure
    package let comparison: Comparison
    package let limit: ConditionLimit

    /// The condition in the shortest form, which is read as the same one.
    package var description: String {
        let operand = statistic.map { "\($0)(\(figure.rawValue))" } ?? figure.rawValue
        return "\(operand)\(comparison.rawValue)\(limit)"
    }

    package init(parsing text: String) throws(ConditionProblem) {
        var scanner = ConditionScanner(text)
        try scanner.requireFittingLength()
        scanner.skipSpace()
        let start = scanner.position
        let word = scanner.word(while: \.isNamePart)
        scanner.skipSpace()
        let figureStart: Int
        if scanner.take("(") {
            statistic = try Condition.statistic(word, scanner, at: start)
            scanner.skipSpace()
            figureStart = scanner.position
            figure = try Condition.figure(scanner.word(while: \.isNamePart), scanner, at: figureStart)
            scanner.skipSpace()
            guard scanner.take(")") else { throw scanner.problem("expected )", at: scanner.position) }
        } else {
            figureStart = start
            if Statistic(name: word) != nil {
                throw scanner.problem("\(word) is asked of a figure, as in \(word)(response)", at: start)
            }
            statistic = nil
            figure = try Condition.figure(word, scanner, at: start)
        }
        if let problem = Condition.mismatch(statistic, figure) { throw scanner.problem(problem, at: start) }
        comparison = try Condition.comparison(&scanner)
        scanner.skipSpace()
        let limitStart = scanner.position
        limit = try ConditionLimit(from: &scanner)
        if let problem = Condition.mismatch(statistic, figure, limit) { throw scanner.problem(problem, at: limitStart) }
        try scanner.expectEnd()
    }

    private static func statistic(
        _ word: String, _ scanner: ConditionScanner, at place: Int
    ) throws(ConditionProblem) -> Statistic {
        guard let statistic = Statistic(name: word) else {
            throw scanner.problem("there is no function \(word); there are \(Statistic.names)", at: place)
        }
        return statistic
    }

    private static func figure(
        _ word: String, _ scanner: ConditionScanner, at place: Int
    ) throws(ConditionProblem) -> Figure {
        if let figure = Figure(rawValue: word) { return figure }
        guard !word.isEmpty else { throw scanner.problem("expected a figure, as in p99(rpc.response)<10ms", at: place) }
        let hint = Figure.nearest(to: word).map { "; did you mean \($0.rawValue)?" } ?? ""
        throw scanner.problem("there is no figure \(word)\(hint)", at: place)
    }

    private static func comparison(_ scanner: inout ConditionScanner) throws(ConditionProblem) -> Comparison {
        scanner.skipSpace()
        for comparison in Comparison.allCases where scanner.take(comparison.rawValue) { return comparison }
        throw scanner.problem("expected one of < <= > >= == !=", at: scanner.position)
    }

    /// What is wrong with asking this of that figure.
    private static func mismatch(_ statistic: Statistic?, _ figure: Figure) -> String? {
        let name = figure.rawValue
        switch (figure.kind, statistic) {
        case (.distribution, nil): return "\(name) is many times: say which, as in p99(\(name))"
        case (.distribution, .rate): return "rate goes with counts, and \(name) is none"
        case (.distribution, _), (.counter, nil), (.counter, .count), (.counter, .rate), (.fault, nil),
            (.fault, .count), (.value, nil):
            return nil
        case (.counter, let other?): return "\(other) goes with latencies; \(name) has count and rate"
        case (.fault, let other?): return "\(other) does not go with \(name), which is a count"
        case (.value, let other?): return "\(other) does not go with \(name), which is one value"
        }
    }

    /// What is wrong with comparing that with this.
    private static func mismatch(_ statistic: Statistic?, _ figure: Figure, _ limit: ConditionLimit) -> String? {
        let allowed: [QuantityUnit.Dimension] =
            switch (figure.kind, statistic) {
            case (.distribution, .count): [.number]
            case (.distribution, _): [.time]
            case (.counter(of: .size), _): [.size, .number]
            case (.counter, _): [.number]
            case (.fault, _): [.number, .share]
            case (.value(.size), _): [.size, .number]
            case (.value(.share), _): [.share, .number]
            case (.value(let dimension), _): [dimension]
            }
        if limit.isPerSecond, statistic != .rate { return "/s goes with rate(…) only" }
        guard !allowed.contains(limit.dimension) else { return nil }
        switch allowed[0] {
        case .time: return "expected a time, as in 10ms: its unit is one of ns, µs (us), ms, s, min, h"
        case .size: return "expected a size, as in 2MiB"
        case .share: return "expected a share, as in 80%"
        case .number: return allowed.contains(.share) ? "expected a number or a share, as in 0.1%" : "expected a number"
        }
    }
}

/// What is asked of a figure.
package enum Statistic: Equatable, Sendable, CustomStringConvertible {
    /// In thousandths of a percent: 99900 is p99.9.
    case percentile(thousandths: Int)
    case min
    case max
    case mean
    case count
    case rate

    static let names = "p50 … p99.99 (any percentile above 0 and below 100), min, max, mean, count, rate"

    init?(name: String) {
        switch name {
        case "min": self = .min
        case "max": self = .max
        case "mean": self = .mean
        case "count": self = .count
        case "rate": self = .rate
        default:
            guard name.first == "p", let thousandths = Statistic.thousandths(name.dropFirst()) else { return nil }
            self = .percentile(thousandths: thousandths)
        }
    }

    /// Of `99.9`: three digits behind the point at most, more than 0 and less than 100.
    private static func thousandths(_ text: Substring) -> Int? {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.allSatisfy({ !$0.isEmpty && $0.unicodeScalars.allSatisfy(\.isDigit) }), parts[0].count <= 2,
            let whole = Int(parts[0])
        else { return nil }
        var thousandths = whole * 1000
        if parts.count == 2 {
            guard parts[1].count <= 3, let fraction = Int(parts[1] + String(repeating: "0", count: 3 - parts[1].count))
            else { return nil }
            thousandths += fraction
        }
        return thousandths > 0 ? thousandths : nil
    }

    package var description: String {
        switch self {
        case .percentile(let thousandths):
            var text = "p\(thousandths / 1000)"
            var digits = String(thousandths % 1000 + 1000).dropFirst()
            while digits.last == "0" { digits.removeLast() }
            if !digits.isEmpty { text += "." + digits }
            return text
        case .min: return "min"
        case .max: return "max"
        case .mean: return "mean"
        case .count: return "count"
        case .rate: return "rate"
        }
    }
}

extension Unicode.Scalar {
    /// What names of functions and figures are made of.
    fileprivate var isNamePart: Bool { isASCII && (properties.isAlphabetic || isDigit || self == "." || self == "_") }
}
