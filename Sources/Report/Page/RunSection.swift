import RennbahnMeasurement

/// What a page has of runs of `load`, and of older files that have several.
struct RunSection {
    /// Rows of a table; a file may hold any number.
    private static let mostRows = 200

    private let document: ResultsDocument

    init(_ document: ResultsDocument) {
        self.document = document
    }

    func add(to html: inout HTML) {
        if document.cells.count == 1 {
            add(document.cells[0], to: &html)
        } else {
            addOverview(to: &html)
        }
        addGoals(to: &html)
    }

    // MARK: One run

    private func add(_ cell: ResultCell, to html: inout HTML) {
        html.table(["required", "outcome", "seen"], RunSection.conditions(cell.conditions ?? []))
        html.element("h3", "What was run")
        html.table(["what", "is"], RunSection.settings(cell).map { [PageCell($0.name), PageCell($0.value)] })
        html.list(cell.run?.notes ?? [])
        html.element("h3", "Errors and verification")
        html.table(["what", "number"], RunSection.faults(cell, document.intervals ?? []))
        html.list(cell.measurements.violations ?? [], style: "bad")
        html.list((cell.warnings ?? []).map { "Warning: \($0)" }, style: "open")
        html.element("h3", "Figures")
        html.table(["figure", "value"], RunSection.figures(cell.measurements))
        addLatencies(cell.measurements.latency, to: &html)
        addSeries(to: &html)
    }

    private static func conditions(_ conditions: [ConditionOutcome]) -> [[PageCell]] {
        conditions.prefix(mostRows).map { outcome in
            let verdict =
                switch outcome.verdict {
                case .holds: PageCell("holds", style: "good")
                case .broken: PageCell("does not hold", style: "bad")
                case .untold: PageCell("cannot be told", style: "open")
                }
            let seen = [outcome.seenText, outcome.note].compactMap { $0 }.joined(separator: "; ")
            return [PageCell(outcome.condition), verdict, PageCell(seen)]
        }
    }

    /// What was asked for; ``Comparison`` tells where two runs differ in it.
    static func settings(_ cell: ResultCell) -> [(name: String, value: String)] {
        let parameters = cell.parameters
        var rows: [(name: String, value: String)] = [("scenario", parameters.scenario)]
        func add(_ name: String, _ value: (some CustomStringConvertible)?) {
            if let value { rows.append((name, value.description)) }
        }
        add("router", parameters.router)
        add("serializer", parameters.serializer)
        add("compression", parameters.compression)
        add("payload", parameters.document.map { "\($0), \(parameters.payloadBytes) B" } ?? parameters.payloadName)
        add("clients", parameters.clients)
        add("publishers", parameters.publishers)
        add("subscribers", parameters.subscribers)
        add("topics", parameters.topics)
        add("slow subscribers", parameters.slowSubscribers)
        add("stuck subscribers", parameters.stuckSubscribers)
        add("callers", parameters.callers)
        add("callees", parameters.callees)
        let load = parameters.rate.map { "open, \(HumanNumber.rate($0))" }
        add("load model", load ?? parameters.depth.map { "closed, \($0) in flight" })
        add("router shards", parameters.routerShards)
        add("generator shards", parameters.generatorShards)
        guard let run = cell.run else { return rows }
        add("arrivals", run.arrivals)
        add("filler", run.filler)
        add("URL", run.url)
        add("URL of receivers", run.receiverURL)
        add("realm", run.realm)
        add("login", run.authMethods?.joined(separator: ", "))
        add("principals", run.principals)
        add("settling", "\(HumanNumber.plain(run.settleSeconds)) s")
        add("warm-up", "\(HumanNumber.plain(run.warmUpSeconds)) s")
        add("window", "\(HumanNumber.plain(run.windowSeconds)) s")
        return rows
    }

    private static func faults(_ cell: ResultCell, _ intervals: [RunInterval]) -> [[PageCell]] {
        let measured = cell.measurements
        let checked = measured.verification
        var rows: [[PageCell]] = [
            ["expected", PageCell("\(checked.expected)")], ["received", PageCell("\(checked.received)")],
        ]
        func count(_ name: String, _ number: UInt64) {
            rows.append([PageCell(name), number == 0 ? "none" : PageCell("\(number)", style: "bad")])
        }
        count("lost", checked.lost)
        count("duplicated", checked.duplicated)
        count("out of order", checked.reordered)
        count("corrupt", checked.corrupted)
        count("unexpected", checked.unexpected)
        count("never answered", measured.latency.unanswered?.count ?? 0)
        if let connections = measured.connections {
            count("connections lost", connections.lost)
            count("sessions not opened", connections.unopenedSessions)
        }
        let errors = intervals.compactMap(\.errors)
        if !errors.isEmpty { count("failed connections, calls answered with an error", errors.reduce(0, &+)) }
        return rows
    }

    private static func figures(_ measured: CellMeasurements) -> [[PageCell]] {
        let mark = measured.lowerBound ? "≥ " : ""
        var rows: [[PageCell]] = [
            ["messages a second", PageCell(mark + HumanNumber.rate(measured.messagesPerSecond))],
            ["messages", PageCell("\(measured.messages) in \(HumanNumber.plain(measured.seconds)) s")],
            ["octets on the wire per message", PageCell(HumanNumber.plain(measured.wire.bytesPerMessage))],
        ]
        let sides: [(String, ProcessFigures?)] = [("router", measured.router), ("generator", measured.generator)]
        for (name, side) in sides {
            guard let side else { continue }
            let share = "\(HumanNumber.percent(side.cpuShare)) of \(side.cores.of("core"))"
            rows.append([PageCell("\(name), processors"), PageCell(share)])
            if let cost = side.cpuMicrosecondsPerMessage {
                rows.append([PageCell("\(name), CPU per message"), PageCell(HumanNumber.plain(cost.total) + " µs")])
            }
            rows.append([
                PageCell("\(name), memory"), PageCell(HumanNumber.bytes(Double(side.residentBytes))),
            ])
        }
        if let floor = measured.floorRatio { rows.append(["to the floor", PageCell(HumanNumber.ratio(floor))]) }
        if let saturated = measured.saturated { rows.append(["saturated", PageCell(saturated.rawValue)]) }
        return rows
    }

    // MARK: Latencies

    private func addLatencies(_ latency: LatencyFigures, to html: inout HTML) {
        let all: [(name: String, figure: LatencyFigure?)] = [
            ("response", latency.response), ("service", latency.service), ("lag", latency.lag),
            ("last subscriber", latency.lastSubscriber),
        ]
        var (distributions, problems): ([LatencyChart.Distribution], [String]) = ([], [])
        var rows: [[PageCell]] = []
        for (name, figure) in all {
            guard let figure, figure.summary.count > 0 else { continue }
            rows.append(RunSection.percentiles(name, figure.summary))
            do throws(HistogramRecordError) {
                distributions.append(.init(name: name, recorder: try figure.histogram.recorder()))
            } catch {
                problems.append("\(name): \(error)")
            }
        }
        html.element("h3", "Latencies")
        guard !rows.isEmpty else {
            html.facts("No latency was measured.")
            return
        }
        if let chart = LatencyChart.percentiles(distributions) { chart.draw(into: &html) }
        html.list(problems, style: "open")
        html.table(["latency", "samples", "least", "mean", "p50", "p90", "p99", "p99.9", "p99.99", "most"], rows)
        if latency.response.summary.overRange > 0 {
            html.facts("Of these \(latency.response.summary.overRange) took longer than 120 s, and count as that.")
        }
    }

    private static func percentiles(_ name: String, _ summary: LatencySummary) -> [PageCell] {
        let times: [Double] =
            [Double(summary.min), summary.mean]
            + [summary.p50, summary.p90, summary.p99, summary.p999, summary.p9999, summary.max].map { Double($0) }
        return [PageCell(name), PageCell("\(summary.count)")]
            + times.map { PageCell(HumanNumber.duration(nanoseconds: $0)) }
    }

    private func addSeries(to html: inout HTML) {
        html.element("h3", "Over time")
        guard let intervals = document.intervals, !intervals.isEmpty else {
            html.facts("The file has no series: rennbahn load --results keeps one.")
            return
        }
        let series = SeriesCharts(intervals)
        for chart in series.charts { chart.draw(into: &html) }
        if let note = series.note { html.facts(note) }
    }

    // MARK: Several

    private func addOverview(to html: inout HTML) {
        let rows = document.cells.prefix(RunSection.mostRows).map { cell -> [PageCell] in
            let measured = cell.measurements
            let response = measured.latency.response.summary
            func time(_ value: UInt64) -> PageCell {
                PageCell(response.count > 0 ? HumanNumber.duration(nanoseconds: Double(value)) : HumanNumber.absent)
            }
            let cost = measured.router?.cpuMicrosecondsPerMessage.map { HumanNumber.plain($0.total) }
            let style = cell.verdict.outcome == "valid" ? "good" : "bad"
            return [
                PageCell(cell.title), PageCell(cell.verdict.outcome, style: style),
                PageCell((measured.lowerBound ? "≥ " : "") + HumanNumber.rate(measured.messagesPerSecond)),
                PageCell(cost ?? HumanNumber.absent), PageCell(HumanNumber.plain(measured.wire.bytesPerMessage)),
                time(response.p50), time(response.p99),
            ]
        }
        html.element("h3", "Runs")
        html.table(["run", "verdict", "messages/s", "router µs/message", "B/message", "p50", "p99"], Array(rows))
        let ratios = document.comparison.prefix(RunSection.mostRows).map { row in
            [PageCell("\(row.work), \(row.serializer), \(row.compression)")]
                + [row.throughputRatio, row.routerCPURatio, row.generatorCPURatio, row.bytesRatio].map {
                    PageCell($0.map(HumanNumber.thousandth) ?? HumanNumber.absent)
                }
        }
        guard !ratios.isEmpty else { return }
        html.element("h3", "To JSON without compression")
        html.facts("Ratios of single runs: they have no interval.")
        html.table(["work", "messages/s", "router CPU", "generator CPU", "octets"], Array(ratios))
    }

    private func addGoals(to html: inout HTML) {
        let goals = document.goals ?? []
        guard !goals.isEmpty else { return }
        html.element("h3", "Goals")
        html.table(["goal", "outcome", "note"], TrialSection.rows(goals))
    }
}
