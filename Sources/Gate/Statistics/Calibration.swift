package import RennbahnTrial

/// What a machine's noise means for the gate, from pairs of one and the same build.
package struct Calibration: Codable, Equatable, Sendable {
    /// One metric of one cell.
    package struct Row: Codable, Equatable, Sendable {
        package let cell: String
        package let metric: GateMetric
        package let tolerance: Double
        /// Of one pair.
        package let deviation: Double
        /// Stretches of as many pairs as the gate takes at first, and how many of them would have called one of the two
        /// slower. The gate asks twice before it tells.
        package let falseAlarms: Proportion
        /// The smallest changes, as shares, that so many pairs find beyond the tolerance four times of five.
        package let detectable: [Detectable]
    }

    package struct Detectable: Codable, Equatable, Sendable {
        package let pairs: Int
        package let change: Double
    }

    package let rows: [Row]
    /// The fewest pairs with which a slowdown of ten percent is found 19 times of 20, beyond the suggested tolerance, in
    /// every timed metric that decides; nil if a hundred do not suffice.
    package let suggestedPairs: Int?
    package let suggestedTolerance: Double

    /// The change that a gate should find.
    private static let wanted = 0.1
    private static let mostPairs = 100

    /// - Parameters:
    ///   - result: of a comparison of a build with itself.
    ///   - pairs: that a gate takes at first.
    package init(_ result: PairedResult, pairs first: Int = 10) {
        let settings = result.settings
        let measured = result.cells.flatMap { cell in cell.metrics.map { (cell.name, $0) } }
        rows = measured.compactMap { cell, metric in
            Calibration.row(cell, metric, settings, stretch: first)
        }
        let deciding = rows.filter { $0.metric.isTimed && !$0.metric.isAdvisory }
        func pairs(beyond tolerance: Double) -> Int? {
            let each = deciding.map { row in
                DetectableEffect.pairs(
                    forEffect: PairedEstimate.logRatio(base: 1, candidate: 1 + Calibration.wanted) ?? 0,
                    deviation: row.deviation, alpha: settings.alpha, power: 0.95,
                    beyond: PairedEstimate.logRatio(base: 1, candidate: 1 + tolerance) ?? 0,
                    maximum: Calibration.mostPairs)
            }
            return each.contains(nil) || each.isEmpty ? nil : each.compactMap { $0 }.max()
        }
        // Tight where the machine is quiet; wider tolerances need more pairs, so none wider than the usual is suggested.
        let tight = deciding.allSatisfy { $0.deviation < 0.01 }
        suggestedTolerance = tight ? 0.02 : GateMetric.routerCPU.standardTolerance
        suggestedPairs = pairs(beyond: suggestedTolerance).map { max(10, $0 + $0 % 2) }
    }

    private static func row(_ cell: String, _ metric: MetricResult, _ settings: GateSettings, stretch: Int) -> Row? {
        guard let deviation = metric.deviation, metric.ratios.count >= 2 else { return nil }
        let worse = metric.ratios.compactMap { metric.metric.worsening(base: 1, candidate: $0) }
        let length = min(stretch, worse.count)
        let bound = settings.bound(of: metric.metric)
        var (alarms, stretches) = (0, 0)
        for start in 0...(worse.count - length) {
            // Whoever is called the candidate: a build against itself has no direction.
            for sign in [1.0, -1] {
                let stretch = worse[start..<(start + length)].map { sign * $0 }
                stretches += 1
                guard let estimate = PairedEstimate(logRatios: stretch) else { continue }
                if estimate.pValue(above: bound) <= settings.alpha { alarms += 1 }
            }
        }
        return Row(
            cell: cell, metric: metric.metric, tolerance: metric.tolerance, deviation: deviation,
            falseAlarms: Proportion(hits: alarms, trials: stretches),
            detectable: [10, 20, 30].map { pairs in
                let change = DetectableEffect.smallest(
                    deviation: deviation, pairs: pairs, alpha: settings.alpha, beyond: bound)
                return Detectable(pairs: pairs, change: PairedEstimate.share(ofLogRatio: change))
            })
    }
}
