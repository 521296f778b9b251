/// A declaration, found by its keyword: what is known of it without a compiler.
struct Declaration {
    enum Kind: Equatable {
        case type, value, enumCase
        /// With its parameters.
        case function([Parameter]), initializer([Parameter])
        /// Not itself one, but a name that says nothing about use.
        case extended
    }

    struct Parameter: Equatable {
        /// `_` where there is none.
        var label: String
        /// An argument may be missing.
        var isOptional = false
        /// It may stand behind the parentheses.
        var isClosure = false
    }

    let kind: Kind
    let name: String
    /// The type, or the extended one, that it stands in.
    let owner: String
    let line: Int
    var lastLine: Int
    /// Where its name stands among the file's tokens.
    let token: Int
    let isPublic: Bool
}

/// The declarations in a file's tokens, and the calls: what stands in parentheses behind a word.
struct Outline {
    private(set) var declarations: [Declaration] = []
    private let tokens: [Token]
    /// What opened each brace that is open.
    private var open: [Scope] = []
    /// What the next brace opens.
    private var next = Scope.code

    private enum Scope {
        case code
        case type(String, isEnum: Bool)
        case body(declaration: Int)
    }

    init(_ tokens: [Token]) {
        self.tokens = tokens
        var at = 0
        while at < tokens.count { at = step(at) }
    }

    private var owner: String {
        for case .type(let name, _) in open.reversed() { return name }
        return ""
    }

    /// Reads what begins at a token, and says where to go on.
    private mutating func step(_ at: Int) -> Int {
        let isMember = at > 0 && tokens[at - 1].text == "."
        switch tokens[at].text {
        case "{":
            open.append(next)
            next = .code
        case "}":
            if case .body(let declaration)? = open.popLast() { declarations[declaration].lastLine = tokens[at].line }
            next = .code
        case "struct", "class", "enum", "protocol", "actor", "extension":
            if !isMember { return type(at) }
        case "func":
            if !isMember { return function(at) }
        case "init":
            if !isMember, case .type? = open.last { return initializer(at) }
        case "var", "let", "typealias", "associatedtype":
            if !isMember { return value(at) }
        case "case":
            if case .type(_, isEnum: true)? = open.last { return cases(at) }
        default: break
        }
        return at + 1
    }

    private mutating func declare(_ kind: Declaration.Kind, at token: Int) {
        var first = token
        while first > 0, tokens[first - 1].line == tokens[token].line { first -= 1 }
        declarations.append(
            Declaration(
                kind: kind, name: tokens[token].name, owner: owner, line: tokens[token].line,
                lastLine: tokens[token].line,
                token: token, isPublic: tokens[first..<token].contains { $0.text == "public" }))
    }

    private mutating func type(_ at: Int) -> Int {
        let keyword = tokens[at].text
        guard at + 1 < tokens.count, tokens[at + 1].isWord, !["func", "var", "let"].contains(tokens[at + 1].text) else {
            return at + 1
        }
        var last = at + 1
        while last + 2 < tokens.count, tokens[last + 1].text == ".", tokens[last + 2].isWord { last += 2 }
        // `class` also stands in constraints: `protocol A: class {`; a name always begins with a capital.
        guard tokens[last].name.first?.isUppercase == true else { return at + 1 }
        declare(keyword == "extension" ? .extended : .type, at: last)
        next = .type(tokens[last].name, isEnum: keyword == "enum")
        return last + 1
    }

    private mutating func function(_ at: Int) -> Int {
        var opening = at + 2
        skipGenerics(&opening)
        while opening < tokens.count, tokens[opening].text != "(" { opening += 1 }
        guard opening < tokens.count else { return at + 1 }
        let (parameters, end) = parameters(from: opening)
        // Operators are used without parentheses, so nothing is said of them.
        guard tokens[at + 1].isWord else { return end }
        declare(.function(parameters), at: at + 1)
        next = .body(declaration: declarations.count - 1)
        return end
    }

    private mutating func initializer(_ at: Int) -> Int {
        var opening = at + 1
        if opening < tokens.count, ["?", "!"].contains(tokens[opening].text) { opening += 1 }
        skipGenerics(&opening)
        guard opening < tokens.count, tokens[opening].text == "(" else { return at + 1 }
        let (parameters, end) = parameters(from: opening)
        declare(.initializer(parameters), at: at)
        next = .body(declaration: declarations.count - 1)
        return end
    }

    private mutating func value(_ at: Int) -> Int {
        guard at + 1 < tokens.count else { return at + 1 }
        if tokens[at + 1].isWord, tokens[at + 1].text != "_" {
            declare(tokens[at].text == "typealias" ? .type : .value, at: at + 1)
            next = .code
        }
        return at + 1
    }

    private mutating func cases(_ at: Int) -> Int {
        var at = at + 1
        while at < tokens.count, tokens[at].isWord {
            declare(.enumCase, at: at)
            at += 1
            if at < tokens.count, tokens[at].text == "(" { at = arguments(from: at).end }
            // A raw value.
            if at + 1 < tokens.count, tokens[at].text == "=" {
                at += tokens[at + 1].text == "-" ? 3 : 2
                while at < tokens.count, ["\"", "."].contains(tokens[at].text) { at += 1 }
            }
            guard at < tokens.count, tokens[at].text == "," else { return at }
            at += 1
        }
        return at
    }

    private func skipGenerics(_ at: inout Int) {
        guard at < tokens.count, tokens[at].text == "<" else { return }
        var depth = 0
        repeat {
            if tokens[at].text == "<" { depth += 1 }
            if tokens[at].text == ">", tokens[at - 1].text != "-" { depth -= 1 }
            at += 1
        } while depth > 0 && at < tokens.count
    }

    /// What stands in the parentheses that open at a token, cut at its commas.
    private func parameters(from opening: Int) -> (parameters: [Declaration.Parameter], end: Int) {
        let (parts, end) = parts(from: opening, withGenerics: true)
        let parameters = parts.map { part in
            var label = part.lowerBound
            // Attributes before a label.
            while label + 1 < part.upperBound, tokens[label].text == "@" { label += 2 }
            return Declaration.Parameter(
                label: tokens[label].name, isOptional: part.contains { tokens[$0].text == "=" },
                isClosure: part.contains { tokens[$0].text == "-" && tokens[$0 + 1].text == ">" })
        }
        return (parameters, end)
    }

    /// The labels of the arguments in the parentheses that open at a token.
    func arguments(from opening: Int) -> (labels: [String], end: Int) {
        let (parts, end) = parts(from: opening, withGenerics: false)
        let labels = parts.map { part in
            part.count > 1 && tokens[part.lowerBound].isWord && tokens[part.lowerBound + 1].text == ":"
                ? tokens[part.lowerBound].name : "_"
        }
        return (labels, end)
    }

    private func parts(from opening: Int, withGenerics: Bool) -> (parts: [Range<Int>], end: Int) {
        var parts: [Range<Int>] = []
        var (at, first, depth, angles) = (opening + 1, opening + 1, 1, 0)
        while at < tokens.count {
            switch tokens[at].text {
            case "(", "[", "{": depth += 1
            case ")", "]", "}": depth -= 1
            case "<" where withGenerics: angles += 1
            case ">" where withGenerics && tokens[at - 1].text != "-": angles -= 1
            case "," where depth == 1 && angles == 0:
                parts.append(first..<at)
                first = at + 1
            default: break
            }
            if depth == 0 { break }
            at += 1
        }
        if first < at { parts.append(first..<at) }
        return (parts, min(at + 1, tokens.count))
    }
}
