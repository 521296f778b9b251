/// When a group has been measured enough.
package struct StoppingRule: Sendable {
    package var fewestStarts: Int
    package var mostStarts: Int
    /// Half of the interval of a ratio, as a share.
    package var cpuPrecision: Double
    package var ratePrecision: Double

    package init(
        fewestStarts: Int = 3, mostStarts: Int = 8, cpuPrecision: Double = 0.02, ratePrecision: Double = 0.03
    ) {
        self.fewestStarts = fewestStarts
        self.mostStarts = mostStarts
        self.cpuPrecision = cpuPrecision
        self.ratePrecision = ratePrecision
    }

    /// - Parameter secondsLeft: of the budget, beyond what other groups need at least; seconds that one start takes.
    package func needsMore(_ evidence: TrialEvidence, secondsLeft: Double, secondsPerStart: Double) -> Bool {
        if evidence.startCount < fewestStarts { return true }
        guard evidence.startCount < mostStarts, secondsLeft >= secondsPerStart else { return false }
        return (1..<max(1, evidence.sides)).contains { side in
            isCoarse(evidence.ratio(.routerCPU, of: side), cpuPrecision)
                || isCoarse(evidence.ratio(.rate, of: side), ratePrecision)
        }
    }

    /// What has no figure gets none from more of the same.
    private func isCoarse(_ ratio: Told?, _ wanted: Double) -> Bool { ratio.map { $0.precision > wanted } ?? false }
}
