import RennbahnTestKit
import RennbahnTransport
import Testing

@testable import RennbahnRouterNode

struct ParkedRecordsTests {
    private func publisher(_ index: Int) -> LinkWaiter {
        LinkWaiter(shard: index % 2, link: LinkID(index: UInt32(index), generation: 1))
    }

    @Test func `Each publisher has its turn with one, oldest first`() {
        var parked = ParkedRecords()
        for (record, index) in [([1], 1), ([2], 1), ([3], 1), ([4], 2), ([5], 3), ([6], 3)] as [([UInt8], Int)] {
            parked.add(record, of: publisher(index))
        }
        #expect(parked.octets == 6 && parked.holds(of: publisher(2)) && !parked.holds(of: publisher(4)))
        var order: [UInt8] = []
        while let (_, record) = parked.next() { order += record }
        #expect(order == [1, 4, 5, 2, 6, 3])
        #expect(parked.isEmpty && parked.octets == 0 && !parked.holds(of: publisher(1)))
    }

    @Test func `It agrees with a list that is searched, in any order of coming and going`() {
        var random = SeededGenerator(seed: 7)
        var parked = ParkedRecords()
        // The publishers in the order of their turns, each with what it has.
        var list: [(publisher: Int, records: [[UInt8]])] = []
        for number in 0..<20_000 {
            if random.chance(number < 15_000 ? 52 : 20) {
                let (index, record) = (
                    random.below(40), [UInt8](repeating: UInt8(number % 251), count: 1 + random.below(5))
                )
                parked.add(record, of: publisher(index))
                if let place = list.firstIndex(where: { $0.publisher == index }) {
                    list[place].records.append(record)
                } else {
                    list.append((index, [record]))
                }
            } else if let got = parked.next() {
                var (index, records) = list.removeFirst()
                #expect(got.publisher == publisher(index) && got.record == records.removeFirst())
                if !records.isEmpty { list.append((index, records)) }
            } else {
                #expect(list.isEmpty)
            }
            #expect(parked.octets == list.reduce(0) { $0 + $1.records.reduce(0) { $0 + $1.count } })
        }
    }
}
