extension String {
    /// In quotes as a message shows it, on one line and cut where it is long: quotes, and what moves a cursor or cannot be
    /// seen, are escaped as in Swift.
    package var quoted: String {
        let shown = prefix(60)
        return "\"" + shown.unicodeScalars.map(\.escaped).joined() + (shown.endIndex < endIndex ? "…\"" : "\"")
    }
}

extension Unicode.Scalar {
    fileprivate var escaped: String {
        switch self {
        case "\"": return "\\\""
        case "\\": return "\\\\"
        case "\n": return "\\n"
        case "\r": return "\\r"
        case "\t": return "\\t"
        default: break
        }
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: return "\\u{\(String(value, radix: 16))}"
        default: return String(self)
        }
    }
}
