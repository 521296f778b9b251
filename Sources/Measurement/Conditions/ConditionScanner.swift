/// Goes over the text of a condition or quantity, a Unicode scalar at a time.
struct ConditionScanner {
    let text: String
    private let scalars: [Unicode.Scalar]
    /// Scalars before the next one.
    private(set) var position = 0

    /// What is longer is no condition that anybody wrote.
    static let longest = 200

    init(_ text: String) {
        // Enough for the problem to be seen; what follows is not looked at.
        scalars = Array(text.unicodeScalars.prefix(ConditionScanner.longest + 1))
        self.text = text
    }

    private var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    mutating func skipSpace() {
        while next == " " || next == "\t" { position += 1 }
    }

    /// Takes `symbol` if it stands here.
    mutating func take(_ symbol: String) -> Bool {
        guard scalars[position...].starts(with: symbol.unicodeScalars) else { return false }
        position += symbol.unicodeScalars.count
        return true
    }

    /// Takes the scalars from here on that are as `isPart` says, which may be none.
    mutating func word(while isPart: (Unicode.Scalar) -> Bool) -> String {
        var word = String.UnicodeScalarView()
        while let scalar = next, isPart(scalar) {
            word.append(scalar)
            position += 1
        }
        return String(word)
    }

    /// Takes the digits of a number without a sign; empty where there is none.
    mutating func number() -> String {
        var digits = word(while: \.isDigit)
        guard !digits.isEmpty else { return "" }
        if take(".") {
            let fraction = word(while: \.isDigit)
            guard !fraction.isEmpty else { return "" }
            digits += "." + fraction
        }
        let mantissa = position
        guard take("e") || take("E") else { return digits }
        let sign = take("-") ? "-" : take("+") ? "+" : ""
        let exponent = word(while: \.isDigit)
        guard !exponent.isEmpty else {
            position = mantissa
            return digits
        }
        return digits + "e" + sign + exponent
    }

    mutating func expectEnd() throws(ConditionProblem) {
        skipSpace()
        guard next == nil else { throw problem("nothing may follow here", at: position) }
    }

    /// - Parameter place: scalars before the one that is wrong.
    func problem(_ message: String, at place: Int) -> ConditionProblem {
        ConditionProblem(text: text, column: place + 1, message: message)
    }

    func requireFittingLength() throws(ConditionProblem) {
        guard scalars.count > ConditionScanner.longest else { return }
        throw problem("is longer than \(ConditionScanner.longest) characters", at: ConditionScanner.longest)
    }
}

extension Unicode.Scalar {
    var isDigit: Bool { ("0"..."9").contains(self) }
}

/// What is wrong with a condition, and where.
package struct ConditionProblem: Error, Equatable, Sendable, CustomStringConvertible {
    /// As it was given.
    package let text: String
    /// Of the first character that is wrong, counted from 1; one behind the last where something is missing.
    package let column: Int
    package let message: String

    init(text: String, column: Int, message: String) {
        self.text = text
        self.column = column
        self.message = message
    }

    /// One line, whatever the text holds.
    package var description: String {
        "\(ConditionProblem.plain(text)): column \(column): \(ConditionProblem.plain(message))"
    }

    /// Control characters and what is no ASCII but the sign of micro and the dashes of our own words, as escapes.
    private static func plain(_ text: String) -> String {
        text.unicodeScalars.prefix(ConditionScanner.longest * 2).map { scalar in
            scalar.isASCII && scalar.value >= 0x20 && scalar.value != 0x7F || "µ…".unicodeScalars.contains(scalar)
                ? String(scalar) : "\\u{\(String(scalar.value, radix: 16))}"
        }.joined()
    }
}
