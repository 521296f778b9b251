/// The time of a timetable that goes faster, slower or not at all for a while: of each instant of the clock which instant of the
/// timetable it is, and the other way round.
///
/// ```
/// timetable │        ╱╱
///           │   ____╱      faster after a pause
///           │  ╱
///           └──────────── clock
/// ```
///
/// Until the first change both are the same, to the nanosecond. A timetable that is behind is not affected in what was due before
/// a change: that keeps the time it was due at.
package struct SteeredTime: Sendable, Equatable {
    /// From a change to the next.
    private struct Piece: Equatable {
        let clock: UInt64
        let timetable: UInt64
        /// By how much the timetable is faster than the clock; 0: it stands.
        let factor: Double
    }

    private var pieces: [Piece] = []

    package init() {}

    /// From `clock` on the timetable is `factor` times as fast as the clock, at least 0.
    package mutating func change(to factor: Double, at clock: UInt64) {
        // No change is before the one that was last.
        let clock = max(clock, pieces.last?.clock ?? 0)
        pieces.append(Piece(clock: clock, timetable: timetable(at: clock), factor: factor))
    }

    /// The instant of the timetable that it is at an instant of the clock.
    package func timetable(at clock: UInt64) -> UInt64 {
        guard let piece = pieces.last(where: { $0.clock <= clock }) else { return clock }
        return piece.timetable + UInt64(Double(clock - piece.clock) * piece.factor)
    }

    /// The instant of the clock when it is that of the timetable; `nil` where that never is, as things stand.
    package func clock(at timetable: UInt64) -> UInt64? {
        guard let piece = pieces.last(where: { $0.timetable <= timetable }) else { return timetable }
        guard piece.factor > 0 else { return nil }
        let ahead = Double(timetable - piece.timetable) / piece.factor
        return ahead < Double(UInt64.max / 4) ? piece.clock + UInt64(ahead) : nil
    }
}
