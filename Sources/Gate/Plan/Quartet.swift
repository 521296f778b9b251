/// Four blocks of one cell, ABBA or BAAB, measured side by side: four routers that take turns, always in this order.
///
/// ```
///   A    B    B    A     first turn
///   A    B    B    A     second turn …
///   └pair┘    └pair┘     two pairs of neighbours in opposite orders, so that whatever grows steadily
///        └ctl.┘          hits both builds alike; the two in the middle are of one build: the control
/// ```
///
/// Neighbours work a few hundredths of a second apart. What a shared machine does to its guests lasts longer than that,
/// so it happens to both. Going back and forth would cancel drift even better, but then some routers would have rested for
/// longer than others, and a router that has rested is slower: its connections acknowledge at once again, for one thing.
package struct Quartet: Equatable, Sendable {
    package let blocks: [Block]

    /// - Parameter number: of the first block.
    init(number: Int, cell: Int, first: Build, isConfirmation: Bool) {
        blocks = [first, first.other, first.other, first].enumerated().map { place, build in
            Block(number: number + place, cell: cell, build: build, isConfirmation: isConfirmation)
        }
    }

    package var cell: Int { blocks[0].cell }

    /// What came of its blocks, as comparisons.
    struct Outcome {
        private let quartet: Quartet
        private let outcomes: [BlockOutcome]

        init(_ quartet: Quartet, _ outcomes: [BlockOutcome]) {
            precondition(outcomes.count == quartet.blocks.count)
            self.quartet = quartet
            self.outcomes = outcomes
        }

        /// The two pairs, base first; nil for one that lost a block: what is left of it says nothing.
        var pairs: [(base: BlockOutcome.Turns, candidate: BlockOutcome.Turns)?] {
            [0, 2].map { place in
                guard let one = outcomes[place].turns, let two = outcomes[place + 1].turns else { return nil }
                return quartet.blocks[place].build == .base ? (one, two) : (two, one)
            }
        }

        /// The two blocks in the middle, which are of one build.
        var control: (BlockOutcome.Turns, BlockOutcome.Turns)? {
            guard let one = outcomes[1].turns, let two = outcomes[2].turns else { return nil }
            return (one, two)
        }
    }
}
