package import RennbahnMeasurement

/// The tables that a benchmark ends with.
package enum BenchTable {
    /// Both tables, the environment above them, and below them what makes a cell invalid.
    package static func render(_ document: ResultsDocument, isTerminal: Bool) -> String {
        var parts = [environment(document.environment), cells(document.cells, isTerminal: isTerminal)]
        if !document.comparison.isEmpty {
            let title = "Cost of the serializers, as a ratio to JSON without compression (less is better, but for rate)"
            parts.append(TextStyle.bold.apply(to: title, isTerminal: isTerminal) + "\n")
            parts.append(comparison(document.comparison, isTerminal: isTerminal))
        }
        let notes = notes(document.cells, isTerminal: isTerminal)
        if !notes.isEmpty { parts.append(notes) }
        return parts.joined(separator: "\n")
    }

    /// Where the figures come from, in two lines.
    package static func environment(_ environment: RunEnvironment) -> String {
        let cores = "\(environment.cores) \(environment.cores == 1 ? "core" : "cores")"
        let machine = [environment.cpuModel, cores, environment.operatingSystem, "Linux " + environment.kernel]
        var build = [environment.toolchain, "commit " + environment.shortCommit, "seed \(environment.seed)"]
        if environment.buildConfiguration != "release" { build.append(environment.buildConfiguration + " build") }
        build.append(environment.date)
        return [machine, build].map { $0.joined(separator: " · ").printable }.joined(separator: "\n") + "\n"
    }

    /// One row a cell; cells of the same work stand together.
    package static func cells(_ cells: [ResultCell], isTerminal: Bool) -> String {
        // The C floor has its column where it was measured.
        let hasCFloor = cells.contains { $0.measurements.cFloorRatio != nil }
        var table = TerminalTable(columns: [
            .init("scenario", alignment: .left), .init("format", alignment: .left), .init("messages", "/s"),
            .init("router CPU", "µs/msg (user+sys)"), .init("floor", hasCFloor ? "ratio (C)" : "ratio"),
            .init("CPU busy", "router/gen."),
            .init("p50"), .init("p99"), .init("p99.9"), .init("max"), .init("wire", "B/msg"),
            .init("memory", "/conn."), .init("verified", alignment: .left), .init("saturated", alignment: .left),
        ])
        var previous: String?
        for cell in cells {
            let work = cell.parameters.workName
            if let previous, previous != work { table.addSeparator() }
            table.addRow(row(cell, isFirstOfItsWork: previous != work))
            previous = work
        }
        return table.render(isTerminal: isTerminal)
    }

    private static func row(_ cell: ResultCell, isFirstOfItsWork: Bool) -> [TerminalTable.Cell] {
        let figures = cell.measurements
        let response = figures.latency.response.summary
        func latency(_ nanoseconds: UInt64) -> TerminalTable.Cell {
            .init(response.count == 0 ? HumanNumber.absent : HumanNumber.duration(nanoseconds: Double(nanoseconds)))
        }
        // A lower bound is marked where the figure is read, not in a note far away.
        let rate = (figures.lowerBound ? "≥ " : "") + HumanNumber.count(figures.messagesPerSecond)
        return [
            .init(isFirstOfItsWork ? cell.parameters.workName : ""), .init(cell.parameters.formatName),
            .init(rate, style: .bold), .init(cpuText(figures.router?.cpuMicrosecondsPerMessage)),
            .init(floorText(figures)),
            .init(busyText(figures), style: figures.generatorFlagged ? .yellow : .plain),
            latency(response.p50), latency(response.p99), latency(response.p999), latency(response.max),
            .init(HumanNumber.plain(figures.wire.bytesPerMessage)),
            .init(figures.router?.residentBytesPerConnection.map(HumanNumber.bytes) ?? HumanNumber.absent),
            verification(figures.verification), saturation(figures.saturated),
        ]
    }

    /// `1.12× (1.15×)`: to the echo over our own loop, and to the one in C where that was measured.
    private static func floorText(_ figures: CellMeasurements) -> String {
        let floor = figures.floorRatio.map(HumanNumber.ratio) ?? HumanNumber.absent
        return figures.cFloorRatio.map { "\(floor) (\(HumanNumber.ratio($0)))" } ?? floor
    }

    /// `99 % / 61 %`: the router's cores, then the generator's.
    private static func busyText(_ figures: CellMeasurements) -> String {
        let router = figures.router.map { HumanNumber.percent($0.cpuShare) } ?? HumanNumber.absent
        return router + " / " + HumanNumber.percent(figures.generator.cpuShare)
    }

    /// `4.80 (1.20+3.60)`.
    private static func cpuText(_ cpu: CPUPerMessage?) -> String {
        guard let cpu else { return HumanNumber.absent }
        guard let user = cpu.user, let system = cpu.system else { return HumanNumber.plain(cpu.total) }
        return "\(HumanNumber.plain(cpu.total)) (\(HumanNumber.plain(user))+\(HumanNumber.plain(system)))"
    }

    private static func verification(_ counters: VerificationCounters) -> TerminalTable.Cell {
        .init(counters.summary, style: counters.isClean ? .green : .red)
    }

    private static func saturation(_ side: Saturation?) -> TerminalTable.Cell {
        guard let side else { return .init(HumanNumber.absent) }
        switch side {
        case .router, .neither: return .init(side.rawValue)
        case .generator, .both: return .init(side.rawValue, style: .yellow)
        }
    }

    /// Every format of every work against JSON uncompressed.
    package static func comparison(_ rows: [SerializerComparison], isTerminal: Bool) -> String {
        var table = TerminalTable(columns: [
            .init("scenario", alignment: .left), .init("serializer", alignment: .left),
            .init("compression", alignment: .left), .init("router CPU", "/msg"), .init("client CPU", "/msg"),
            .init("wire", "B/msg"), .init("rate"),
        ])
        var previous: String?
        for row in rows {
            if let previous, previous != row.work { table.addSeparator() }
            let ratios = [row.routerCPURatio, row.generatorCPURatio, row.bytesRatio, row.throughputRatio]
            table.addRow(
                [.init(previous == row.work ? "" : row.work), .init(row.serializer), .init(row.compression)]
                    + ratios.map { .init($0.map(HumanNumber.ratio) ?? HumanNumber.absent) })
            previous = row.work
        }
        return table.render(isTerminal: isTerminal)
    }

    /// What a reader must know before using a figure: one line a fact. Empty when all is well.
    package static func notes(_ cells: [ResultCell], isTerminal: Bool) -> String {
        var lines: [String] = []
        for cell in cells {
            let peer = cell.parameters.isOwn ? "" : (cell.parameters.router ?? "") + " "
            let name = peer + cell.parameters.workName + " " + cell.parameters.formatName
            if !cell.measurements.verification.isClean {
                let text = "FAILED   \(name): \(cell.measurements.verification.summary)"
                lines.append(TextStyle.red.apply(to: text.printable, isTerminal: isTerminal))
            }
            for reason in cell.verdict.reasons {
                let text = "INVALID  \(name): \(reason)"
                lines.append(TextStyle.red.apply(to: text.printable, isTerminal: isTerminal))
            }
            for warning in cell.warnings ?? [] {
                let text = "WARNING  \(name): \(warning)"
                lines.append(TextStyle.yellow.apply(to: text.printable, isTerminal: isTerminal))
            }
        }
        if cells.contains(where: \.measurements.lowerBound) {
            let text = "≥  the generator was saturated and the router was not: a lower bound on the router"
            lines.append(TextStyle.yellow.apply(to: text, isTerminal: isTerminal))
        }
        return lines.isEmpty ? "" : lines.joined(separator: "\n") + "\n"
    }
}
