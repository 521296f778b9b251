/// Colours and emphasis of a terminal (ECMA-48, select graphic rendition). Without a terminal they are nothing.
package enum TextStyle: Sendable {
    case plain
    case bold
    case dim
    case red
    case green
    case yellow

    /// The code that turns the style on; nil for plain text.
    private var code: Int? {
        switch self {
        case .plain: nil
        case .bold: 1
        case .dim: 2
        case .red: 31
        case .green: 32
        case .yellow: 33
        }
    }

    package func apply(to text: String, isTerminal: Bool) -> String {
        guard isTerminal, let code, !text.isEmpty else { return text }
        return "\u{1B}[\(code)m\(text)\u{1B}[0m"
    }
}

extension String {
    /// Columns that the text takes on a terminal: East Asian wide characters and emoji take two, combining marks none.
    package var displayWidth: Int { reduce(0) { $0 + $1.displayWidth } }

    /// The text cut to at most `columns`, with an ellipsis where something was cut off.
    package func truncated(toColumns columns: Int) -> String {
        guard displayWidth > columns else { return self }
        guard columns > 0 else { return "" }
        var kept = ""
        var width = 0
        for character in self {
            guard width + character.displayWidth < columns else { break }
            kept.append(character)
            width += character.displayWidth
        }
        return kept + "…"
    }

    /// Control characters, which text from a peer or a file may hold, made visible: they move the cursor or worse.
    package var printable: String {
        var safe = ""
        for scalar in unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: safe.append("�")
            default: safe.unicodeScalars.append(scalar)
            }
        }
        return safe
    }
}

extension Character {
    fileprivate var displayWidth: Int {
        guard let first = unicodeScalars.first else { return 0 }
        if unicodeScalars.allSatisfy({ $0.properties.generalCategory == .nonspacingMark }) { return 0 }
        return first.isWide || unicodeScalars.contains { $0.value == 0xfe0f } ? 2 : 1
    }
}

extension Unicode.Scalar {
    /// The wide blocks of Unicode's East Asian Width that text is likely to hold.
    fileprivate var isWide: Bool {
        if properties.isEmojiPresentation { return true }
        switch value {
        case 0x1100...0x115f, 0x2e80...0x303e, 0x3041...0xa4cf, 0xac00...0xd7a3, 0xf900...0xfaff, 0xfe30...0xfe6f,
            0xff00...0xff60, 0xffe0...0xffe6, 0x20000...0x3fffd:
            return true
        default: return false
        }
    }
}
