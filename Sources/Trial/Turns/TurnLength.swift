/// How long the turns of a group are, found by trying.
///
/// A turn has a lead-in of a whole round of the fleet (every operation in flight once over), which fills caches and queues and
/// is not in the window, then a window of one round at least, and ends when nothing is on its way any more. A side that is silent
/// for long is another one than it was: the kernel takes its connections as new. So the turns of all others must fit in
/// ``longestSilence``; where they do not, the fleet is too large.
package struct TurnLength: Equatable, Sendable {
    /// Nanoseconds.
    package let leadIn: UInt64
    package let window: UInt64

    package static let shortestLeadIn: UInt64 = 4_000_000
    package static let shortestWindow: UInt64 = 20_000_000
    /// Of a side, drains of the others included.
    package static let longestSilence: UInt64 = 150_000_000

    /// - Parameter round: nanoseconds in which the slowest side completes what is in flight.
    package init(round: UInt64 = 0) {
        leadIn = max(TurnLength.shortestLeadIn, round)
        window = max(TurnLength.shortestWindow, round)
    }

    /// How long a side took to complete what was in flight, once: what was still to come when the load ended, or, where not even
    /// that was one whole round, the share of the turn that one is.
    ///
    /// - Parameter inFlight: messages.
    package static func round(of turn: TurnSample, length: TurnLength, inFlight: Int) -> UInt64 {
        let whole = turn.wholeSeconds * 1e9
        let drain = max(0, whole - Double(length.leadIn + length.window))
        guard turn.wholeMessages > 0 else { return UInt64(drain) }
        return UInt64(max(drain, whole * min(1, Double(inFlight) / Double(turn.wholeMessages))))
    }

    package enum Finding: Equatable, Sendable {
        case fits(TurnLength)
        /// A fleet that is smaller by this factor would fit.
        case tooLarge(factor: Double)
    }

    /// - Parameter rounds: nanoseconds in which each side completed what was in flight when the load ended.
    package static func find(rounds: [UInt64]) -> Finding {
        guard silence(rounds, factor: 1) > longestSilence else { return .fits(TurnLength(round: rounds.max() ?? 0)) }
        // What is in flight, and so a round, grows with the fleet: the largest that fits is found by halving.
        var (fits, tooLarge) = (0.0, 1.0)
        for _ in 0..<20 {
            let middle = (fits + tooLarge) / 2
            if silence(rounds, factor: middle) > longestSilence { tooLarge = middle } else { fits = middle }
        }
        return .tooLarge(factor: max(fits, smallestFactor))
    }

    private static let smallestFactor = 0.01

    /// How long the side that is quickest itself waits for all the others, and, where it changes places with one that follows it
    /// (``TurnOrder``), for the slowest of them once more.
    package static func silence(_ rounds: [UInt64], factor: Double = 1) -> UInt64 {
        let scaled = rounds.map { UInt64(Double($0) * factor) }
        let length = TurnLength(round: scaled.max() ?? 0)
        let others = scaled.sorted(by: >).dropLast()
        let again = rounds.count < TurnOrder.fewestThatChange ? [] : others.prefix(1)
        return (others + again).reduce(0) { $0 + length.leadIn + length.window + $1 }
    }
}
