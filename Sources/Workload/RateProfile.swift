/// How the rate of an open loop moves with time: straight pieces, one behind the other; the last rate goes on for ever.
///
/// Times are nanoseconds from the start of the load, rates are operations a second of the whole fleet. All rates are more than 0, so
/// that every operation has a time.
package struct RateProfile: Equatable, Sendable {
    private struct Piece: Equatable, Sendable {
        /// Nanoseconds, and operations due before it.
        let start: Double
        let before: Double
        /// Operations a nanosecond, and how that grows in a nanosecond.
        let rate: Double
        let slope: Double
    }

    /// At least one; the first starts at 0.
    private let pieces: [Piece]

    /// A straight ramp from one rate to another; the other goes on behind it.
    ///
    /// - Parameter length: nanoseconds, more than 0.
    package static func ramp(from first: Double, to last: Double, length: UInt64) -> RateProfile {
        precondition(length > 0)
        return RateProfile([(first, last, length)], rest: last)
    }

    /// Rates that hold for a time each, in nanoseconds, more than 0; the last goes on.
    package static func steps(_ steps: [(rate: Double, length: UInt64)]) -> RateProfile {
        precondition(!steps.isEmpty && steps.allSatisfy { $0.length > 0 })
        return RateProfile(steps.dropLast().map { ($0.rate, $0.rate, $0.length) }, rest: steps[steps.count - 1].rate)
    }

    private init(_ parts: [(first: Double, last: Double, length: UInt64)], rest: Double) {
        precondition(rest > 0 && rest.isFinite && parts.allSatisfy { $0.first > 0 && $0.last > 0 })
        var pieces: [Piece] = []
        var (start, before) = (0.0, 0.0)
        for part in parts {
            let length = Double(part.length)
            let (first, last) = (part.first / 1_000_000_000, part.last / 1_000_000_000)
            pieces.append(Piece(start: start, before: before, rate: first, slope: (last - first) / length))
            start += length
            before += (first + last) / 2 * length
        }
        pieces.append(Piece(start: start, before: before, rate: rest / 1_000_000_000, slope: 0))
        self.pieces = pieces
    }

    /// Operations that are due before a time: the integral of the rate.
    package func operations(before time: Double) -> Double {
        let piece = piece { $0.start <= time }
        let elapsed = time - piece.start
        return piece.before + elapsed * (piece.rate + piece.slope * elapsed / 2)
    }

    /// Operations a second, on average.
    ///
    /// - Parameters:
    ///   - start: nanoseconds.
    ///   - seconds: more than 0.
    package func mean(from start: UInt64, seconds: Double) -> Double {
        let end = Double(start) + seconds * 1_000_000_000
        return (operations(before: end) - operations(before: Double(start))) / seconds
    }

    /// When so many operations have been due, at least 0: the inverse of ``operations(before:)``.
    package func time(of operations: Double) -> Double {
        let piece = piece { $0.before <= operations }
        let count = operations - piece.before
        // The root that loses no digits where the slope is small; on a ramp down rounding may take it below 0 at the end.
        let root = max(0, piece.rate * piece.rate + 2 * piece.slope * count).squareRoot()
        return piece.start + 2 * count / (piece.rate + root)
    }

    /// The last piece that has begun; the first where none has.
    private func piece(_ hasBegun: (Piece) -> Bool) -> Piece {
        var (low, high) = (0, pieces.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if hasBegun(pieces[middle]) { low = middle } else { high = middle }
        }
        return pieces[low]
    }
}
