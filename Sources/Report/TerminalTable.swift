/// A table of text in aligned columns.
package struct TerminalTable: Sendable {
    package enum Alignment: Sendable {
        case left
        case right
    }

    package struct Column: Sendable {
        /// One or two lines; the second is usually the unit.
        let head: [String]
        let alignment: Alignment
        /// Where the table is too wide, columns go: those with the highest number first; one with 0 never.
        let priority: Int

        package init(_ head: String, _ unit: String = "", alignment: Alignment = .right, priority: Int = 0) {
            self.head = [head, unit]
            self.alignment = alignment
            self.priority = priority
        }
    }

    package struct Cell: Sendable, ExpressibleByStringLiteral {
        let text: String
        let style: TextStyle

        package init(_ text: String, style: TextStyle = .plain) {
            self.text = text.printable
            self.style = style
        }

        package init(stringLiteral value: String) {
            self.init(value)
        }
    }

    private enum Row: Sendable {
        case cells([Cell])
        /// A line between groups.
        case separator
    }

    private let columns: [Column]
    private var rows: [Row] = []

    package init(columns: [Column]) {
        self.columns = columns
    }

    /// Adds a row; missing cells at its end are empty.
    package mutating func addRow(_ cells: [Cell]) {
        precondition(cells.count <= columns.count)
        rows.append(.cells(cells + Array(repeating: "", count: columns.count - cells.count)))
    }

    package mutating func addSeparator() {
        rows.append(.separator)
    }

    /// The table as lines; styles only for a terminal. Lines have no spaces at their ends.
    ///
    /// - Parameter width: columns of the terminal; columns of the table that do not fit are left out, by their priority.
    package func render(isTerminal: Bool, width limit: Int? = nil) -> String {
        let widths = columns.indices.map(width(ofColumn:))
        if let limit, widths.reduce(0, +) + 2 * (widths.count - 1) > limit, let dispensable = dispensableColumn {
            return without(dispensable).render(isTerminal: isTerminal, width: limit)
        }
        let rule = widths.map { String(repeating: "─", count: $0) }.joined(separator: "  ")
        var lines: [String] = []
        for line in 0..<2 where columns.contains(where: { !$0.head[line].isEmpty }) {
            let heads = columns.map { Cell($0.head[line], style: line == 0 ? .bold : .dim) }
            lines.append(render(heads, widths: widths, isTerminal: isTerminal))
        }
        lines.append(TextStyle.dim.apply(to: rule, isTerminal: isTerminal))
        for row in rows {
            switch row {
            case .cells(let cells): lines.append(render(cells, widths: widths, isTerminal: isTerminal))
            case .separator: lines.append(TextStyle.dim.apply(to: rule, isTerminal: isTerminal))
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private var dispensableColumn: Int? {
        columns.indices.filter { columns[$0].priority > 0 }.max { columns[$0].priority < columns[$1].priority }
    }

    private func without(_ column: Int) -> TerminalTable {
        var rest = TerminalTable(columns: columns.indices.filter { $0 != column }.map { columns[$0] })
        rest.rows = rows.map { row in
            switch row {
            case .cells(let cells): .cells(cells.indices.filter { $0 != column }.map { cells[$0] })
            case .separator: .separator
            }
        }
        return rest
    }

    private func width(ofColumn index: Int) -> Int {
        var width = columns[index].head.map(\.displayWidth).max() ?? 0
        for row in rows {
            switch row {
            case .cells(let cells): width = max(width, cells[index].text.displayWidth)
            case .separator: break
            }
        }
        return width
    }

    private func render(_ cells: [Cell], widths: [Int], isTerminal: Bool) -> String {
        // What follows the last text of a row would only be spaces.
        let used = (cells.lastIndex { !$0.text.isEmpty } ?? -1) + 1
        var line = ""
        for index in 0..<used {
            if index > 0 { line += "  " }
            let cell = cells[index]
            let padding = String(repeating: " ", count: widths[index] - cell.text.displayWidth)
            let text = cell.style.apply(to: cell.text, isTerminal: isTerminal)
            switch columns[index].alignment {
            case .left: line += index == used - 1 ? text : text + padding
            case .right: line += padding + text
            }
        }
        return line
    }
}
