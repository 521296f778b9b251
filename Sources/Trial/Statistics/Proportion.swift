/// A rate that was counted: so many of so many, such as false alarms of runs.
package struct Proportion: Codable, Equatable, Sendable {
    package let hits: Int
    /// Positive.
    package let trials: Int

    package init(hits: Int, trials: Int) {
        precondition(trials > 0 && (0...trials).contains(hits))
        self.hits = hits
        self.trials = trials
    }

    package var rate: Double { Double(hits) / Double(trials) }

    /// The exact interval of Clopper and Pearson, which never claims more than the count bears.
    package func interval(level: Double = 0.95) -> ClosedRange<Double> {
        let tail = (1 - level) / 2
        let (hit, missed) = (Double(hits), Double(trials - hits))
        let lower = hits == 0 ? 0 : SpecialFunctions.betaQuantile(tail, hit, missed + 1)
        let upper = hits == trials ? 1 : SpecialFunctions.betaQuantile(1 - tail, hit + 1, missed)
        return lower...upper
    }
}
