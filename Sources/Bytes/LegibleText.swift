extension String {
    /// The text as it may stand between quotation marks in a message for people, whoever chose it: it can neither begin another
    /// line, nor end the quotation, nor move a terminal's cursor or turn its direction of writing.
    ///
    /// - Parameter count: Unicode scalars that are shown; an ellipsis stands for the rest.
    package func legible(upTo count: Int) -> String {
        let shown = unicodeScalars.prefix(count)
        var text = ""
        for scalar in shown {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
                text += "\\u{\(String(scalar.value, radix: 16))}"
            default:
                if scalar == "\"" || scalar == "\\" { text += "\\" }
                text.unicodeScalars.append(scalar)
            }
        }
        return shown.endIndex < unicodeScalars.endIndex ? text + "…" : text
    }
}
