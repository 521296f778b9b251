import RennbahnMeasurement
import RennbahnTrial
import Testing

@testable import RennbahnReport

struct ChartTests {
    private func expectInside(_ chart: Chart) {
        for line in chart.lines {
            for place in chart.places(line) {
                #expect((Chart.left...Chart.right).contains(place.x) && (Chart.top...Chart.bottom).contains(place.y))
            }
        }
        for tick in [chart.x, chart.y].flatMap(\.ticks) { #expect((0...1).contains(tick.place)) }
    }

    private func line(_ values: [Double]) -> Chart.Line {
        Chart.Line(name: "l", points: values.enumerated().map { Chart.Point(x: Double($0), y: $1) })
    }

    @Test(arguments: [
        [], [0], [0, 0, 0], [5], [1, .nan, 3], [.infinity, 1], [-7, 2], [1e308, 1e-308], [1e300, 1e300],
        [Double.leastNonzeroMagnitude],
    ])
    func `Whatever the values are, points lie within the picture`(values: [Double]) {
        let line = line(values)
        for y in [ChartAxis.linear(values) { HumanNumber.plain($0) }, .nanoseconds(values)] {
            let x = ChartAxis.linear(line.points.map(\.x)) { HumanNumber.plain($0) }
            let chart = Chart(title: "t", x: x, y: y, lines: [line])
            expectInside(chart)
            #expect(chart.places(line).count == values.count { $0.isFinite })
            var html = HTML()
            chart.draw(into: &html)
            #expect(!html.markup.lowercased().contains("nan") && !html.markup.contains("inf"))
        }
    }

    @Test func `An axis has few steps of round numbers`() {
        func labels(_ most: Double) -> [String] { ChartAxis.linear([most], label: { "\(Int($0))" }).ticks.map(\.label) }
        #expect(labels(10) == ["0", "2", "4", "6", "8", "10"])
        #expect(labels(31) == ["0", "10", "20", "30"])
        #expect(labels(99_000) == ["0", "20000", "40000", "60000", "80000"])
        let memory = ChartAxis.linear([45.0 * 1024 * 1024], isBinary: true, label: HumanNumber.bytes).ticks.map(\.label)
        #expect(memory == ["0 B", "10.0 MiB", "20.0 MiB", "30.0 MiB", "40.0 MiB"])
        let times = ChartAxis.nanoseconds([150_000, 20_000_000]).ticks.map(\.label)
        #expect(times == ["100 µs", "1.00 ms", "10.0 ms", "100 ms"])
        #expect(ChartAxis.percentiles(nines: 3).ticks.map(\.label) == ["0 %", "90 %", "99 %", "99.9 %"])
    }

    @Test func `The label before the last one is left out where it has no room`() {
        func labels(nines: Int) -> [Bool] {
            let axis = ChartAxis.percentiles(nines: nines)
            var html = HTML()
            Chart(title: "t", x: axis, y: .linear([1]) { HumanNumber.plain($0) }, lines: [line([0, 1])]).draw(
                into: &html)
            return axis.ticks.suffix(2).map { html.markup.contains(">\($0.label)<") }
        }
        #expect(labels(nines: 3) == [true, true])
        #expect(labels(nines: 6) == [false, true])
    }

    @Test func `Latency rises with the percentile, as far as there are samples`() throws {
        var recorder = LatencyRecorder()
        for microseconds in UInt64(1)...1000 { recorder.record(nanoseconds: microseconds * 1000) }
        let chart = try #require(LatencyChart.percentiles([.init(name: "response", recorder: recorder)]))
        expectInside(chart)
        let points = chart.lines[0].points
        #expect(points.count == LatencyChart.points && zip(points, points.dropFirst()).allSatisfy { $0.y <= $1.y })
        #expect((points.last?.y ?? 0) > Double(recorder.summary().p99))
        #expect(
            recorder.values(atPercentiles: [0, 50, 99, 100]) == [0, 50, 99, 100].map(recorder.value(atPercentile:)))
        #expect(LatencyChart.percentiles([.init(name: "response", recorder: LatencyRecorder())]) == nil)
        var single = LatencyRecorder()
        single.record(nanoseconds: 5000)
        let dot = try #require(LatencyChart.percentiles([.init(name: "response", recorder: single)]))
        #expect(dot.lines[0].points.count == 1)
        expectInside(dot)
    }

    @Test func `Phases are bands from the beginning of the first interval to the end of the last`() {
        let phases = ["connecting", "measuring", "measuring", "draining"]
        let intervals = phases.enumerated().map {
            RunInterval(at: Double($0 + 1), seconds: 1, phase: $1, connections: 1, messages: 1)
        }
        let bands = SeriesCharts.bands(intervals)
        #expect(bands.map(\.label) == ["connecting", "measuring", "draining"])
        #expect(bands.map(\.from) == [0, 1, 3] && bands.map(\.to) == [1, 3, 4])
        #expect(SeriesCharts([]).charts.isEmpty)
        #expect(SeriesCharts(intervals).note == nil)
    }

    @Test func `Of intervals that become one point the rate is their mean and the latency the most`() throws {
        let intervals = (0..<(2 * SeriesCharts.mostPoints)).map { index in
            var interval = RunInterval(
                at: Double(index + 1), seconds: 1, phase: "measuring", connections: 1,
                messages: index.isMultiple(of: 2) ? 100 : 300)
            interval.latency = ExportSamples.latency(index.isMultiple(of: 2) ? 9000 : 2000)
            return interval
        }
        let series = SeriesCharts(intervals)
        #expect(series.note != nil && series.charts.count == 2)
        #expect(series.charts[0].lines[0].points.count == SeriesCharts.mostPoints)
        #expect(series.charts[0].lines[0].points.allSatisfy { $0.y == 200 })
        let summary = try #require(intervals[0].latency?.summary)
        #expect(series.charts[1].lines[0].points.allSatisfy { $0.y == Double(summary.p50) })
        #expect(series.charts[0].lines[0].points.map(\.x).last == Double(intervals.count))
    }

    @Test func `A ratio has its colour and says the same in signs`() {
        let far = TrialSection.heat(ExportSamples.told(0.7, 0.05), .less, .routerCPU)
        #expect(far.style == "better far" && far.text.hasSuffix("▼"))
        #expect(TrialSection.heat(ExportSamples.told(0.9, 0.05), .less, .rate).style == "worse")
        #expect(TrialSection.heat(ExportSamples.told(1.1, 0.05), nil, .bytes).style == "worse")
        let same = TrialSection.heat(ExportSamples.told(1, 0.05), .noDifferenceShown, .rate)
        #expect(same.style == "same" && same.text.hasSuffix("same?"))
    }
}
