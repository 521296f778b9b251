/// A table of GitHub-flavoured Markdown.
struct MarkdownTable {
    private(set) var text: String
    private let columns: Int

    /// - Parameter numbers: from which column on there are numbers, which stand on the right.
    init(_ heads: [String], numbersFrom numbers: Int = .max) {
        columns = heads.count
        let rule = heads.indices.map { $0 < numbers ? "---" : "---:" }
        text = MarkdownTable.line(heads.map(MarkdownTable.cell)) + MarkdownTable.line(rule)
    }

    mutating func addRow(_ cells: [String]) {
        precondition(cells.count == columns)
        text += MarkdownTable.line(cells.map(MarkdownTable.cell))
    }

    private static func line(_ cells: [String]) -> String { "| \(cells.joined(separator: " | ")) |\n" }

    /// Text that is only text, and stays within its cell.
    private static func cell(_ text: String) -> String {
        text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            .map { GateMarkdown.escaped(String($0)) }.joined(separator: "<br>")
    }
}
