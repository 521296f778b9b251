/// The targets of this project's `Package.swift`, as its functions `library`, `tests` and `.executableTarget` name them.
struct Manifest {
    struct Target {
        let name: String
        let folder: String
        /// Folders of our own targets, and modules of others.
        let dependencies: [String]
        let line: Int
    }

    private(set) var targets: [Target] = []

    /// Reads a manifest up to its benchmarks, which stand elsewhere.
    init(_ text: String) {
        let text = text.prefix(
            upTo: text.firstRange(of: "\n// With RENNBAHN_BENCHMARKS=1")?.lowerBound ?? text.endIndex)
        // A product's name is its module's.
        let products = Dictionary(
            text.matches(of: /let (\w+) = Target\.Dependency\.product\(name: "(\w+)"/).map {
                (String($0.output.1), String($0.output.2))
            }, uniquingKeysWith: { first, _ in first })
        for start in text.matches(of: /\n *(?:(library|tests)\(|\.executableTarget\()\s*(?:name: )?"(\w+)"/) {
            let rest = text[start.range.upperBound...]
            var arguments = rest.prefix(upTo: Manifest.end(of: rest))
            // Folders are none of the dependencies.
            if let excluded = arguments.firstRange(of: "excluding:") { arguments = arguments[..<excluded.lowerBound] }
            // Settings are arrays, too, but of names of constants and of strings that are no target's.
            let words = arguments.matches(of: /"(\w+)"|(\w+)/).compactMap { match in
                match.output.1.map(String.init) ?? match.output.2.flatMap { products[String($0)] }
            }
            let folder = start.output.1 == "tests" ? "Tests" : "Sources"
            let line = text[..<start.range.lowerBound].utf8.count { $0 == UInt8(ascii: "\n") } + 2
            targets.append(
                Target(
                    name: String(start.output.2), folder: "\(folder)/\(start.output.2)", dependencies: words, line: line
                ))
        }
    }

    /// Where the parenthesis closes that is open where a text begins.
    private static func end(of text: Substring) -> String.Index {
        var depth = 1
        for index in text.indices {
            if text[index] == "(" { depth += 1 }
            if text[index] == ")" { depth -= 1 }
            if depth == 0 { return index }
        }
        return text.endIndex
    }
}
