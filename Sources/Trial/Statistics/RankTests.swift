/// Tests that ask only for the order of the log ratios, not for their size: a second opinion that outliers cannot sway.
package enum RankTests {
    /// One-sided exact Wilcoxon signed-rank test for positive log ratios. Equal sizes share their ranks; ratios of exactly 1
    /// are left out.
    package static func signedRankTest(_ logRatios: [Double]) -> Double {
        let told = logRatios.filter { $0 != 0 }.sorted { $0.magnitude < $1.magnitude }
        guard !told.isEmpty else { return 1 }
        let ranks = doubledRanks(told.map(\.magnitude))
        let observed = zip(told, ranks).reduce(0) { $0 + ($1.0 > 0 ? $1.1 : 0) }
        // Each rank counts or not, with probability ½: the distribution of the sum, rank by rank.
        var probability = [Double](repeating: 0, count: ranks.reduce(0, +) + 1)
        probability[0] = 1
        var highest = 0
        for rank in ranks {
            highest += rank
            for sum in stride(from: highest, through: 0, by: -1) {
                probability[sum] = (probability[sum] + (sum >= rank ? probability[sum - rank] : 0)) / 2
            }
        }
        return min(1, probability[observed...].reduce(0, +))
    }

    /// Twice the rank of each of the sorted sizes, so that the mean rank of equal ones is whole.
    private static func doubledRanks(_ sorted: [Double]) -> [Int] {
        var ranks: [Int] = []
        while ranks.count < sorted.count {
            let first = ranks.count
            let end = sorted[first...].firstIndex { $0 != sorted[first] } ?? sorted.count
            ranks += Array(repeating: first + 1 + end, count: end - first)
        }
        return ranks
    }

    /// Log ratios beyond Tukey's outer fences: three times the distance of the quartiles away from them.
    package static func outliers(_ logRatios: [Double]) -> Int {
        guard logRatios.count >= 4 else { return 0 }
        let sorted = logRatios.sorted()
        let (lower, upper) = (quantile(sorted, 0.25), quantile(sorted, 0.75))
        let reach = 3 * (upper - lower)
        return sorted.count { $0 < lower - reach || $0 > upper + reach }
    }

    /// Linear between the sorted values.
    private static func quantile(_ sorted: [Double], _ share: Double) -> Double {
        let place = share * Double(sorted.count - 1)
        let below = Int(place)
        let above = min(below + 1, sorted.count - 1)
        return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
    }
}
