/// JSON with members in the order given, two spaces a level, so that what is generated can be compared by its text.
package indirect enum JSON: Sendable {
    case text(String), integer(Int), number(Double), boolean(Bool), null
    case list([JSON])
    case object([(String, JSON)])

    package var text: String { text(indent: 0) + "\n" }

    /// Without a space between its parts.
    package var compact: String {
        switch self {
        case .text, .integer, .number, .boolean, .null: text(indent: 0)
        case .list(let elements): "[" + elements.map(\.compact).joined(separator: ",") + "]"
        case .object(let members):
            "{" + members.map { JSON.quoted($0.0) + ":" + $0.1.compact }.joined(separator: ",") + "}"
        }
    }

    private func text(indent: Int) -> String {
        let inner = String(repeating: " ", count: indent + 2)
        let outer = String(repeating: " ", count: indent)
        switch self {
        case .text(let text): return JSON.quoted(text)
        case .integer(let number): return "\(number)"
        case .number(let number): return number.isFinite ? "\(number)" : "null"
        case .boolean(let boolean): return "\(boolean)"
        case .null: return "null"
        case .list(let elements):
            if elements.isEmpty { return "[]" }
            return "[\n" + elements.map { inner + $0.text(indent: indent + 2) }.joined(separator: ",\n") + "\n\(outer)]"
        case .object(let members):
            if members.isEmpty { return "{}" }
            let lines = members.map { inner + JSON.quoted($0.0) + ": " + $0.1.text(indent: indent + 2) }
            return "{\n" + lines.joined(separator: ",\n") + "\n\(outer)}"
        }
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\u{0}"..<"\u{20}":
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

extension Tree.Value {
    package var json: JSON {
        switch self {
        case .null: .null
        case .boolean(let boolean): .boolean(boolean)
        case .integer(let integer): .integer(integer)
        case .number(let number): .number(number)
        case .text(let text): .text(text)
        case .list(let elements): .list(elements.map(\.value.json))
        case .mapping(let entries): .object(entries.map { ($0.key, $0.value.value.json) })
        }
    }
}
