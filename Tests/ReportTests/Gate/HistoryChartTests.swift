import RennbahnGate
import RennbahnTrial
import Testing

@testable import RennbahnReport

struct HistoryChartTests {
    private func series(_ ratios: [Double]) -> [HistorySeries] {
        HistorySeries.all(
            of: ratios.enumerated().map { index, ratio in
                let day = index % 28 + 1
                return HistoryRow(
                    date: "2026-0\(index / 28 + 1)-\(day < 10 ? "0" : "")\(day)", commit: "c\(index)",
                    anchor: "0.1.0", machine: "9f3c21ab", cell: "pubsub", metric: "throughput", ratio: ratio)
            })
    }

    @Test func `A step is drawn, marked and told with its commit`() {
        let ratios = (0..<30).map { (index: Int) -> Double in
            let level = index < 18 ? 1 : 0.9
            return level + 0.001 * Double(index * 7 % 5)
        }
        let text = HistoryChart.render(series(ratios), columns: 80, isTerminal: false)
        #expect(text.count { $0 == "●" } == 30)
        #expect(text.contains("┆ 2026-01-19 c18: −10 % (1.002 → 0.902)"))
        #expect(text.contains("pubsub · throughput to 0.1.0 · machine 9f3c21ab · 30 runs"))
        #expect(text.contains("2026-01-01") && text.contains("2026-02-02"))
        // The change point's column is marked on every level but that of its run.
        #expect(text.split(separator: "\n").count { $0.contains("┤") && $0.contains("┆") } == 7)
    }

    @Test func `The newest runs are shown where not all fit`() {
        let text = HistoryChart.render(series((0..<100).map { _ in 1 }), columns: 50, isTerminal: false)
        #expect(text.count { $0 == "●" } == 38)
        #expect(text.contains("100 runs"))
        #expect(text.split(separator: "\n").allSatisfy { String($0).displayWidth <= 60 })
    }

    /// The last two have a half, and a sum, that no number holds.
    @Test(
        arguments: [
            [1e17], [1, 1e17], [1e300, 1e-300], [.leastNonzeroMagnitude], [.leastNonzeroMagnitude, 1],
            [.greatestFiniteMagnitude],
            [.greatestFiniteMagnitude, .greatestFiniteMagnitude, 1], [.leastNormalMagnitude, .leastNonzeroMagnitude],
        ] as [[Double]])
    func `Any positive ratio of a file can be drawn`(ratios: [Double]) {
        let text = HistoryChart.render(series(ratios), columns: 80, isTerminal: false)
        #expect(text.count { $0 == "●" } == ratios.count)
        #expect(text.split(separator: "\n").allSatisfy { String($0).displayWidth <= 80 })
    }

    @Test func `A change between extremes is told`() {
        let extremes: [(Double, Double)] = [
            (1, 1e17), (1e17, 1), (.leastNonzeroMagnitude, .greatestFiniteMagnitude), (1, 1e308),
        ]
        for (before, after) in extremes {
            let ratios = (0..<30).map { (index: Int) -> Double in index < 15 ? before : after }
            let text = HistoryChart.render(series(ratios), columns: 80, isTerminal: false)
            #expect(text.count { $0 == "●" } == 30, "\(before) \(after)")
        }
        #expect(HistoryChart.render(series([1e17]), columns: 80, isTerminal: false).contains("1e+17 ┤"))
    }

    @Test func `One run and none can be drawn`() {
        #expect(HistoryChart.render([], columns: 80, isTerminal: false) == "the history is empty\n")
        #expect(HistoryChart.render(series([1.25]), columns: 80, isTerminal: false).contains("1.25"))
    }
}
