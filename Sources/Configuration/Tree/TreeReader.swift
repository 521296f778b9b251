import Yams

/// Reads a configuration file, YAML or JSON, which is read as the subset of YAML that it is.
///
/// A file is somebody's input: its size, depth and number of values are bounded, and aliases are resolved here, where each
/// value that they bring counts. The parser below never sees an alias: what a small file may make of aliases of aliases,
/// above all as keys, is exponential.
package struct TreeReader {
    package struct Bounds: Sendable {
        /// Octets of a file.
        package var size = 1024 * 1024
        package var depth = 64
        /// Values of a tree, those that aliases repeat included.
        package var values = 100_000

        package init() {}
    }

    /// Stands for every `*` of the file while it is parsed: a private use character, so that an alias is a plain scalar that
    /// begins with it and every place stays where it is.
    private static let star: Unicode.Scalar = "\u{e000}"

    /// What some editors begin a file with. To the parser it is a column of the first line, which no other line has.
    private static let byteOrderMark: Unicode.Scalar = "\u{feff}"

    private let bounds: Bounds
    private var anchors: [String: Node] = [:]
    private var values = 0
    private var problems: [Problem] = []

    private init(_ bounds: Bounds) {
        self.bounds = bounds
    }

    /// - Throws: ``Problems``, with the place of each.
    package static func read(_ text: String, bounds: Bounds = Bounds()) throws(Problems) -> Tree {
        let start = Place(line: 1, column: 1)
        func fail(_ message: String) -> Problems { Problems([Problem(.syntax, "", at: start, message)]) }
        guard text.utf8.count <= bounds.size else { throw fail("the file is larger than \(bounds.size) octets") }
        guard !text.unicodeScalars.contains(star) else { throw fail("the file holds the private use character U+E000") }
        let isMarked = text.unicodeScalars.first == byteOrderMark
        var hidden = String.UnicodeScalarView()
        hidden.append(contentsOf: text.unicodeScalars.dropFirst(isMarked ? 1 : 0).lazy.map { $0 == "*" ? star : $0 })
        let parser: Parser
        let root: Node?
        do {
            parser = try Parser(yaml: String(hidden), encoding: .utf8)
            root = try parser.singleRoot()
        } catch {
            throw Problems([TreeReader.problem(error)])
        }
        guard let root else { throw fail("the file is empty") }
        var reader = TreeReader(bounds)
        // The parser owns the names of the anchors; nodes only refer to them.
        let tree = withExtendedLifetime(parser) { reader.tree(root, depth: 0) }
        guard let tree, reader.problems.isEmpty else { throw Problems(reader.problems) }
        return tree
    }

    // MARK: Values

    /// `nil` after a problem that ends the reading.
    private mutating func tree(_ node: Node, depth: Int) -> Tree? {
        let place = node.mark.map { Place(line: $0.line, column: $0.column) } ?? Place(line: 1, column: 1)
        values += 1
        guard values <= bounds.values else { return fail("more than \(bounds.values) values", place) }
        guard depth <= bounds.depth else { return fail("nested deeper than \(bounds.depth) levels", place) }
        let found: Tree?
        switch node {
        case .scalar(let scalar):
            if scalar.style == .plain, scalar.string.unicodeScalars.first == TreeReader.star {
                return alias(String(scalar.string.unicodeScalars.dropFirst()), place, depth: depth)
            }
            found = self.scalar(scalar, place)
        case .sequence(let sequence): found = list(sequence, place, depth: depth)
        case .mapping(let mapping): found = self.mapping(mapping, place, depth: depth)
        case .alias: return fail("an alias that cannot be resolved", place)
        }
        if let name = node.anchor?.rawValue { anchors[name] = node }
        return found
    }

    private mutating func alias(_ name: String, _ place: Place, depth: Int) -> Tree? {
        guard let node = anchors[name] else {
            return fail("\("*\(name)".quoted) is an alias of nothing; a text that begins with * needs quotes", place)
        }
        guard let tree = tree(node, depth: depth + 1) else { return nil }
        return Tree(tree.value, at: place)
    }

    private mutating func list(_ sequence: Node.Sequence, _ place: Place, depth: Int) -> Tree? {
        guard accepts(sequence.tag, "tag:yaml.org,2002:seq", place) else { return nil }
        var elements: [Tree] = []
        for element in sequence {
            guard let element = tree(element, depth: depth + 1) else { return nil }
            elements.append(element)
        }
        return Tree(.list(elements), at: place)
    }

    private mutating func mapping(_ mapping: Node.Mapping, _ place: Place, depth: Int) -> Tree? {
        guard accepts(mapping.tag, "tag:yaml.org,2002:map", place) else { return nil }
        var entries: [Tree.Entry] = []
        var keys: Set<String> = []
        for (key, value) in mapping {
            guard let keyTree = tree(key, depth: depth + 1), let value = tree(value, depth: depth + 1) else {
                return nil
            }
            guard let name = self.key(keyTree, key) else { return fail("a key must be a text", keyTree.place) }
            if name == "<<" { return fail("merging of mappings (<<) is not supported", keyTree.place) }
            guard keys.insert(name).inserted else {
                return fail("the key \(name.quoted) stands here twice", keyTree.place)
            }
            entries.append(Tree.Entry(key: name, place: keyTree.place, value: value))
        }
        return Tree(.mapping(entries), at: place)
    }

    /// A key as it was written, so that `on` and `1` are texts.
    private func key(_ tree: Tree, _ node: Node) -> String? {
        switch tree.value {
        case .text(let text): text
        case .boolean, .integer, .number: written(node)
        case .null, .list, .mapping: nil
        }
    }

    private func written(_ node: Node) -> String? {
        guard case .scalar(let scalar) = node else { return nil }
        guard scalar.string.unicodeScalars.first == TreeReader.star else { return scalar.string }
        return anchors[String(scalar.string.unicodeScalars.dropFirst())].flatMap(written)
    }

    /// A text of the parser with its stars.
    private static func shown(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == star ? "*" : $0 }))
    }

    private mutating func scalar(_ scalar: Node.Scalar, _ place: Place) -> Tree? {
        let text = TreeReader.shown(scalar.string)
        // The parser resolves the tags of keys while it looks for duplicates, so that a tag may be explicit or not.
        switch ("\(scalar.tag)", scalar.style == .plain) {
        case ("tag:yaml.org,2002:str", _), ("", false): return Tree(.text(text), at: place)
        case ("", true), ("tag:yaml.org,2002:null", true), ("tag:yaml.org,2002:bool", true),
            ("tag:yaml.org,2002:int", true), ("tag:yaml.org,2002:float", true), ("tag:yaml.org,2002:timestamp", true),
            ("tag:yaml.org,2002:merge", true), ("tag:yaml.org,2002:value", true):
            return Tree(PlainScalar.value(text), at: place)
        case (let tag, _): return fail("the tag \(tag) is not supported", place)
        }
    }

    private mutating func accepts(_ tag: Tag, _ usual: String, _ place: Place) -> Bool {
        if "\(tag)" == "" || "\(tag)" == usual { return true }
        problems.append(Problem(.syntax, "", at: place, "the tag \(tag) is not supported"))
        return false
    }

    private mutating func fail(_ message: String, _ place: Place) -> Tree? {
        problems.append(Problem(.syntax, "", at: place, message))
        return nil
    }

    // MARK: Errors of the parser

    private static func problem(_ error: any Error) -> Problem {
        func problem(_ mark: Mark?, _ text: String) -> Problem {
            let place = Place(line: max(1, mark?.line ?? 1), column: max(1, mark?.column ?? 1))
            return Problem(.syntax, "", at: place, shown(text))
        }
        guard let error = error as? YamlError else { return problem(nil, "\(error)") }
        switch error {
        case .scanner(let context, let text, let mark, _), .parser(let context, let text, let mark, _),
            .composer(let context, let text, let mark, _):
            return problem(mark, (context.map { "\($0.text): " } ?? "") + text)
        case .duplicatedKeysInMapping(let duplicates, let context):
            return problem(context.mark, "the key \((duplicates.first ?? "").quoted) stands in one mapping twice")
        case .reader(let text, let offset, _, let yaml):
            let before = yaml.utf8.prefix(offset ?? 0)
            let line = before.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            let column = line.last.map { octets in octets.count { $0 & 0xc0 != 0x80 } } ?? 0
            return Problem(.syntax, "", at: Place(line: max(1, line.count), column: column + 1), text)
        case .writer(let text), .emitter(let text), .representer(let text):
            return problem(nil, text)
        case .no, .memory, .dataCouldNotBeDecoded:
            return problem(nil, "the file cannot be read as YAML or JSON")
        @unknown default: return problem(nil, "the file cannot be read as YAML or JSON")
        }
    }
}

/// What a YAML scalar without quotes means: booleans as in YAML 1.1, of which JSON's are two, decimal and hexadecimal numbers.
enum PlainScalar {
    static func value(_ text: String) -> Tree.Value {
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON": return .boolean(true)
        case "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF": return .boolean(false)
        default: break
        }
        guard let first = text.utf8.first, first <= UInt8(ascii: "9"), text.utf8.count <= 40 else { return .text(text) }
        if text.hasPrefix("0x"), let number = Int(text.dropFirst(2), radix: 16) { return .integer(number) }
        let digits = text.drop { $0 == "-" || $0 == "+" }
        guard text.utf8.count - digits.utf8.count <= 1, digits.utf8.first.map(isDigit) == true else {
            return .text(text)
        }
        // A leading zero is octal to some readers and decimal to others: taken for neither.
        if digits.utf8.count > 1, digits.utf8.first == UInt8(ascii: "0"),
            digits.utf8.dropFirst().first.map(isDigit) == true
        {
            return .text(text)
        }
        if let number = Int(text) { return .integer(number) }
        let isDecimal = digits.utf8.allSatisfy { isDigit($0) || ".eE+-".utf8.contains($0) }
        if isDecimal, let number = Double(text) { return .number(number) }
        return .text(text)
    }

    private static func isDigit(_ octet: UInt8) -> Bool { octet >= 0x30 && octet <= 0x39 }
}
