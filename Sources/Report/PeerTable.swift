package import RennbahnMeasurement

/// Our own router and its peers, side by side.
package enum PeerTable {
    package static func render(_ document: ResultsDocument, isTerminal: Bool) -> String {
        var parts = [BenchTable.environment(document.environment)]
        parts.append(rows(document.peers ?? [], isTerminal: isTerminal))
        let notes = BenchTable.notes(document.cells, isTerminal: isTerminal)
        if !notes.isEmpty { parts.append(notes) }
        return parts.joined(separator: "\n")
    }

    /// One row for each cell of a peer. *CPU ratio*: the peer's CPU per message over ours; *rate ratio*: our rate over the
    /// peer's. Who was saturated stands for both runs.
    package static func rows(_ rows: [PeerComparison], isTerminal: Bool) -> String {
        var table = TerminalTable(columns: [
            .init("work", alignment: .left), .init("format", alignment: .left), .init("peer", alignment: .left),
            .init("our CPU", "µs/msg"), .init("its CPU", "µs/msg"), .init("CPU", "ratio"),
            .init("our rate", "/s"), .init("its rate", "/s"), .init("rate", "ratio"),
            .init("saturated", "ours / its", alignment: .left),
        ])
        var previous: String?
        for row in rows {
            if let previous, previous != row.work { table.addSeparator() }
            table.addRow([
                .init(previous == row.work ? "" : row.work), .init(row.format), .init(row.peer),
                .init(cpu(row.own)), .init(cpu(row.other)), .init(ratio(row.cpuRatio), style: .bold),
                .init(rate(row.own)), .init(rate(row.other)), .init(ratio(row.throughputRatio)),
                .init(saturated(row.own) + " / " + saturated(row.other)),
            ])
            previous = row.work
        }
        return table.render(isTerminal: isTerminal)
    }

    private static func cpu(_ side: PeerComparison.Side) -> String {
        side.cpuMicrosecondsPerMessage.map(HumanNumber.plain) ?? HumanNumber.absent
    }

    private static func rate(_ side: PeerComparison.Side) -> String {
        (side.lowerBound ? "≥ " : "") + HumanNumber.count(side.messagesPerSecond)
    }

    private static func ratio(_ value: Double?) -> String { value.map(HumanNumber.ratio) ?? HumanNumber.absent }

    private static func saturated(_ side: PeerComparison.Side) -> String {
        side.saturated?.rawValue ?? HumanNumber.absent
    }
}
