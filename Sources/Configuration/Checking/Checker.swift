/// Checks a tree against the table: finds every problem, not only the first.
package struct Checker {
    private var problems: [Problem] = []

    private init() {}

    package static func check(_ tree: Tree) -> [Problem] {
        check(tree, Schema.section(Schema.root))
    }

    /// Checks a section as if it were the whole file.
    static func check(_ tree: Tree, _ section: Section) -> [Problem] {
        var checker = Checker()
        checker.section(tree, section, path: "")
        return Problems(checker.problems).all
    }

    /// Checks a value against one row, as if it stood at `path`.
    package static func check(_ value: Tree, _ key: Row, path: String) -> [Problem] {
        var checker = Checker()
        checker.value(value, of: key, path: path)
        return Problems(checker.problems).all
    }

    mutating func add(_ kind: Problem.Kind, _ path: String, _ place: Place, _ message: String) {
        problems.append(Problem(kind, path, at: place, message))
    }

    // MARK: Sections

    mutating func section(_ tree: Tree, _ section: Section, path: String) {
        guard case .mapping(let entries) = tree.value else { return mismatch(tree, .section(section.name), path) }
        for entry in entries {
            guard let key = section[entry.key] else {
                unknown(entry, among: section.keys.map(\.name), Checker.join(path, entry.key))
                continue
            }
            value(entry.value, of: key, path: Checker.join(path, entry.key))
        }
        for key in section.keys where key.isRequired && tree[key.name] == nil {
            add(.invalid, Checker.join(path, key.name), tree.place, "missing; expected \(key.shape.allowed)")
        }
        for rule in section.rules { check(rule, tree, path) }
    }

    private mutating func value(_ tree: Tree, of key: Row, path: String) {
        let before = problems.count
        shape(tree, key.shape, path)
        switch key.support {
        case .full, .hint: break
        case .none(let why): add(.unsupported, path, tree.place, "\(why) (legal in Crossbar.io)")
        case .only(let values, let why):
            // One problem for one value.
            guard problems.count == before, !values.contains(tree.value) else { return }
            let list = values.map { Tree($0, at: tree.place).quoted }.joined(separator: " or ")
            let allowed = values == Checker.anyOrigin ? "[\"*\"]" : list
            add(.unsupported, path, tree.place, "found \(tree.quoted); only \(allowed) is supported: \(why)")
        }
    }

    private static let anyOrigin = [
        Tree.Value.list([Tree(.text("*"), at: Place(line: 1, column: 1))])
    ]

    private mutating func unknown(_ entry: Tree.Entry, among known: [String], _ path: String) {
        let hint = Spelling.nearest(to: entry.key, among: known).map { "; did you mean \"\($0)\"?" } ?? ""
        add(.unknown, path, entry.place, "unknown key\(hint)")
    }

    // MARK: Shapes

    private mutating func shape(_ tree: Tree, _ shape: Shape, _ path: String) {
        switch (shape, tree.value) {
        case (.anything, _), (.boolean, .boolean): break
        case (.integer(let range, let orZero), .integer(let number)):
            if !range.contains(number), !(orZero && number == 0) { mismatch(tree, shape, path) }
        case (.integers(let numbers), .integer(let number)):
            if !numbers.contains(number) { mismatch(tree, shape, path) }
        case (.text(let form), .text(let text)):
            if !form.matches(text) { mismatch(tree, shape, path) }
        case (.choice(let choices), .text(let text)): choose(tree, text, choices, shape, path)
        case (.list(let element, let least), .list(let elements)):
            if elements.count < least { mismatch(tree, shape, path) }
            for (index, value) in elements.enumerated() { self.shape(value, element, "\(path)[\(index)]") }
        case (.portRange, .list(let elements)):
            let ports = elements.compactMap(\.integer).filter((1...65535).contains)
            if elements.count != 2 || ports.count != 2 || ports[0] > ports[1] { mismatch(tree, shape, path) }
        case (.section(let name), .mapping): section(tree, Schema.section(name), path: path)
        case (.variants(let variants), .mapping): variant(tree, variants, path)
        case (.map(let form, let element), .mapping(let entries)):
            for entry in entries {
                let path = Checker.join(path, entry.key)
                if !form.matches(entry.key) {
                    add(.invalid, path, entry.place, "found the key \(entry.key.quoted); allowed: \(form.allowed)")
                }
                self.shape(entry.value, element, path)
            }
        case (.either(let first, let second), _):
            var trial = Checker()
            trial.shape(tree, first, path)
            if trial.problems.isEmpty { return }
            trial = Checker()
            trial.shape(tree, second, path)
            if !trial.problems.isEmpty { mismatch(tree, shape, path) }
        case (.boolean, _), (.integer, _), (.integers, _), (.text, _), (.choice, _), (.list, _), (.portRange, _),
            (.section, _), (.variants, _), (.map, _):
            mismatch(tree, shape, path)
        }
    }

    private mutating func choose(_ tree: Tree, _ text: String, _ choices: [Choice], _ shape: Shape, _ path: String) {
        guard let choice = choices.first(where: { $0.name == text }) else { return mismatch(tree, shape, path) }
        if case .none(let why) = choice.support {
            add(.unsupported, path, tree.place, "\"\(text)\": \(why) (legal in Crossbar.io)")
        }
    }

    private mutating func variant(
        _ tree: Tree, _ variants: [(type: String, section: String, support: Support)], _ path: String
    ) {
        let typePath = Checker.join(path, "type")
        let names = variants.map { "\"\($0.type)\"" }.joined(separator: ", ")
        guard let type = tree["type"] else {
            return add(.invalid, typePath, tree.place, "missing; expected one of \(names)")
        }
        guard let variant = variants.first(where: { $0.type == type.text }) else {
            let hint = type.text.flatMap { Spelling.nearest(to: $0, among: variants.map(\.type)) }
            let suffix = hint.map { "; did you mean \"\($0)\"?" } ?? ""
            return add(.invalid, typePath, type.place, "found \(type.quoted); allowed: one of \(names)\(suffix)")
        }
        if case .none(let why) = variant.support {
            add(.unsupported, typePath, type.place, "\"\(variant.type)\": \(why) (legal in Crossbar.io)")
        }
        if !variant.section.isEmpty { section(tree, Schema.section(variant.section), path: path) }
    }

    private mutating func mismatch(_ tree: Tree, _ shape: Shape, _ path: String) {
        var message = "found \(shape.isSecret ? tree.kind : tree.quoted); allowed: \(shape.allowed)"
        if case .choice(let choices) = shape, let text = tree.text,
            let nearest = Spelling.nearest(to: text, among: choices.map(\.name))
        {
            message += "; did you mean \"\(nearest)\"?"
        }
        add(.invalid, path, tree.place, message)
    }

    static func join(_ path: String, _ key: String) -> String {
        let isPlain = key.unicodeScalars.allSatisfy {
            $0.isASCII && ($0.properties.isAlphabetic || "0123456789_-$".unicodeScalars.contains($0))
        }
        let name = isPlain && !key.isEmpty ? key : "[\(key.quoted)]"
        return path.isEmpty || name.hasPrefix("[") ? path + name : "\(path).\(name)"
    }
}

extension TextForm {
    package func matches(_ text: String) -> Bool {
        guard let pattern else { return true }
        // The patterns are the table's own; a test compiles each.
        guard let regex = try? Regex(pattern), text.utf8.count <= 4096 else { return false }
        return text.wholeMatch(of: regex) != nil
    }
}

extension Shape {
    /// What a message says is allowed.
    package var allowed: String {
        switch self {
        case .boolean: "true or false"
        case .integer(let range, let orZero):
            (orZero ? "0, or " : "") + "an integer from \(range.lowerBound) to \(range.upperBound)"
        case .integers(let numbers): "one of \(numbers.map(String.init).joined(separator: ", "))"
        case .text(let form): form.allowed
        case .choice(let choices):
            choices.count == 1
                ? "\"\(choices[0].name)\"" : "one of \(choices.map { "\"\($0.name)\"" }.joined(separator: ", "))"
        case .list(let element, let least):
            (least > 0 ? "a list of at least \(least), each " : "a list, each ") + element.allowed
        case .portRange: "[low, high], ports from 1 to 65535"
        case .section, .map: "a mapping"
        case .variants: "a mapping with the key type"
        case .either(let first, let second): "\(first.allowed), or \(second.allowed)"
        case .anything: "anything"
        }
    }
}
