import RennbahnWorkload

/// Who has a turn after whom.
///
/// Within a start of the processes the order stays the same, round by round, so that each side rests equally long between two
/// turns: one that has rested longer is slower, for one thing because its connections acknowledge at once again. Every start
/// draws another order, so that nobody always follows the same one.
package struct TurnOrder: Sendable {
    private var generator: SeededGenerator
    private let count: Int

    package init(sides count: Int, seed: UInt64) {
        precondition(count > 0)
        self.count = count
        generator = SeededGenerator(seed: seed)
    }

    /// The order of the next start.
    package mutating func next() -> [Int] { Array(0..<count).shuffled(using: &generator) }
}
