/// Reads the keys of a section from one line, such as `max_window_bits=11;no_context_takeover`: what a command line has for a
/// section of a file. Keys, values and messages are those of the table.
package enum ParameterReader {
    /// A key may stand there more than once, and the last one holds; a key that is true or false is true without a value.
    ///
    /// - Parameter text: `nil`: there is none, and so no key.
    /// - Throws: what is wrong with each, at its place in the text.
    package static func read(_ text: Substring?, of section: Section) throws(Problems) -> Tree {
        var entries: [Tree.Entry] = []
        var column = 1
        for part in text?.split(separator: ";", omittingEmptySubsequences: false) ?? [] {
            let place = Place(line: 1, column: column)
            column += part.unicodeScalars.count + 1
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let value = value(pair.count > 1 ? pair[1] : nil, section[pair[0]]?.shape)
            entries.removeAll { $0.key == pair[0] }
            entries.append(Tree.Entry(key: pair[0], place: place, value: Tree(value, at: place)))
        }
        let tree = Tree(.mapping(entries), at: Place(line: 1, column: 1))
        let problems = Checker.check(tree, section)
        guard problems.isEmpty else { throw Problems(problems) }
        return tree
    }

    /// What is no value of the kind stays the text that it is, which the checker tells then.
    private static func value(_ text: String?, _ shape: Shape?) -> Tree.Value {
        switch (text, shape) {
        case (nil, .boolean): .boolean(true)
        case (nil, _): .null
        case (let text?, .boolean): Bool(text).map(Tree.Value.boolean) ?? .text(text)
        case (let text?, .integer): Int(text).map(Tree.Value.integer) ?? .text(text)
        case (let text?, _): .text(text)
        }
    }

    /// How the keys of a section are written, for a help text: `level=0…9, no_context_takeover[=false]`.
    package static func usage(of section: Section) -> String {
        section.keys.map { key in
            switch key.shape {
            case .boolean: "\(key.name)[=false]"
            case .integer(let range, let orZero):
                "\(key.name)=\(orZero ? "0|" : "")\(range.lowerBound)…\(range.upperBound)"
            case .integers, .text, .choice, .list, .portRange, .section, .variants, .map, .either, .anything:
                "\(key.name)=…"
            }
        }.joined(separator: ", ")
    }
}

extension Problems {
    /// All of them in one line, each with its key.
    package var line: String {
        all.map { $0.path.isEmpty ? $0.message : "\($0.path): \($0.message)" }.joined(separator: "; ")
    }
}
