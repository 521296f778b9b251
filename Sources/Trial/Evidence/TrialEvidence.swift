import RennbahnMeasurement

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// What the sides of one group did, start by start and round by round.
///
/// Side 0 is the baseline. In a round every side of a heat has one turn; what is compared are turns of the same round, which lie less
/// than ``TurnLength/longestSilence`` apart, so that a drift of the machine falls out.
package struct TrialEvidence: Sendable {
    /// The sides that had a turn, and what came of it.
    private struct Round {
        var heat: [Int]
        var turns: [TurnSample?]

        func turn(_ side: Int) -> TurnSample? { heat.firstIndex(of: side).flatMap { turns[$0] } }
    }

    package let sides: Int
    private let twin: Int?
    private var starts: [[Round]] = []

    /// - Parameter twin: the side that does what the baseline does, if there is one.
    package init(sides: Int, twin: Int? = nil) {
        precondition(sides > 0 && (1..<sides).contains(twin ?? 1) || sides == 1)
        self.sides = sides
        self.twin = twin
    }

    /// Of the processes.
    package mutating func beginStart() { starts.append([]) }

    /// - Parameters:
    ///   - turns: `nil` for a turn that came to nothing.
    ///   - heat: the sides that they are of.
    package mutating func takeRound(_ turns: [TurnSample?], of heat: [Int]) {
        precondition(turns.count == heat.count && heat.allSatisfy((0..<sides).contains) && !starts.isEmpty)
        starts[starts.count - 1].append(Round(heat: heat, turns: turns))
    }

    package var startCount: Int { starts.count }
    package var roundCount: Int { starts.reduce(0) { $0 + $1.count } }

    /// A side's own figure. Octets and such drift with nothing, times do with the machine.
    package func figure(_ metric: TrialMetric, of side: Int) -> Told? {
        told(metric, of: [side]) { $0.turn(side)?.figure(metric).map(log) }
    }

    /// The side's figure over the baseline's: over the geometric mean of its and its twin's, which scatters less from turn to turn
    /// than either.
    ///
    /// - Parameter level: of the interval.
    package func ratio(_ metric: TrialMetric, of side: Int, level: Double = 0.95) -> Told? {
        guard let twin, twin != side else { return ratio(metric, of: side, to: [0], level: level) }
        return ratio(metric, of: side, to: [0, twin], level: level)
    }

    /// The side's figure over another's.
    package func ratio(_ metric: TrialMetric, of side: Int, to base: Int) -> Told? {
        ratio(metric, of: side, to: [base])
    }

    private func ratio(
        _ metric: TrialMetric, of side: Int, to bases: [Int], level: Double = 0.95
    ) -> Told? {
        told(metric, of: [side] + bases, level: level) { round in
            let others = bases.compactMap { round.turn($0)?.figure(metric) }
            guard let own = round.turn(side)?.figure(metric), !others.isEmpty else { return nil }
            return log(own) - others.reduce(0) { $0 + log($1) } / Double(others.count)
        }
    }

    /// All turns of a side that came to something.
    package func samples(of side: Int) -> [TurnSample] { starts.flatMap { $0.compactMap { $0.turn(side) } } }

    /// Of the rounds the share in which the machine was slower than it is: by the router's CPU time, or, where that is not known, by
    /// rates; nil where there are none.
    package var slowShare: Double? {
        func has(_ metric: TrialMetric) -> Bool {
            starts.contains { $0.contains { $0.turn(0)?.figure(metric) != nil } }
        }
        guard let metric = [TrialMetric.routerCPU, .rate].first(where: has) else { return nil }
        let quick = quick(metric).flatMap { $0 }
        return Double(quick.filter { !$0 }.count) / Double(quick.count)
    }

    /// Whether a side's figure is of slow rounds, too, since too few of the quick ones came to something.
    package func tellsSlowRounds(_ metric: TrialMetric, of side: Int) -> Bool {
        let values = values(metric, of: [side]) { $0.turn(side)?.figure(metric) }
        return metric.costSign != nil && ClusteredEstimate(values.all) != nil && !TrialEvidence.areEnough(values)
    }

    /// Of the quick rounds that all of the sides were in; where too few of these came to something, of all of them. Half of them may
    /// fall out; what is left beyond that is what the noise left over.
    private func told(
        _ metric: TrialMetric, of sides: [Int], level: Double = 0.95, _ value: (Round) -> Double?
    ) -> Told? {
        let values = values(metric, of: sides, value)
        let possible = starts.reduce(0) { $0 + $1.filter { round in sides.allSatisfy(round.heat.contains) }.count }
        let count = values.all.reduce(0) { $0 + $1.count }
        guard 2 * count >= possible else { return nil }
        return ClusteredEstimate(TrialEvidence.areEnough(values) ? values.quick : values.all).map {
            Told($0, level: level)
        }
    }

    /// Start by start, of rounds that all of the sides were in.
    private func values(
        _ metric: TrialMetric, of sides: [Int], _ value: (Round) -> Double?
    ) -> (all: [[Double]], quick: [[Double]]) {
        var values: (all: [[Double]], quick: [[Double]]) = ([], [])
        for (rounds, areQuick) in zip(starts, quick(metric)) {
            let of = rounds.indices.filter { round in sides.allSatisfy(rounds[round].heat.contains) }
            values.all.append(of.compactMap { value(rounds[$0]) })
            values.quick.append(of.compactMap { areQuick[$0] ? value(rounds[$0]) : nil })
        }
        return values
    }

    /// Whether the quick rounds are of as many starts as are asked for, or of all.
    private static func areEnough(_ values: (all: [[Double]], quick: [[Double]])) -> Bool {
        func starts(_ values: [[Double]]) -> Int {
            values.filter { $0.count >= ClusteredEstimate.fewestValues }.count
        }
        return starts(values.quick) >= min(QuickRounds.fewestStarts, starts(values.all))
    }

    /// Of each start's rounds, whether the machine was quick.
    private func quick(_ metric: TrialMetric) -> [[Bool]] {
        guard let sign = metric.costSign else { return starts.map { $0.map { _ in true } } }
        var heats: [[Int]] = []
        // Rounds of another heat were seconds before.
        let stretches = starts.map { $0.split(by: \.heat) }
        let all = stretches.enumerated().flatMap { start, stretches in
            stretches.map { rounds in
                let heat = heats.firstIndex(of: rounds[0].heat) ?? heats.count
                if heat == heats.count { heats.append(rounds[0].heat) }
                return QuickRounds.Stretch(start: start, heat: heat, costs: rounds.map { cost(metric, sign, $0) })
            }
        }
        let selection = QuickRounds(all)
        var number = 0
        return stretches.map { stretches in
            stretches.flatMap { stretch in
                defer { number += 1 }
                return stretch.indices.map { selection.holds(number, $0) }
            }
        }
    }

    /// What the baseline and its twin took in a round.
    private func cost(_ metric: TrialMetric, _ sign: Double, _ round: Round) -> Double? {
        let values = [0, twin].compactMap { $0.flatMap(round.turn)?.figure(metric).map(log) }
        return Statistics.mean(values).map { sign * $0 }
    }
}

extension TrialMetric {
    /// How a machine that is slower shows: 1 where the figure grows, −1 where it shrinks; `nil` where it stays as it is.
    fileprivate var costSign: Double? {
        switch self {
        case .routerCPU, .generatorCPU: 1
        case .rate: -1
        case .bytes, .batch: nil
        }
    }
}

extension Array {
    /// Neighbours with the same key stay together.
    fileprivate func split<Key: Equatable>(by key: (Element) -> Key) -> [[Element]] {
        var parts: [[Element]] = []
        for element in self {
            if let last = parts.last?.last, key(last) == key(element) {
                parts[parts.count - 1].append(element)
            } else {
                parts.append([element])
            }
        }
        return parts
    }
}
