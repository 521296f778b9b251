import RennbahnWorkload

/// Who has a turn after whom.
///
/// Within a start of the processes the order stays the same, round by round, so that each side rests equally long between two
/// turns: one that has rested longer is slower, for one thing because its connections acknowledge at once again. Every start
/// draws another order, so that nobody always follows the same one.
package struct TurnOrder: Sendable {
    private var generator: SeededGenerator

    package init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
    }

    /// The order in which these take turns in the next start.
    package mutating func next(of sides: [Int]) -> [Int] { sides.shuffled(using: &generator) }
}
