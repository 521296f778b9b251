import RennbahnMeasurement

/// What happened in each part of a run, one chart above the other with the same axis of time.
struct SeriesCharts {
    /// Points of a line; of more intervals several become one.
    static let mostPoints = 240

    let charts: [Chart]
    /// How the points were made where there are fewer than intervals; `nil`: each is one.
    let note: String?

    init(_ intervals: [RunInterval]) {
        let parts = SeriesCharts.parts(intervals)
        let samples = intervals.flatMap { $0.resources ?? [] }
        let groups = SeriesCharts.parts(samples)
        let time = ChartAxis.linear(intervals.map(\.at)) { HumanNumber.plain($0) + " s" }
        let bands = SeriesCharts.bands(intervals)
        var charts: [Chart] = []
        func add(_ title: String, _ lines: [Chart.Line], _ axis: ([Double]) -> ChartAxis) {
            let filled = lines.filter { !$0.points.isEmpty }
            guard !filled.isEmpty else { return }
            let y = axis(filled.flatMap { $0.points.map(\.y) })
            charts.append(Chart(title: title, x: time, y: y, lines: filled, bands: bands))
        }
        add("Messages a second", [SeriesCharts.rate(parts)]) { .linear($0, label: HumanNumber.count) }
        add("Response times of each interval", SeriesCharts.latencies(parts), ChartAxis.nanoseconds)
        let cpu = samples.isEmpty ? SeriesCharts.coarseCPU(parts) : SeriesCharts.cpu(groups)
        add("Processors in use", cpu) { .linear($0, label: HumanNumber.plain) }
        add("Resident memory", SeriesCharts.memory(groups)) {
            .linear($0, isBinary: true, label: HumanNumber.bytes)
        }
        self.charts = charts
        let merged = [(intervals.count, parts.count), (samples.count, groups.count)].filter { $0.0 > $0.1 }
        note =
            merged.isEmpty
            ? nil
            : "Drawn are at most \(SeriesCharts.mostPoints) points of a line: rates and processors are means of the intervals "
                + "that became one, latencies and memory the most of them."
    }

    /// Neighbours together, so that there are at most so many groups.
    static func parts<Element>(_ elements: [Element]) -> [ArraySlice<Element>] {
        let size = max(1, (elements.count + mostPoints - 1) / mostPoints)
        return stride(from: 0, to: elements.count, by: size).map {
            elements[$0..<min($0 + size, elements.count)]
        }
    }

    /// Phases, from the beginning of their first interval to the end of their last.
    static func bands(_ intervals: [RunInterval]) -> [Chart.Band] {
        var bands: [Chart.Band] = []
        for interval in intervals {
            if let last = bands.last, last.label == interval.phase {
                bands[bands.count - 1] = Chart.Band(label: last.label, from: last.from, to: interval.at)
            } else {
                bands.append(
                    Chart.Band(label: interval.phase, from: interval.at - interval.seconds, to: interval.at))
            }
        }
        return bands
    }

    private static func rate(_ parts: [ArraySlice<RunInterval>]) -> Chart.Line {
        Chart.Line(
            name: "completed",
            points: parts.compactMap { part in
                let (sum, seconds) = (total(part) { Double($0.messages) }, total(part, \.seconds))
                guard let at = part.last?.at, seconds > 0 else { return nil }
                return Chart.Point(x: at, y: sum / seconds)
            })
    }

    private static func latencies(_ parts: [ArraySlice<RunInterval>]) -> [Chart.Line] {
        func line(_ name: String, _ value: (LatencySummary) -> UInt64) -> Chart.Line {
            Chart.Line(
                name: name,
                points: parts.compactMap { part in
                    let known = part.compactMap(\.latency?.summary).filter { $0.count > 0 }
                    guard let at = part.last?.at, let most = known.map(value).max() else { return nil }
                    return Chart.Point(x: at, y: Double(most))
                })
        }
        return [line("p50", \.p50), line("p99", \.p99)]
    }

    private static var sides: [(String, KeyPath<ResourceSample, SideResources?>)] {
        [("router", \.router), ("generator", \.generator)]
    }

    private static func cpu(_ groups: [ArraySlice<ResourceSample>]) -> [Chart.Line] {
        sides.map { name, side in
            Chart.Line(
                name: name,
                points: groups.compactMap { group in
                    let known = group.filter { $0[keyPath: side] != nil }
                    let seconds = total(known[...], \.seconds)
                    guard let at = group.last?.at, seconds > 0 else { return nil }
                    return Chart.Point(x: at, y: total(known[...]) { $0[keyPath: side]?.cpuSeconds ?? 0 } / seconds)
                })
        }
    }

    /// Of files without samples of resources.
    private static func coarseCPU(_ parts: [ArraySlice<RunInterval>]) -> [Chart.Line] {
        let sides: [(String, KeyPath<RunInterval, Double?>)] = [
            ("router", \.routerSeconds), ("generator", \.generatorSeconds),
        ]
        return sides.map { name, side in
            Chart.Line(
                name: name,
                points: parts.compactMap { part in
                    let known = part.filter { $0[keyPath: side] != nil }
                    let seconds = total(known[...], \.seconds)
                    guard let at = part.last?.at, seconds > 0 else { return nil }
                    return Chart.Point(x: at, y: total(known[...]) { $0[keyPath: side] ?? 0 } / seconds)
                })
        }
    }

    private static func memory(_ groups: [ArraySlice<ResourceSample>]) -> [Chart.Line] {
        sides.map { name, side in
            Chart.Line(
                name: name,
                points: groups.compactMap { group in
                    let known = group.compactMap { $0[keyPath: side]?.residentBytes }
                    guard let at = group.last?.at, let most = known.max() else { return nil }
                    return Chart.Point(x: at, y: Double(most))
                })
        }
    }

    private static func total<Element>(_ part: ArraySlice<Element>, _ value: (Element) -> Double) -> Double {
        part.reduce(0) { $0 + value($1) }
    }
}
