/// When a group has been measured enough.
package struct StoppingRule: Sendable {
    package var fewestStarts: Int
    package var mostStarts: Int
    /// Half of the interval of a ratio, as a share.
    package var cpuPrecision: Double
    package var ratePrecision: Double

    package init(
        fewestStarts: Int = 3, mostStarts: Int = 16, cpuPrecision: Double = 0.02, ratePrecision: Double = 0.03
    ) {
        self.fewestStarts = fewestStarts
        self.mostStarts = mostStarts
        self.cpuPrecision = cpuPrecision
        self.ratePrecision = ratePrecision
    }

    /// - Parameters:
    ///   - secondsLeft: of the budget, beyond what other groups need at least.
    ///   - isCoarse: whether something that is asked of some load is, as below.
    package func needsMore(
        starts: Int, secondsLeft: Double, secondsPerStart: Double, isCoarse: @autoclosure () -> Bool
    ) -> Bool {
        guard starts >= fewestStarts else { return true }
        return starts < mostStarts && secondsLeft >= secondsPerStart && isCoarse()
    }

    /// Whether more starts would say more: the CPU time of a side is itself known less precisely than is wanted.
    package func areFiguresCoarse(_ evidence: TrialEvidence) -> Bool {
        (0..<evidence.sides).contains {
            isCoarse(evidence.figure(.routerCPU, of: $0), evidence.has(.routerCPU, $0), cpuPrecision)
        }
    }

    /// Whether more starts would say more: a ratio is known less precisely than is wanted.
    ///
    /// - Parameters:
    ///   - floor: the side that is one; what it carries is not asked.
    ///   - hasRates: whether rates are figures: in an open loop they are what was offered.
    package func isCoarse(_ evidence: TrialEvidence, floor: Int?, hasRates: Bool) -> Bool {
        func isCoarse(_ metric: TrialMetric, _ side: Int, _ wanted: Double) -> Bool {
            self.isCoarse(evidence.ratio(metric, of: side), evidence.has(metric, side), wanted)
        }
        return (1..<max(1, evidence.sides)).contains { side in
            isCoarse(.routerCPU, side, cpuPrecision)
                || hasRates && side != floor && isCoarse(.rate, side, ratePrecision)
        }
    }

    /// What no turn has gets no figure from more of the same; what some have may get one.
    private func isCoarse(_ told: Told?, _ isThere: Bool, _ wanted: Double) -> Bool {
        told.map { $0.precision > wanted } ?? isThere
    }
}

extension TrialEvidence {
    fileprivate func has(_ metric: TrialMetric, _ side: Int) -> Bool {
        samples(of: side).contains { $0.figure(metric) != nil }
    }
}
