import Testing

/// The names of a link to a symbol, without the labels of a function: `A/b(_:)` is `A` and `b`.
private func components(ofLink link: Substring) -> [String] {
    link.split(separator: "/").map { String($0.prefix { $0 != "(" && $0 != "-" }) }
}

/// The links to symbols in the comments of a text, with the line of each.
private func links(in text: String) -> [(link: Substring, line: Int)] {
    text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().flatMap { index, line in
        guard let comment = line.firstRange(of: "//"), line[comment.upperBound...].contains("``") else {
            return [(link: Substring, line: Int)]()
        }
        // Between the first pair of double backticks, the third, and so on.
        let pieces = line[comment.upperBound...].split(separator: "``", omittingEmptySubsequences: false)
        return stride(from: 1, to: pieces.count, by: 2).map { (pieces[$0], index + 1) }.filter {
            !$0.link.hasPrefix("`")
        }
    }
}

struct SymbolLinkTests {
    /// What links may lead to besides our own.
    private static let standardLibrary: Set<String> = ["init", "Span", "String", "RandomNumberGenerator"]

    @Test func `Links in comments are found, with what they lead to`() {
        let text = """
            /// A ``First``, and ``Second/third(_:with:)``; `code` is none.
            /// ```
            let a = "``none``" // but ``fourth`` is
            """
        let found = links(in: text)
        #expect(found.map(\.line) == [1, 1, 3])
        #expect(found.map { components(ofLink: $0.link) } == [["First"], ["Second", "third"], ["fourth"]])
    }

    @Test func `Links to symbols lead somewhere`() throws {
        let usage = try Repository.usage()
        var count = 0
        for file in try Repository.swiftFiles(below: "Sources") {
            for (link, line) in links(in: file.text) {
                count += 1
                for name in components(ofLink: link) where !usage.declares(name) && !Self.standardLibrary.contains(name)
                {
                    Issue.record("\(file.path):\(line): ``\(link)`` leads nowhere: no \(name)")
                }
            }
        }
        #expect(count > 100)
    }
}
