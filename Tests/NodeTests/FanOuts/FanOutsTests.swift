import RennbahnTransport
import Testing

@testable import RennbahnRouterNode

struct FanOutsTests {
    private static let millisecond: UInt64 = 1_000_000
    private static let look = WorkSlice.piecesBetweenLooks

    private func waiter(_ index: UInt32, shard: Int = 0) -> LinkWaiter {
        LinkWaiter(shard: shard, link: LinkID(index: index, generation: 1))
    }

    @Test func `What is for few does not look at the clock`() {
        var fanOuts = FanOuts(time: 0)
        fanOuts.note(receivers: Self.look - 1, octets: 100, isOverdue: false) {
            Issue.record("looked at the clock")
            return 0
        }
        #expect(!fanOuts.isLate)
        fanOuts.note(receivers: 1, octets: 100, isOverdue: false) { 0 }
        #expect(fanOuts.isLate)
    }

    @Test func `It is late when the time from the first look is over, until the next turn begins`() {
        var fanOuts = FanOuts(time: 5 * Self.millisecond)
        for time in [100, 101, 104] as [UInt64] {
            fanOuts.note(receivers: Self.look, octets: 1, isOverdue: false) { time * Self.millisecond }
            #expect(!fanOuts.isLate)
        }
        fanOuts.note(receivers: Self.look, octets: 1, isOverdue: false) { 105 * Self.millisecond }
        #expect(fanOuts.isLate)
        fanOuts.begin()
        #expect(!fanOuts.isLate)
        fanOuts.note(receivers: Self.look, octets: 1, isOverdue: false) { 200 * Self.millisecond }
        #expect(!fanOuts.isLate)
    }

    @Test func `What is large is more work than what is small`() {
        var fanOuts = FanOuts(time: 0)
        fanOuts.note(receivers: 2, octets: 100_000, isOverdue: false) { 0 }
        #expect(!fanOuts.isLate)
        fanOuts.note(receivers: 2, octets: 200_000, isOverdue: false) { 0 }
        #expect(fanOuts.isLate)
    }

    @Test func `Beside what is overdue no more is fanned out than keeps a connection below its marks`() {
        var fanOuts = FanOuts(time: 5 * Self.millisecond)
        fanOuts.note(receivers: 2, octets: 10 * FanOuts.mostOverdue, isOverdue: false) { 0 }
        #expect(!fanOuts.isFull)
        fanOuts.note(receivers: 2, octets: FanOuts.mostOverdue / 2, isOverdue: false) { 0 }
        fanOuts.note(receivers: 2, octets: FanOuts.mostOverdue / 2, isOverdue: true) { 0 }
        #expect(!fanOuts.isLate && !fanOuts.isFull)
        fanOuts.note(receivers: 2, octets: 1, isOverdue: true) { 0 }
        #expect(fanOuts.isFull)
        fanOuts.begin()
        #expect(!fanOuts.isFull)
        _ = fanOuts.add(waiter(1))
        let early = fanOuts.release(isOverdue: true)
        #expect(early.isEmpty && fanOuts.count == 1)
        let late = fanOuts.release(isOverdue: false)
        #expect(late == [waiter(1)] && fanOuts.count == 0)
    }

    @Test func `Each waits once, and whoever had the time of a turn goes on last`() {
        var fanOuts = FanOuts(time: 5 * Self.millisecond)
        let added = [waiter(1), waiter(2), waiter(1, shard: 3), waiter(1)].map { fanOuts.add($0) }
        #expect(added == [true, true, true, false] && fanOuts.count == 3)
        let released = [fanOuts.release(isOverdue: true), fanOuts.release(isOverdue: true)]
        #expect(released == [[waiter(2), waiter(1, shard: 3), waiter(1)], []])
        let isAddedAgain = fanOuts.add(waiter(1))
        #expect(isAddedAgain)
    }
}
