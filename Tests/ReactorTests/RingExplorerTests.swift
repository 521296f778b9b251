import Testing

/// The protocols of rings and wake-ups in every interleaving of their steps; see ``RingModel`` and ``ShardPairModel``.
struct RingExplorerTests {
    private static func model(_ capacity: Int, _ blocks: [Int], limit: Int = 3) -> RingModel {
        RingModel(blocks: blocks, capacity: capacity, blockLimit: limit)
    }

    /// Records in the ring alone, blocks up to the limit, and one above it, which goes alone.
    private static let loads: [[Int]] = [[0, 0, 0, 0], [2, 1, 0, 1], [0, 5, 2, 2], [3, 3, 0, 5]]

    @Test(arguments: 1...3, loads)
    func `No record and no wake-up is lost, and blocks are counted, in any interleaving`(
        capacity: Int, blocks: [Int]
    ) {
        let found = Exploration(Self.model(capacity, blocks))
        #expect(found.verdict == .holds)
        #expect(found.stateCount > 1000)
    }

    @Test(arguments: RingModel.Mutation.allCases)
    func `Whatever is left out of the protocol is found`(_ mutation: RingModel.Mutation) {
        // Blocks are held back by their limit, so that they would not show what goes wrong with records in the ring.
        let isAboutBlocks = ![.publishesFirst, .freesFirst, .overwrites].contains(mutation)
        var model = Self.model(2, isAboutBlocks ? [2, 1, 3, 5] : [0, 0, 0, 0])
        #expect(Exploration(model).verdict == .holds)
        model.mutation = mutation
        let verdict = Exploration(model).verdict
        switch mutation {
        case .noProducerFence, .noConsumerFence, .noRecheck, .noWake, .limitsLoneBlocks:
            guard case .stuck = verdict else {
                Issue.record("\(mutation): \(verdict)")
                return
            }
        case .publishesFirst, .freesFirst, .overwrites:
            #expect(verdict == .faulty("a record is lost, doubled or read before it is written"))
        case .keepsBlockBytes, .addsBlockBytesLate, .addsBlockBytesBeforeRoom:
            #expect(verdict == .faulty("bytes of blocks are not counted"))
        case .ignoresBlockLimit:
            #expect(verdict == .faulty("more blocks than the limit allows"))
        }
    }

    /// Two requests and their answers are more than any of the rings holds. (With three requests each, half a million to
    /// a million states, it holds as well.)
    @Test(arguments: [(1, 2), (2, 2), (3, 2)])
    func `Two shards that fill each other's rings always finish`(capacity: Int, requests: Int) {
        let model = ShardPairModel(capacity: capacity, requests: requests)
        let found = Exploration(model)
        #expect(found.verdict == .holds)
        #expect(found.stateCount > 500)
    }

    @Test(arguments: ShardPairModel.Mutation.allCases)
    func `Whatever makes two shards wait for each other is found`(_ mutation: ShardPairModel.Mutation) {
        var model = ShardPairModel(capacity: 1, requests: 2)
        model.mutation = mutation
        guard case .stuck = Exploration(model).verdict else {
            Issue.record("\(mutation): \(Exploration(model).verdict)")
            return
        }
    }
}
