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
        var fanOuts = FanOuts(time: 0, mostParked: 0)
        fanOuts.note(receivers: Self.look - 1, octets: 100, isOverdue: false) {
            Issue.record("looked at the clock")
            return 0
        }
        #expect(!fanOuts.isLate)
        fanOuts.note(receivers: 1, octets: 100, isOverdue: false) { 0 }
        #expect(fanOuts.isLate)
    }

    @Test func `It is late when the time from the first look is over, until the next turn begins`() {
        var fanOuts = FanOuts(time: 5 * Self.millisecond, mostParked: 4)
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
        var fanOuts = FanOuts(time: 0, mostParked: 0)
        fanOuts.note(receivers: 2, octets: 100_000, isOverdue: false) { 0 }
        #expect(!fanOuts.isLate)
        fanOuts.note(receivers: 2, octets: 200_000, isOverdue: false) { 0 }
        #expect(fanOuts.isLate)
    }

    @Test func `Beside what is overdue no more is fanned out than keeps a connection below its marks`() {
        var fanOuts = FanOuts(time: 5 * Self.millisecond, mostParked: 4)
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
        var fanOuts = FanOuts(time: 5 * Self.millisecond, mostParked: 4)
        let added = [waiter(1), waiter(2), waiter(1, shard: 3), waiter(1)].map { fanOuts.add($0) }
        #expect(added == [true, true, true, false] && fanOuts.count == 3)
        let released = [fanOuts.release(isOverdue: true), fanOuts.release(isOverdue: true)]
        #expect(released == [[waiter(2), waiter(1, shard: 3), waiter(1)], []])
        let isAddedAgain = fanOuts.add(waiter(1))
        #expect(isAddedAgain)
    }

    @Test func `What comes from other shards waits for the turn, and behind what came before from the same`() {
        var fanOuts = FanOuts(time: 0, mostParked: 4)
        #expect(!fanOuts.isParking)
        fanOuts.note(receivers: Self.look, octets: 1, isOverdue: false) { 0 }
        #expect(fanOuts.isParking && fanOuts.parks(waiter(1)))
        fanOuts.park([1, 2], of: waiter(1))
        let none = fanOuts.nextParked()
        #expect(none == nil, "there is no time")
        fanOuts.begin()
        #expect(fanOuts.isActive && fanOuts.isParking && fanOuts.parks(waiter(1)) && !fanOuts.parks(waiter(2)))
        let first = fanOuts.nextParked()
        #expect(first?.record == [1, 2] && first?.publisher == waiter(1))
        fanOuts.begin()
        #expect(!fanOuts.isActive && !fanOuts.isParking)
    }

    @Test func `Above a bound no more is taken out of the rings`() {
        var fanOuts = FanOuts(time: 0, mostParked: 4)
        fanOuts.park([1, 2, 3, 4], of: waiter(1))
        #expect(!fanOuts.isClosed)
        fanOuts.park([5], of: waiter(2))
        #expect(fanOuts.isClosed)
        _ = fanOuts.nextParked()
        #expect(!fanOuts.isClosed)
        fanOuts.park([1, 2, 3, 4], of: waiter(1))
        fanOuts.forgetParked()
        let none = fanOuts.nextParked()
        #expect(!fanOuts.isClosed && none == nil)
    }

    @Test func `Who has something parked goes on when that is dealt with`() {
        var fanOuts = FanOuts(time: 0, mostParked: 4)
        for index: UInt32 in 1...3 { _ = fanOuts.add(waiter(index)) }
        fanOuts.park([1], of: waiter(2))
        let early = fanOuts.release(isOverdue: false)
        #expect(early == [waiter(3), waiter(1)] && fanOuts.count == 1)
        _ = fanOuts.nextParked()
        let late = fanOuts.release(isOverdue: false)
        #expect(late == [waiter(2)])
    }
}
