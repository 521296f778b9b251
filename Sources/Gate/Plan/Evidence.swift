import RennbahnTrial

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

    mutating func take(_ outcome: Quartet.Outcome) {
        for pair in outcome.pairs {
            attemptedPairs += 1
            guard let pair else {
                droppedPairs += 1
                continue
            }
            Evidence.add(from: pair.base, to: pair.candidate, &pairs)
            metrics.formUnion(pair.base.keys)
            metrics.formUnion(pair.candidate.keys)
        }
        if let control = outcome.control {
            // In alternate directions: which of the two is called slower must not depend on their places.
            let (one, two) = quartets.isMultiple(of: 2) ? control : (control.1, control.0)
            Evidence.add(from: one, to: two, &controls)
        }
        quartets += 1
    }

    /// The log ratio of a pair is the middle of those of its turns: a turn that met a burst of something else is cut off, and one
    /// that lacks a figure of either is left out.
    private static func add(
        from base: BlockOutcome.Turns, to candidate: BlockOutcome.Turns, _ series: inout [GateMetric: [Double]]
    ) {
        for (metric, turns) in candidate {
            let ratios = zip(base[metric] ?? [], turns).compactMap { before, now -> Double? in
                guard let before, let now else { return nil }
                return metric.worsening(base: before, candidate: now)
            }
            guard let ratio = PairedEstimate.middle(of: ratios) else { continue }
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
