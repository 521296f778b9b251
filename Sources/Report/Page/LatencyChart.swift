import Foundation
import RennbahnMeasurement

/// Latencies by percentile, as HdrHistogram draws them: the axis has as much room for each further nine.
enum LatencyChart {
    /// Points of a line.
    static let points = 120

    /// A distribution, and what its line is called.
    struct Distribution {
        let name: String
        let recorder: LatencyRecorder
    }

    /// `nil`: there are no samples.
    static func percentiles(_ distributions: [Distribution]) -> Chart? {
        let known = distributions.filter { $0.recorder.count > 0 }.prefix(Chart.mostLines)
        guard let most = known.map(\.recorder.count).max() else { return nil }
        let nines = max(1, min(7, Int(log10(Double(most)).rounded(.up))))
        let lines = known.map { distribution in
            Chart.Line(name: distribution.name, points: points(of: distribution.recorder, nines: nines))
        }
        return Chart(
            title: "Latency by percentile, on a scale of 1/(1-p)", x: .percentiles(nines: nines),
            y: .nanoseconds(lines.flatMap { $0.points.map(\.y) }), lines: Array(lines))
    }

    /// As far as there are samples: of a hundred nothing is known beyond the 99th.
    private static func points(of recorder: LatencyRecorder, nines: Int) -> [Chart.Point] {
        let end = min(Double(nines), log10(Double(recorder.count)))
        let shares = (0..<points).map { pow(10, end * Double($0) / Double(points - 1)) }
        let values = recorder.values(atPercentiles: shares.map { 100 * (1 - 1 / $0) })
        let all = zip(shares, values).map { Chart.Point(x: $0, y: Double($1)) }
        return recorder.count == 1 ? Array(all.prefix(1)) : all
    }
}
