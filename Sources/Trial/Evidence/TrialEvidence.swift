#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// What the sides of one group did, start by start and round by round.
///
/// Side 0 is the baseline. In a round every side has one turn; what is compared are turns of the same round, which lie less than
/// ``TurnLength/longestSilence`` apart, so that a drift of the machine falls out.
package struct TrialEvidence: Sendable {
    package let sides: Int
    private var starts: [[[TurnSample?]]] = []

    package init(sides: Int) {
        precondition(sides > 0)
        self.sides = sides
    }

    /// Of the processes.
    package mutating func beginStart() { starts.append([]) }

    /// - Parameter turns: in the order of the sides; `nil` for a turn that came to nothing.
    package mutating func takeRound(_ turns: [TurnSample?]) {
        precondition(turns.count == sides && !starts.isEmpty)
        starts[starts.count - 1].append(turns)
    }

    package var startCount: Int { starts.count }
    package var roundCount: Int { starts.reduce(0) { $0 + $1.count } }

    /// A side's own figure. Octets and such drift with nothing, times do with the machine.
    package func figure(_ metric: TrialMetric, of side: Int) -> Told? {
        told { $0[side]?.figure(metric).map(log) }
    }

    /// The side's figure over the baseline's.
    package func ratio(_ metric: TrialMetric, of side: Int, to base: Int = 0) -> Told? {
        told { round in
            guard let own = round[side]?.figure(metric), let other = round[base]?.figure(metric) else { return nil }
            return log(own / other)
        }
    }

    /// All turns of a side that came to something.
    package func samples(of side: Int) -> [TurnSample] { starts.flatMap { $0.compactMap { $0[side] } } }

    /// Half of the rounds may fall out; what is left beyond that is what the noise left over.
    private func told(_ value: ([TurnSample?]) -> Double?) -> Told? {
        let values = starts.map { $0.compactMap(value) }
        let count = values.reduce(0) { $0 + $1.count }
        guard 2 * count >= roundCount, let estimate = ClusteredEstimate(values) else { return nil }
        return Told(estimate)
    }
}
