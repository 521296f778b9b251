/// Text within XML and HTML.
enum Markup {
    /// Escaped for content and for quoted attributes. What XML 1.0 has no place for, such as control characters, becomes the
    /// replacement character.
    static func escaped(_ text: String) -> String {
        var safe = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": safe += "&amp;"
            case "<": safe += "&lt;"
            case ">": safe += "&gt;"
            case "\"": safe += "&quot;"
            case "'": safe += "&#39;"
            // Line ends within an attribute would be read as spaces.
            case "\n": safe += "&#10;"
            case "\t": safe += "&#9;"
            default: safe.unicodeScalars.append(isCharacter(scalar) ? scalar : "\u{FFFD}")
            }
        }
        return safe
    }

    /// The production Char of XML 1.0, without the control characters that it discourages.
    private static func isCharacter(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20...0x7E, 0xA0...0xD7FF, 0xE000...0xFFFD: true
        case 0x10000...0x10FFFF: scalar.value & 0xFFFE != 0xFFFE
        default: false
        }
    }
}
