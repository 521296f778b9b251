/// The time that work of many small pieces may take of a turn, before the others of the shard are heard again.
///
/// The clock is looked at after so many pieces, so that short work costs an addition.
package struct WorkSlice: Sendable {
    /// Of some microseconds each: a slice is overdrawn by the time of so many.
    package static let piecesBetweenLooks = 64
    /// Octets that make one more piece.
    package static let octetsOfPiece = 1 << bitsOfPiece
    package static let bitsOfPiece = 12

    /// Nanoseconds.
    private let length: UInt64
    private var pieces = 0
    /// Where it was not begun, the first look.
    private var start: UInt64?

    package init(nanoseconds length: UInt64) {
        self.length = length
    }

    /// It is counted from `now`, and not from the first look.
    package mutating func begin(at now: UInt64) { start = now }

    /// Notes work; true when the clock is to be looked at: ``isOver(at:)``.
    @inline(__always)
    package mutating func isLookDue(after count: Int) -> Bool {
        pieces &+= count
        return pieces >= WorkSlice.piecesBetweenLooks
    }

    /// Whether the time is over at `now`.
    package mutating func isOver(at now: UInt64) -> Bool {
        pieces = 0
        guard let start else {
            start = now
            return length == 0
        }
        return now &- start >= length
    }
}
