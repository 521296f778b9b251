/// The table as Markdown, for the documentation.
package enum TableDocument {
    package static let begin =
        "<!-- The tables below are generated from Sources/Configuration/Schema by `make configuration`. -->"

    package static var text: String {
        begin + "\n\n" + Schema.sections.map(section).joined(separator: "\n")
    }

    /// The hand-written part of a page with fresh tables behind it.
    package static func renewing(_ page: String) -> String? {
        guard let range = page.firstRange(of: begin) else { return nil }
        return String(page[..<range.lowerBound]) + text
    }

    private static func section(_ section: Section) -> String {
        var lines = ["### \(section.title)", ""]
        if !section.about.isEmpty { lines += [section.about, ""] }
        lines += ["| Key | Allowed | Default | Here | |", "| --- | --- | --- | --- | --- |"]
        for key in section.keys {
            let initial = key.isRequired ? "**required**" : shown(key)
            lines.append(
                "| `\(key.name)` | \(escaped(allowed(key.shape))) | \(initial) | \(escaped(here(key))) | \(escaped(key.about)) |"
            )
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// What holds without the key.
    private static func shown(_ key: Row) -> String {
        switch key.initial {
        case .nothing: return "–"
        case .words(let words): return words
        case .value(let value, _) where value.isEmpty: return "–"
        case .value(let value, let note): return shown(value, key.shape) + (note.isEmpty ? "" : " \(note)")
        }
    }

    private static func shown(_ value: Tree.Value, _ shape: Shape) -> String {
        switch (value, shape) {
        case (.text(let text), _): return "`\(text)`"
        case (.list(let elements), .list(.choice, _)): return elements.compactMap(\.text).joined(separator: ", ")
        case (.list, _), (.mapping, _): return "`\(value.json.compact)`"
        case (.null, _), (.boolean, _), (.integer, _), (.number, _): return value.json.compact
        }
    }

    private static func allowed(_ shape: Shape) -> String {
        switch shape {
        case .section(let name): "a mapping: \(link(name))"
        case .variants(let variants):
            "by `type`: "
                + variants.map { variant in
                    let name =
                        variant.section.isEmpty
                        ? "`\(variant.type)`" : "[`\(variant.type)`](#\(anchor(variant.section)))"
                    if case .none(let why) = variant.support { return "\(name) (\(why))" }
                    return name
                }.joined(separator: ", ")
        case .list(let element, let least):
            (least > 0 ? "a list of at least \(least): " : "a list: ") + allowed(element)
        case .choice(let choices):
            choices.map { choice in
                if case .none(let why) = choice.support { return "`\(choice.name)` (\(why))" }
                return "`\(choice.name)`"
            }.joined(separator: ", ")
        case .map(let form, let element): "a mapping, each key \(form.allowed): " + allowed(element)
        case .either(let first, let second): "\(allowed(first)); or \(allowed(second))"
        case .boolean, .integer, .integers, .text, .portRange, .anything: shape.allowed
        }
    }

    private static func here(_ key: Row) -> String {
        switch key.support {
        case .full: return "yes"
        case .hint(let why): return "taken, no effect: \(why)"
        case .only(let values, let why):
            let names = values.map { value in
                if case .list(let elements) = value {
                    "`[\(elements.map(\.quoted).joined(separator: ", "))]`"
                } else {
                    "`\(Tree(value, at: Place(line: 1, column: 1)).quoted)`"
                }
            }
            return "only \(names.joined(separator: ", ")): \(why)"
        case .none(let why): return "refused: \(why)"
        }
    }

    private static func link(_ name: String) -> String {
        "[\(Schema.section(name).title)](#\(anchor(name)))"
    }

    private static func anchor(_ name: String) -> String {
        String(
            Schema.section(name).title.lowercased().compactMap {
                $0 == " " ? "-" : $0.isLetter || $0.isNumber || $0 == "-" ? $0 : nil
            })
    }

    private static func escaped(_ text: String) -> String { text.replacing("|", with: "\\|") }
}
