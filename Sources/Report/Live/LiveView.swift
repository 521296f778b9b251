import RennbahnMeasurement

/// A run that goes on, as lines for a terminal of a given size: none is as wide as it, so that none wraps, and there are fewer than
/// it has rows. What went wrong stands before how fast it was.
package struct LiveView: Sendable {
    private let columns: Int
    private let rows: Int
    private let isStyled: Bool

    /// Kinds of failures that are named.
    private static let namedFailures = 3

    /// - Parameters:
    ///   - columns: width of the terminal; the last column stays free, since some wrap as soon as it is written.
    ///   - isStyled: whether colours and emphasis are wanted.
    package init(columns: Int, rows: Int, isStyled: Bool) {
        self.columns = max(1, columns - 1)
        self.rows = max(1, rows - 1)
        self.isStyled = isStyled
    }

    package func lines(_ state: LiveState) -> [DrawnLine] {
        var lines = [title(state), phases(state)] + failures(state) + [clients(state), rate(state)]
        lines += [rates(state)].compactMap { $0 } + latencies(state) + [tails(state)].compactMap { $0 }
        lines += [side("generator", state.last, \.generatorSeconds, \.generator)].compactMap { $0 }
        lines += [side("router", state.last, \.routerSeconds, \.router)].compactMap { $0 }
        if !state.keys.isEmpty { lines.append(keys(state)) }
        while lines.count > rows {
            let first = lines.indices.max { lines[$0].expendability < lines[$1].expendability }
            guard let first else { break }
            lines.remove(at: first)
        }
        return lines.map { $0.drawn(columns: columns, isStyled: isStyled) }
    }

    private func title(_ state: LiveState) -> LiveLine {
        let elapsed = LiveView.seconds(state.elapsedSeconds)
        var line = LiveLine(
            whole: state.title.printable.truncated(toColumns: max(1, columns - elapsed.count - 2)), .bold,
            expendability: 4)
        line.addIfFits("  " + elapsed, columns: columns)
        return line
    }

    private func phases(_ state: LiveState) -> LiveLine {
        var line = LiveLine(whole: "", expendability: 0)
        func add(_ text: String, _ style: TextStyle) { line.addIfFits(text, style, columns: columns) }
        if state.isPaused { add("PAUSED", .yellow) }
        // Where not all fit, what is to come is left out before what is now, and what is over before both.
        let current = state.phase ?? 0
        let over = state.phases.prefix(current).map { "\($0.name) ✓" }
        let now = state.phases.indices.contains(current) && state.phase != nil ? text(ofCurrent: state) : nil
        let ahead = state.phases.dropFirst(state.phase == nil ? 0 : current + 1).map { phase in
            phase.name + (phase.seconds.map { " \(LiveView.seconds($0))" } ?? "")
        }
        let all = over + [now].compactMap { $0 }
        if all.reduce(0, { $0 + $1.displayWidth + 2 }) + 10 <= columns { over.forEach { add($0, .dim) } }
        if let now { add(now, .bold) }
        ahead.forEach { add($0, .dim) }
        return line
    }

    private func text(ofCurrent state: LiveState) -> String {
        guard let index = state.phase else { return "" }
        let left = state.secondsLeft.map { "  \(LiveView.seconds($0.rounded(.up))) left" } ?? ""
        return "▸ \(state.phases[index].name)\(left)"
    }

    private func failures(_ state: LiveState) -> [LiveLine] {
        let sorted = state.failures.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        var lines = sorted.prefix(LiveView.namedFailures).enumerated().map { place, failure in
            var line = LiveLine(place == 0 ? "errors" : "", expendability: place == 0 ? 1 : 3)
            line.add("\(failure.value) × \(failure.key)", .red)
            return line
        }
        let others = sorted.count - lines.count
        if others > 0 {
            var line = LiveLine(expendability: 3)
            line.add("and \(others.of("other kind"))", .red)
            lines.append(line)
        }
        return lines
    }

    private func clients(_ state: LiveState) -> LiveLine {
        var line = LiveLine("clients", expendability: 4)
        line.addIfFits("\(state.ready) of \(state.requested) ready", columns: columns)
        line.addIfFits("\(state.lost) lost", state.lost > 0 ? .red : .plain, columns: columns)
        if let outstanding = state.last?.outstanding { line.addIfFits("\(outstanding) in flight", columns: columns) }
        return line
    }

    private func rate(_ state: LiveState) -> LiveLine {
        var line = LiveLine("messages", expendability: 2)
        line.addIfFits(
            "\(state.last.map { HumanNumber.rate($0.messagesPerSecond) } ?? HumanNumber.absent) now", .bold,
            columns: columns)
        let inWindow = state.windowRate.map(HumanNumber.rate) ?? HumanNumber.absent
        line.addIfFits("\(inWindow) in the window", columns: columns)
        guard let rate = state.rate else { return line }
        line.addIfFits("\(HumanNumber.rate(state.isPaused ? 0 : rate * state.rateFactor)) offered", columns: columns)
        if state.rateFactor != 1 { line.addIfFits(HumanNumber.ratio(state.rateFactor), .yellow, columns: columns) }
        return line
    }

    private func rates(_ state: LiveState) -> LiveLine? {
        spark("", state.rates.map { $0 }, expendability: 10) { HumanNumber.rate($0) }
    }

    private func tails(_ state: LiveState) -> LiveLine? {
        guard state.tails.contains(where: { $0 != nil }) else { return nil }
        return spark("p99", state.tails, expendability: 10) { HumanNumber.duration(nanoseconds: $0) }
    }

    private func spark(
        _ label: String, _ values: [Double?], expendability: Int, _ text: (Double) -> String
    ) -> LiveLine? {
        guard let most = Sparkline.largest(values.compactMap { $0 }) else { return nil }
        let legend = "up to \(text(most))"
        let room = min(LiveState.memory, columns - LiveLine.labelWidth - legend.displayWidth - 2)
        guard room >= 8 else { return nil }
        var line = LiveLine(label, expendability: expendability)
        line.add(Sparkline.text(values, columns: room), .green)
        line.addIfFits(legend, .dim, columns: columns)
        return line
    }

    /// Percentiles, of which as many stand there as fit.
    private func latencies(_ state: LiveState) -> [LiveLine] {
        let all: [(name: String, rank: Int, value: (LatencySummary) -> UInt64)] = [
            ("p50", 0, { $0.p50 }), ("p90", 3, { $0.p90 }), ("p99", 1, { $0.p99 }), ("p99.9", 4, { $0.p999 }),
            ("max", 2, { $0.max }),
        ]
        let width = 10
        let room = max(1, (columns - LiveLine.labelWidth) / width)
        let shown = all.filter { $0.rank < room }
        func row(_ label: String, _ expendability: Int, _ style: TextStyle, _ cells: [String]) -> LiveLine {
            var line = LiveLine(label, expendability: expendability)
            for cell in cells {
                line.add(String(repeating: " ", count: max(0, width - cell.displayWidth)) + cell, style)
            }
            return line
        }
        func cells(_ summary: LatencySummary?) -> [String] {
            shown.map { column in
                summary.map { HumanNumber.duration(nanoseconds: Double(column.value($0))) } ?? HumanNumber.absent
            }
        }
        return [
            row("response", 5, .dim, shown.map(\.name)),
            row("  now", 7, .plain, cells(state.last?.latency?.summary)),
            row("  window", 6, .plain, cells(state.last?.response)),
        ]
    }

    private func side(
        _ name: String, _ interval: RunInterval?, _ cpu: KeyPath<RunInterval, Double?>,
        _ resources: KeyPath<ResourceSample, SideResources?>
    ) -> LiveLine? {
        guard let interval, let used = interval[keyPath: cpu], interval.seconds > 0 else { return nil }
        var line = LiveLine(name, expendability: 8)
        line.addIfFits("\(HumanNumber.plain(used / interval.seconds)) cores", columns: columns)
        let samples = (interval.resources ?? []).compactMap { $0[keyPath: resources] }
        guard let last = samples.last else { return line }
        line.addIfFits(HumanNumber.bytes(Double(last.residentBytes)), columns: columns)
        let waits = samples.compactMap(\.runQueueSeconds).reduce(0, +) / interval.seconds
        if waits > 0.05 {
            line.addIfFits("\(HumanNumber.percent(waits)) waiting for a processor", .yellow, columns: columns)
        }
        return line
    }

    private func keys(_ state: LiveState) -> LiveLine {
        var line = LiveLine(whole: "", expendability: 9)
        for key in state.keys { line.addIfFits(key, .dim, columns: columns) }
        return line
    }

    /// `8 s`, `2:05`, `1:02:05`.
    static func seconds(_ value: Double) -> String {
        guard value.isFinite, value >= 0, value < 1e9 else { return HumanNumber.absent }
        let whole = Int(value)
        guard whole >= 60 else { return "\(whole) s" }
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let (hours, minutes, seconds) = (whole / 3600, whole / 60 % 60, whole % 60)
        return hours > 0 ? "\(hours):\(two(minutes)):\(two(seconds))" : "\(minutes):\(two(seconds))"
    }
}
