import Foundation
import RennbahnMeasurement
package import RennbahnTrial

/// What the sides of trials did, as a table for people.
package struct TrialTable {
    /// Whether colours are wanted and understood.
    private let isStyled: Bool
    /// Columns of the terminal; `nil`: as wide as it takes.
    private let width: Int?

    package init(isStyled: Bool, width: Int?) {
        self.isStyled = isStyled
        self.width = width
    }

    /// What all sides but the twin did under one load.
    package func rows(_ result: TrialResult) -> String {
        let shape = Shape(
            isClosed: result.offeredRate == nil, hasFloor: result.sides.contains { $0.floorRatio != nil })
        var table = TerminalTable(columns: columns(shape))
        for side in TrialTable.told(result) { table.addRow(row(side, shape)) }
        return heading(result) + "\n" + table.render(isTerminal: isStyled, width: width)
    }

    /// Which columns there are.
    private struct Shape {
        var isClosed: Bool
        var hasFloor: Bool
    }

    private static func told(_ result: TrialResult) -> [SideResult] {
        result.sides.filter { $0.role != .twin }.sorted { rank($0) < rank($1) }
    }

    private static func rank(_ side: SideResult) -> Int {
        switch side.role {
        case .baseline, .twin: 0
        case .other: 1
        case .floor: 2
        }
    }

    private func heading(_ result: TrialResult) -> String {
        let clients =
            result.clients < result.clientsAsked
            ? "\(result.clients) of \(result.clientsAsked.of("client"))" : result.clients.of("client")
        var text = "\(result.work), \(result.load), \(clients)"
        if let rate = result.offeredRate { text += ", \(HumanNumber.rate(rate)) offered" }
        return TextStyle.bold.apply(to: text, isTerminal: isStyled)
    }

    private func columns(_ shape: Shape) -> [TerminalTable.Column] {
        var columns: [TerminalTable.Column] = [.init("format", alignment: .left)]
        if shape.isClosed { columns.append(.init("messages/s")) }
        columns += [.init("router CPU", "µs/message"), .init("to first", "CPU ratio", alignment: .left)]
        if shape.hasFloor { columns.append(.init("floor", "ratio", priority: 2)) }
        columns += [
            .init("clients", "CPU µs", priority: 7),
            .init("wire", "B/message", priority: 3), .init("messages", "/receive", priority: 4),
            .init("p50", priority: 5), .init("p99", priority: shape.isClosed ? 6 : 1),
        ]
        if shape.isClosed { columns.append(.init("limit", alignment: .left)) }
        return columns
    }

    private func row(_ side: SideResult, _ shape: Shape) -> [TerminalTable.Cell] {
        func latency(_ nanoseconds: UInt64) -> TerminalTable.Cell {
            .init(
                side.response.count == 0 ? HumanNumber.absent : HumanNumber.duration(nanoseconds: Double(nanoseconds)))
        }
        func plain(_ metric: TrialMetric) -> TerminalTable.Cell {
            .init(side.figures[metric].map { HumanNumber.plain($0.value) } ?? HumanNumber.absent)
        }
        var cells: [TerminalTable.Cell] = [.init(side.name)]
        if shape.isClosed { cells.append(.init(rate(side), style: .bold)) }
        cells += [.init(TrialTable.figure(side.figures[.routerCPU])), TrialTable.ratio(side)]
        if shape.hasFloor {
            cells.append(.init(side.floorRatio.map { HumanNumber.ratio($0.value) } ?? HumanNumber.absent))
        }
        cells += [
            plain(.generatorCPU), plain(.bytes), plain(.batch), latency(side.response.p50), latency(side.response.p99),
        ]
        if shape.isClosed { cells.append(TrialTable.limit(side)) }
        return cells
    }

    /// `173 k ±2%`; a lower bound on the router is marked where it is read.
    private func rate(_ side: SideResult) -> String {
        guard let rate = side.figures[.rate] else { return HumanNumber.absent }
        let mark = side.limit == .generator ? "≥ " : ""
        return mark + HumanNumber.count(rate.value) + " " + TrialTable.precision(rate)
    }

    private static func figure(_ told: Told?) -> String {
        told.map { HumanNumber.plain($0.value) + " " + precision($0) } ?? HumanNumber.absent
    }

    /// `±0.4%`.
    private static func precision(_ told: Told) -> String { HumanNumber.reach(told.precision) }

    /// `0.990 ±1.1% less`, or what could have been seen.
    private static func ratio(_ side: SideResult) -> TerminalTable.Cell {
        guard let ratio = side.ratios[.routerCPU], let finding = side.findings[.routerCPU] else {
            return .init(side.role == .baseline ? "1" : HumanNumber.absent)
        }
        let text = HumanNumber.thousandth(ratio.value) + " " + precision(ratio)
        switch finding {
        case .less: return .init(text + " less", style: .green)
        case .more: return .init(text + " more", style: .yellow)
        case .noDifferenceShown: return .init(text + " same?")
        }
    }

    private static func limit(_ side: SideResult) -> TerminalTable.Cell {
        guard let limit = side.limit else { return .init(HumanNumber.absent) }
        switch limit {
        case .router, .latency: return .init(limit.rawValue)
        case .generator, .machine: return .init(limit.rawValue, style: .yellow)
        }
    }

    // MARK: Below the tables

    /// What is so of all sides is said once, and what several have to a different degree by its worst.
    private static func warnings(_ result: TrialResult) -> [(whose: String, text: String)] {
        var told: [(whose: String, text: String)] = []
        for kind in RunWarning.Kind.allCases {
            let found = result.sides.compactMap { side in
                side.warnings?.first { $0.kind == kind }.map { (whose: side.name, text: $0.text) }
            }
            if found.count == result.sides.count, let text = found.first?.text, found.allSatisfy({ $0.text == text }) {
                told.append(("all sides", text))
            } else if kind.isOfDegree, found.count > 1,
                let worst = found.map(\.text).max(by: { $0.compare($1, options: .numeric) == .orderedAscending })
            {
                told.append(("\(found.count.of("side")), at worst", worst))
            } else {
                told += found
            }
        }
        return told
    }

    /// What a reader must know before using a figure: one line a fact.
    ///
    /// - Parameter hasRows: whether the table itself is told, whose marks are to be explained.
    package func notes(_ results: [TrialResult], hasRows: Bool = true) -> String {
        var lines: [String] = []
        func add(_ text: String, _ style: TextStyle) {
            let line = style.apply(to: text.printable, isTerminal: isStyled)
            if !lines.contains(line) { lines.append(line) }
        }
        for result in results {
            let name = "\(result.work), \(result.load)"
            for side in result.sides where !side.verification.isClean {
                add("FAILED   \(name), \(side.name): \(side.verification.summary)", .red)
            }
            // Where not the figures are told but what follows from them, what lacks some of them is no row that is void.
            let (mark, style): (String, TextStyle) = hasRows ? ("INVALID ", .red) : ("note    ", .plain)
            // What all sides have in common is said once.
            let problems = result.sides.compactMap(\.problem)
            if problems.count == result.sides.count, let worst = problems.max() {
                add("\(mark) \(name), all sides: \(worst)", style)
            } else {
                for side in result.sides {
                    if let problem = side.problem { add("\(mark) \(name), \(side.name): \(problem)", style) }
                }
            }
            for (whose, text) in TrialTable.warnings(result) { add("WARNING  \(name), \(whose): \(text)", .yellow) }
            for remark in result.remarks { add("note     \(name): \(remark)", .plain) }
        }
        let sides = hasRows ? results.flatMap(\.sides) : []
        if sides.contains(where: { $0.findings[.routerCPU] == .noDifferenceShown && $0.role == .other }) {
            add("same?    no difference shown; one of the interval's half width would have been seen", .plain)
        }
        if hasRows, results.contains(where: { $0.clients < $0.clientsAsked }) {
            add("n of m   clients: with more of them a side would be silent for too long between its turns", .plain)
        }
        if sides.contains(where: { $0.limit == .generator }) {
            add("≥        the generator had no more to give: a lower bound on the router", .yellow)
        }
        return lines.isEmpty ? "" : lines.joined(separator: "\n") + "\n"
    }
}

extension RunWarning.Kind {
    /// Whether it tells how much of something there was, rather than of what.
    fileprivate var isOfDegree: Bool {
        switch self {
        case .generatorLate, .generatorSaturated, .stolenTime, .processorsTaken: true
        case .routerProcessUnknown, .routerProcessEnded, .routerProcessStarted, .sharedProcessors, .nagleStalls,
            .steered:
            false
        }
    }
}
