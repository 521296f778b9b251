/// What the quartets of one cell have told so far.
struct Evidence: Sendable {
    /// Per metric, one log ratio a pair; more is worse.
    private(set) var pairs: [GateMetric: [Double]] = [:]
    /// The same between two blocks of one build.
    private(set) var controls: [GateMetric: [Double]] = [:]
    /// Metrics that any block had, whether or not its partner had them, too.
    private(set) var metrics: Set<GateMetric> = []
    private(set) var attemptedPairs = 0
    private(set) var droppedPairs = 0
    private(set) var quartets = 0

    var validPairs: Int { attemptedPairs - droppedPairs }

    mutating func take(_ quartet: Quartet) {
        for pair in quartet.pairs {
            attemptedPairs += 1
            guard let pair else {
                droppedPairs += 1
                continue
            }
            Evidence.add(from: pair.base, to: pair.candidate, &pairs)
            metrics.formUnion(pair.base.keys)
            metrics.formUnion(pair.candidate.keys)
        }
        if let control = quartet.control {
            // In alternate directions: a steady drift, which a quartet cancels, is none of the control's business.
            let (one, two) = quartets.isMultiple(of: 2) ? control : (control.later, control.earlier)
            Evidence.add(from: one, to: two, &controls)
        }
        quartets += 1
    }

    private static func add(
        from base: [GateMetric: Double], to candidate: [GateMetric: Double], _ series: inout [GateMetric: [Double]]
    ) {
        for (metric, value) in candidate {
            guard let ratio = base[metric].flatMap({ metric.worsening(base: $0, candidate: value) }) else { continue }
            series[metric, default: []].append(ratio)
        }
    }

    /// All of this and all of the other.
    func merged(with other: Evidence) -> Evidence {
        var all = self
        all.pairs.merge(other.pairs) { $0 + $1 }
        all.controls.merge(other.controls) { $0 + $1 }
        all.metrics.formUnion(other.metrics)
        all.attemptedPairs += other.attemptedPairs
        all.droppedPairs += other.droppedPairs
        all.quartets += other.quartets
        return all
    }

    func estimate(of metric: GateMetric) -> PairedEstimate? {
        pairs[metric].flatMap { PairedEstimate(logRatios: $0) }
    }

    func controlEstimate(of metric: GateMetric) -> PairedEstimate? {
        controls[metric].flatMap { PairedEstimate(logRatios: $0) }
    }
}
