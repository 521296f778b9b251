import RennbahnWorkload

/// Where a history changed its level: E-divisive (Matteson and James), on absolute differences.
///
/// The series is cut where the parts differ most from each other, compared with how they differ within themselves; a cut
/// counts if few orderings of the same values, drawn at random, have as good a one. Each part is then searched, too.
/// Order is all that is asked for: a single outlier, or noise that is far from normal, makes no change point.
package enum ChangePoints {
    package struct Settings: Equatable, Sendable {
        /// The shortest part: a change is believed when it has lasted for so many values.
        package var shortestPart = 5
        /// Random orderings for each decision.
        package var permutations = 199
        /// The most a cut may owe to chance.
        package var significance = 0.01
        /// The smallest change that is worth a word, as a share of the level before it.
        package var smallestChange = 0.01

        package init() {}
    }

    /// A place where the level changes.
    package struct Point: Codable, Equatable, Sendable {
        /// The first value of the new level.
        package let index: Int
        /// Medians of the parts on both sides, up to the next change points.
        package let before: Double
        package let after: Double

        /// As a share of the level before: 0.1 is ten percent more.
        package var change: Double { before == 0 ? 0 : after / before - 1 }
    }

    /// The change points of a series, in order. The same seed gives the same points.
    package static func find(
        in values: [Double], settings: Settings = Settings(), seed: UInt64 = 1
    ) -> [Point] {
        var generator = SeededGenerator(seed: seed)
        var cuts: [Int] = []
        split(values, 0..<values.count, settings, &cuts, &generator)
        cuts.sort()
        // A cut whose parts have nearly the same level is none; its parts belong together.
        while let weak = points(at: cuts, in: values).firstIndex(where: {
            $0.change.magnitude < settings.smallestChange
        }) {
            cuts.remove(at: weak)
        }
        return points(at: cuts, in: values)
    }

    private static func points(at cuts: [Int], in values: [Double]) -> [Point] {
        let edges = [0] + cuts + [values.count]
        return cuts.indices.map { place in
            let before = values[edges[place]..<edges[place + 1]]
            let after = values[edges[place + 1]..<edges[place + 2]]
            return Point(index: cuts[place], before: median(before), after: median(after))
        }
    }

    private static func median(_ part: ArraySlice<Double>) -> Double {
        let sorted = part.sorted()
        return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }

    private static func split(
        _ values: [Double], _ part: Range<Int>, _ settings: Settings, _ cuts: inout [Int],
        _ generator: inout SeededGenerator
    ) {
        let slice = Array(values[part])
        guard let best = bestCut(of: slice, shortestPart: settings.shortestPart) else { return }
        var asGood = 0
        for _ in 0..<settings.permutations {
            let shuffled = slice.shuffled(using: &generator)
            if let cut = bestCut(of: shuffled, shortestPart: settings.shortestPart), cut.gain >= best.gain {
                asGood += 1
            }
        }
        guard Double(asGood + 1) / Double(settings.permutations + 1) <= settings.significance else { return }
        let cut = part.lowerBound + best.index
        cuts.append(cut)
        split(values, part.lowerBound..<cut, settings, &cuts, &generator)
        split(values, cut..<part.upperBound, settings, &cuts, &generator)
    }

    /// The cut with the largest energy distance of its sides, scaled by their lengths; nil where both cannot be long enough.
    private static func bestCut(of values: [Double], shortestPart: Int) -> (index: Int, gain: Double)? {
        let count = values.count
        guard shortestPart > 0, count >= 2 * shortestPart else { return nil }
        // Sums of the absolute differences left of the cut, across it, and right of it, moved along with it.
        var left = 0.0
        var across = 0.0
        var right = 0.0
        for first in 0..<count {
            for second in 0..<first { right += (values[first] - values[second]).magnitude }
        }
        var best: (index: Int, gain: Double)?
        for cut in 1..<count {
            let moved = values[cut - 1]
            let toLeft = values[..<(cut - 1)].reduce(0) { $0 + ($1 - moved).magnitude }
            let toRight = values[cut...].reduce(0) { $0 + ($1 - moved).magnitude }
            left += toLeft
            right -= toRight
            across += toRight - toLeft
            guard cut >= shortestPart, count - cut >= shortestPart else { continue }
            let (n, m) = (Double(cut), Double(count - cut))
            let distance = 2 * across / (n * m) - pairMean(left, n) - pairMean(right, m)
            let gain = distance * n * m / (n + m)
            if gain > (best?.gain ?? 0) { best = (cut, gain) }
        }
        return best
    }

    /// The mean difference of the pairs within one side, from their sum.
    private static func pairMean(_ sum: Double, _ count: Double) -> Double {
        count > 1 ? sum / (count * (count - 1) / 2) : 0
    }
}
