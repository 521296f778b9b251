import RennbahnWorkload

/// Who has a turn after whom.
///
/// What a side costs depends on who worked before it: after one that compresses, whose state fills the caches, a message of the
/// same side cost 0.4 % more in a closed loop and 2 % more in an open one. And one that has rested longer is slower, for one thing
/// because its connections acknowledge at once again. So each start draws an order, and from round to round neighbours in it change
/// places, as bells do in a plain hunt: everybody follows everybody, and nobody rests for more than two turns longer than another. Two
/// sides follow each other anyway, and keep their order.
package struct TurnOrder: Sendable {
    private var generator: SeededGenerator
    private var order: [Int] = []
    /// Whether the pairs that change places begin with the second.
    private var isSecond = false

    package init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
    }

    /// A start of these sides begins.
    package mutating func begin(_ sides: [Int]) {
        order = sides.shuffled(using: &generator)
        isSecond = false
    }

    /// The order in which they take turns in the next round.
    package mutating func next() -> [Int] {
        defer {
            if order.count >= TurnOrder.fewestThatChange { change() }
        }
        return order
    }

    /// With fewer a side would follow itself.
    static let fewestThatChange = 3

    private mutating func change() {
        for first in stride(from: isSecond ? 1 : 0, to: order.count - 1, by: 2) { order.swapAt(first, first + 1) }
        isSecond.toggle()
    }
}
