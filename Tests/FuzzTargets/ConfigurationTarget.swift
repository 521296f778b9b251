import RennbahnConfiguration

extension FuzzTarget {
    /// A configuration file, YAML or JSON; taken where it has no problem.
    static let configuration = FuzzTarget("configuration", longest: 8192) { input in
        guard let text = String(validating: input, as: UTF8.self) else { return [] }
        let tree: Tree
        do throws(Problems) {
            tree = try TreeReader.read(text)
        } catch {
            try hold(!error.all.isEmpty, "a file that is not read has a problem")
            try checkProblems(error.all)
            return []
        }
        let problems = Checker.check(tree)
        try checkProblems(problems)
        if let rewritten = flow(tree.value), rewritten.utf8.count <= TreeReader.Bounds().size {
            let again = try TreeReader.read(rewritten)
            try hold(again == tree, "\(again) is \(tree)")
        }
        return problems.isEmpty ? ["configuration"] : []
    }

    private static func checkProblems(_ problems: [Problem]) throws {
        for problem in problems {
            try hold(problem.place.line > 0 && problem.place.column > 0, "\(problem.place) is a place")
            try hold(!problem.line(file: "node.yaml").contains("\n"), "\(problem) is told in one line")
        }
    }

    /// The same in YAML's flow style, every text in quotes and every character of it escaped; `nil` for what has no such form: a
    /// number that is none, and a key that is longer than YAML's.
    private static func flow(_ value: Tree.Value) -> String? {
        switch value {
        case .null: return "null"
        case .boolean(let boolean): return "\(boolean)"
        case .integer(let integer): return "\(integer)"
        case .number(let number): return number.isFinite ? "\(number)" : nil
        case .text(let text): return escaped(text)
        case .list(let elements):
            var parts: [String] = []
            for element in elements {
                guard let part = flow(element.value) else { return nil }
                parts.append(part)
            }
            return "[" + parts.joined(separator: ", ") + "]"
        case .mapping(let entries):
            var parts: [String] = []
            for entry in entries {
                guard let part = flow(entry.value.value), entry.key.unicodeScalars.count <= 90 else { return nil }
                parts.append(escaped(entry.key) + ": " + part)
            }
            return "{" + parts.joined(separator: ", ") + "}"
        }
    }

    private static func escaped(_ text: String) -> String {
        let scalars = text.unicodeScalars.map { scalar in
            let digits = String(scalar.value, radix: 16)
            return "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
        }
        return "\"" + scalars.joined() + "\""
    }
}
