/// Which declarations of some files nothing in the same files uses, as far as names and labels of arguments tell.
///
/// A value, a case or a type is dead if its name stands nowhere but where it is declared. A function or initializer is dead if
/// no call has labels that fit, and nothing refers to it without parentheses. Names that two things share hide the dead one.
struct Usage {
    private struct Call: Hashable {
        let labels: [String]
        /// Something in braces follows, perhaps a closure.
        let isTrailed: Bool
    }

    private let files: [(path: String, outline: Outline)]
    private var occurrences: [String: Int] = [:]
    private var declared: [String: Int] = [:]
    private var calls: [String: Set<Call>] = [:]
    /// Names that stand without parentheses.
    private var references: Set<String> = []

    init(_ files: [(path: String, tokens: [Token])]) {
        self.files = files.map { ($0.path, Outline($0.tokens)) }
        var callable: Set = ["init", "Self"]
        for declaration in self.files.lazy.flatMap(\.outline.declarations) {
            declared[declaration.name, default: 0] += 1
            switch declaration.kind {
            case .function: callable.insert(declaration.name)
            case .initializer: callable.insert(declaration.owner)
            case .type, .value, .enumCase, .extended: break
            }
        }
        for (file, outline) in zip(files, self.files.map(\.outline)) {
            count(file.tokens, outline, callable)
        }
    }

    private mutating func count(_ tokens: [Token], _ outline: Outline, _ callable: Set<String>) {
        let declarations = Set(outline.declarations.map(\.token))
        for at in tokens.indices where tokens[at].isWord {
            let name = tokens[at].name
            occurrences[name, default: 0] += 1
            guard callable.contains(name), !declarations.contains(at) else { continue }
            let opening = pastGenericArguments(tokens, at + 1)
            let mark = opening < tokens.count ? tokens[opening].text : ""
            if mark == "(" {
                let (labels, end) = outline.arguments(from: opening)
                let isTrailed = end < tokens.count && tokens[end].text == "{"
                calls[name, default: []].insert(Call(labels: labels, isTrailed: isTrailed))
            } else {
                let type = name == "init" && at >= 2 ? tokens[at - 2].name : ""
                references.insert(name == "init" ? "\(type).init" : name)
            }
        }
    }

    /// Behind `<…>` if it holds names only and parentheses follow; else where it began.
    private func pastGenericArguments(_ tokens: [Token], _ start: Int) -> Int {
        guard start < tokens.count, tokens[start].text == "<" else { return start }
        var (at, depth) = (start, 0)
        while at < tokens.count {
            switch tokens[at].text {
            case "<": depth += 1
            case ">": depth -= 1
            case let text: guard tokens[at].isWord || ".,?:[]&".contains(text) else { return start }
            }
            at += 1
            if depth == 0 { return at < tokens.count && tokens[at].text == "(" ? at : start }
        }
        return start
    }

    /// Functions and initializers of more lines than that, from the keyword's line to that of the last brace.
    func functions(longerThan limit: Int) -> [(declaration: Declaration, path: String)] {
        files.flatMap { path, outline in
            outline.declarations.filter { $0.lastLine - $0.line >= limit }.map { ($0, path) }
        }
    }

    /// Whether something of that name is declared.
    func declares(_ name: String) -> Bool { declared[name] != nil }

    /// The dead ones, each with its place.
    var dead: [(declaration: Declaration, path: String)] {
        files.flatMap { path, outline in
            outline.declarations.filter(isDead).map { ($0, path) }
        }
    }

    private func isDead(_ declaration: Declaration) -> Bool {
        switch declaration.kind {
        case .extended: false
        case .type, .value, .enumCase:
            occurrences[declaration.name, default: 0] <= declared[declaration.name, default: 0]
        case .function(let parameters):
            !references.contains(declaration.name) && !isCalled([declaration.name], parameters)
        case .initializer(let parameters):
            !references.contains("\(declaration.owner).init")
                && !isCalled([declaration.owner, "init", "Self"], parameters)
        }
    }

    private func isCalled(_ names: [String], _ parameters: [Declaration.Parameter]) -> Bool {
        names.contains { name in calls[name, default: []].contains { fits($0, parameters) } }
    }

    private func fits(_ call: Call, _ parameters: [Declaration.Parameter]) -> Bool {
        var rest = call.labels[...]
        for parameter in parameters {
            if rest.first == parameter.label {
                rest.removeFirst()
            } else if !parameter.isOptional, !(call.isTrailed && parameter.isClosure) {
                return false
            }
        }
        return rest.isEmpty
    }
}

extension Declaration {
    /// Its name, with the labels of its parameters.
    var signature: String {
        switch kind {
        case .function(let parameters), .initializer(let parameters):
            "\(name)(\(parameters.map { $0.label + ":" }.joined()))"
        case .type, .value, .enumCase, .extended: name
        }
    }
}
