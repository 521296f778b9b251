import Testing

@testable import RennbahnTrial

struct TurnOrderTests {
    private func rounds(_ sides: [Int], _ count: Int, seed: UInt64 = 1) -> [[Int]] {
        var order = TurnOrder(seed: seed)
        order.begin(sides)
        return (0..<count).map { _ in order.next() }
    }

    @Test func `Orders change from start to start, come again with the seed, and hold every side once`() {
        var (one, same) = (TurnOrder(seed: 1), TurnOrder(seed: 1))
        let sides = [0, 1, 5, 6]
        func next(_ order: inout TurnOrder) -> [Int] {
            order.begin(sides)
            return order.next()
        }
        let orders = (0..<20).map { _ in next(&one) }
        let again = (0..<20).map { _ in next(&same) }
        #expect(orders == again)
        #expect(orders.allSatisfy { $0.sorted() == sides })
        #expect(Set(orders).count > 5)
    }

    @Test(arguments: 3...8)
    func `Nobody waits for more than two turns longer than another, round by round`(count: Int) {
        let turns = rounds(Array(0..<count), 40).flatMap { $0 }
        for side in 0..<count {
            let places = turns.indices.filter { turns[$0] == side }
            for (place, next) in zip(places, places.dropFirst()) {
                #expect((count - 1...count + 1).contains(next - place), "side \(side)")
            }
        }
    }

    @Test(arguments: 3...6)
    func `Everybody follows everybody, and nobody one of them more than two times in three`(count: Int) {
        let turns = rounds(Array(0..<count), 2 * count * 4).flatMap { $0 }
        for side in 0..<count {
            let before = zip(turns, turns.dropFirst()).filter { $1 == side }.map { $0.0 }
            #expect(Set(before).subtracting([side]).count == count - 1, "side \(side)")
            for other in 0..<count where other != side {
                #expect(3 * before.filter { $0 == other }.count <= 2 * before.count + 3, "\(other) before \(side)")
            }
        }
    }

    @Test func `Two sides follow each other, and never themselves`() {
        let rounds = rounds([3, 5], 4)
        #expect(Set(rounds).count == 1)
    }

    @Test func `A side that is alone has every turn`() {
        #expect(rounds([3], 3) == [[3], [3], [3]])
        #expect(rounds([], 2) == [[], []])
    }
}
