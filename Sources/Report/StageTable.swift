package import RennbahnStages

/// What the stages of the router's path cost for one format of a document.
package struct DocumentStages: Codable, Equatable, Sendable {
    package var document: String
    /// `json+deflate`.
    package var format: String
    package var costs: StageCosts

    package init(document: String, format: String, costs: StageCosts) {
        self.document = document
        self.format = format
        self.costs = costs
    }
}

/// Stages of the router's path, a column each.
package enum StageTable {
    package static func render(_ rows: [DocumentStages], isStyled: Bool) -> String {
        let title =
            "Stages of the router's path, in process: ns for a message; below it instructions, where they were counted"
        var table = TerminalTable(
            columns: [.init("document", alignment: .left), .init("format", alignment: .left)]
                + Stage.allCases.map { .init($0.rawValue) } + [.init("all")])
        var previous: String?
        for row in rows {
            if let previous, previous != row.document { table.addSeparator() }
            let costs = row.costs.stages
            table.addRow(
                [.init(previous == row.document ? "" : row.document), .init(row.format)]
                    + cells { costs[$0].map(\.time.nanoseconds) })
            if costs.values.contains(where: { $0.instructions != nil }) {
                table.addRow(["", ""] + cells { costs[$0]?.instructions })
            }
            previous = row.document
        }
        return TextStyle.bold.apply(to: title, isTerminal: isStyled) + "\n" + table.render(isTerminal: isStyled)
    }

    private static func cells(_ value: (Stage) -> Double?) -> [TerminalTable.Cell] {
        let values = Stage.allCases.map(value)
        let sum = values.compactMap { $0 }.reduce(0, +)
        return (values + [sum]).map { .init($0.map(HumanNumber.count) ?? HumanNumber.absent) }
    }
}
