import RennbahnTransport
import Testing

@testable import RennbahnRouterNode

struct FanOutsTests {
    private static let millisecond: UInt64 = 1_000_000
    private static let look = WorkSlice.piecesBetweenLooks
    private static let nothing = OverdueOutput()

    private func fanOuts(time: UInt64 = 0) -> FanOuts { FanOuts(shard: 0, time: time, mostParked: 4) }

    private func waiter(_ index: UInt32, shard: Int = 0) -> LinkWaiter {
        LinkWaiter(shard: shard, link: LinkID(index: index, generation: 1))
    }

    @Test func `What is for few does not look at the clock`() {
        var fanOuts = fanOuts()
        fanOuts.note(of: waiter(1), receivers: Self.look - 1, octets: 100, turn: 1, Self.nothing) {
            Issue.record("looked at the clock")
            return 0
        }
        #expect(!fanOuts.isLate)
        fanOuts.note(of: waiter(1), receivers: 1, octets: 100, turn: 1, Self.nothing) { 0 }
        #expect(fanOuts.isLate)
    }

    @Test func `It is late when the time from the first look is over, until the next turn begins`() {
        var fanOuts = fanOuts(time: 5 * Self.millisecond)
        for time in [100, 101, 104] as [UInt64] {
            fanOuts.note(of: waiter(1), receivers: Self.look, octets: 1, turn: 1, Self.nothing) {
                time * Self.millisecond
            }
            #expect(!fanOuts.isLate)
        }
        fanOuts.note(of: waiter(1), receivers: Self.look, octets: 1, turn: 1, Self.nothing) { 105 * Self.millisecond }
        #expect(fanOuts.isLate)
        fanOuts.begin(at: 0, Self.nothing, isOwn: true)
        #expect(!fanOuts.isLate)
        fanOuts.note(of: waiter(1), receivers: Self.look, octets: 1, turn: 1, Self.nothing) { 200 * Self.millisecond }
        #expect(!fanOuts.isLate)
    }

    @Test func `Turns that are short are counted each for itself`() {
        var fanOuts = fanOuts(time: 5 * Self.millisecond)
        for turn in 1...20 as ClosedRange<UInt64> {
            for time in [0, 4] as [UInt64] {
                fanOuts.note(of: waiter(1), receivers: Self.look, octets: 1, turn: turn, Self.nothing) {
                    (turn * 10 + time) * Self.millisecond
                }
            }
            #expect(!fanOuts.isLate && !fanOuts.isActive)
        }
    }

    @Test func `Where somebody waits the time is counted from when the turn begins`() {
        var fanOuts = fanOuts(time: 5 * Self.millisecond)
        _ = fanOuts.add(waiter(2))
        fanOuts.begin(at: 100 * Self.millisecond, Self.nothing, isOwn: true)
        fanOuts.note(of: waiter(1), receivers: Self.look, octets: 1, turn: 1, Self.nothing) { 105 * Self.millisecond }
        #expect(fanOuts.isLate)
    }

    @Test func `What is large is more work than what is small`() {
        var fanOuts = fanOuts()
        fanOuts.note(of: waiter(1), receivers: 2, octets: 100_000, turn: 1, Self.nothing) { 0 }
        #expect(!fanOuts.isLate)
        fanOuts.note(of: waiter(1), receivers: 2, octets: 200_000, turn: 1, Self.nothing) { 0 }
        #expect(fanOuts.isLate)
    }

    @Test func `So much may come to what is overdue, until that is sent, whatever is overdue by then`() {
        var fanOuts = fanOuts(time: 5 * Self.millisecond)
        let half = FanOuts.mostOverdue / 2
        fanOuts.note(of: waiter(1), receivers: 2, octets: 20 * half, turn: 1, Self.nothing) { 0 }
        #expect(!fanOuts.isFull)
        let before = OverdueOutput(putOff: 100, written: 10)
        fanOuts.begin(at: 0, before, isOwn: true)
        for isFull in [false, true] {
            fanOuts.note(of: waiter(1), receivers: 2, octets: half, turn: 1, before) { 0 }
            #expect(fanOuts.isFull == isFull)
        }
        _ = fanOuts.add(waiter(1))
        for (written, isFull) in [(99, true), (100, false)] as [(UInt64, Bool)] {
            fanOuts.begin(at: 0, OverdueOutput(putOff: 300, written: written), isOwn: true)
            #expect(fanOuts.isFull == isFull)
            let released = fanOuts.release()
            #expect(released == (isFull ? [] : [waiter(1)]))
        }
    }

    @Test func `Heads count, too`() {
        var fanOuts = fanOuts(time: 5 * Self.millisecond)
        let overdue = OverdueOutput(putOff: 1, written: 0)
        fanOuts.begin(at: 0, overdue, isOwn: true)
        for _ in 0..<3000 { fanOuts.note(of: waiter(1), receivers: 2, octets: 0, turn: 1, overdue) { 0 } }
        #expect(fanOuts.isFull)
    }

    @Test func `Each waits once, and those of a shard go on in the order in which they began to`() {
        var fanOuts = fanOuts(time: 5 * Self.millisecond)
        let added = [waiter(1), waiter(2), waiter(1, shard: 3), waiter(1)].map { fanOuts.add($0) }
        #expect(added == [true, true, true, false] && fanOuts.count == 3)
        let released = [fanOuts.release(), fanOuts.release()]
        #expect(released == [[waiter(1), waiter(2), waiter(1, shard: 3)], []])
        let isAddedAgain = fanOuts.add(waiter(1))
        #expect(isAddedAgain)
    }

    @Test func `No more of a shard go on in a turn than had time in the last one that was late, and each has its turn`()
    {
        var fanOuts = fanOuts(time: 5 * Self.millisecond)
        // Two have time, the second of them the rest of it.
        for (time, index) in [(100, 1), (101, 2), (106, 2), (107, 3), (108, 4)] as [(UInt64, UInt32)] {
            fanOuts.note(of: waiter(index), receivers: Self.look, octets: 1, turn: 1, Self.nothing) {
                time * Self.millisecond
            }
            if fanOuts.isLate { _ = fanOuts.add(waiter(index)) }
        }
        _ = fanOuts.add(waiter(9, shard: 1))
        _ = fanOuts.add(waiter(1))
        let first = fanOuts.release()
        #expect(first == [waiter(2), waiter(3), waiter(9, shard: 1)])
        _ = fanOuts.add(waiter(2))
        // That turn had time to spare.
        let second = fanOuts.release()
        #expect(second == [waiter(4), waiter(1), waiter(2)])
    }

    @Test func `What comes from other shards waits for the turn, and behind what came before from the same`() {
        var fanOuts = fanOuts()
        #expect(!fanOuts.isParking)
        fanOuts.note(of: waiter(7), receivers: Self.look, octets: 1, turn: 1, Self.nothing) { 0 }
        #expect(fanOuts.isParking && fanOuts.parks(waiter(1)))
        fanOuts.park([1, 2], of: waiter(1))
        let none = fanOuts.nextParked()
        #expect(none == nil, "there is no time")
        fanOuts.begin(at: 0, Self.nothing, isOwn: true)
        #expect(fanOuts.isActive && fanOuts.isParking && fanOuts.parks(waiter(1)) && !fanOuts.parks(waiter(2)))
        let first = fanOuts.nextParked()
        #expect(first?.record == [1, 2] && first?.publisher == waiter(1))
        fanOuts.begin(at: 0, Self.nothing, isOwn: true)
        #expect(!fanOuts.isActive && !fanOuts.isParking)
    }

    @Test func `Above a bound no more is taken out of the rings`() {
        var fanOuts = fanOuts()
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
        var fanOuts = fanOuts()
        for index: UInt32 in 1...3 { _ = fanOuts.add(waiter(index, shard: 1)) }
        fanOuts.park([1], of: waiter(2, shard: 1))
        let early = fanOuts.release()
        #expect(early == [waiter(1, shard: 1), waiter(3, shard: 1)] && fanOuts.count == 1)
        _ = fanOuts.nextParked()
        let late = fanOuts.release()
        #expect(late == [waiter(2, shard: 1)])
    }

    @Test func `What publishers of this shard fan out beside what is overdue leaves those of others their part`() {
        var fanOuts = fanOuts(time: 5 * Self.millisecond)
        let overdue = OverdueOutput(putOff: 9, written: 1)
        fanOuts.begin(at: 0, overdue, isOwn: true)
        fanOuts.note(of: waiter(1), receivers: 2, octets: FanOuts.mostOverdue, turn: 1, overdue) { 0 }
        #expect(fanOuts.isFull)
        fanOuts.begin(at: 0, overdue, isOwn: false)
        #expect(!fanOuts.isFull)
        fanOuts.note(of: waiter(1, shard: 1), receivers: 2, octets: FanOuts.mostOverdue, turn: 1, overdue) { 0 }
        #expect(fanOuts.isFull)
        fanOuts.begin(at: 0, OverdueOutput(putOff: 20, written: 9), isOwn: true)
        #expect(!fanOuts.isFull)
    }

    @Test func `No more go on after turns in which nobody had a chance`() {
        var fanOuts = fanOuts(time: 5 * Self.millisecond)
        let overdue = OverdueOutput(putOff: 9, written: 1)
        fanOuts.begin(at: 0, overdue, isOwn: true)
        fanOuts.note(of: waiter(1), receivers: 2, octets: FanOuts.mostOverdue, turn: 1, overdue) { 0 }
        for index: UInt32 in 1...9 { _ = fanOuts.add(waiter(index)) }
        var released: [[LinkWaiter]] = []
        for written in [2, 3, 9] as [UInt64] {
            fanOuts.begin(at: 0, OverdueOutput(putOff: 20, written: written), isOwn: true)
            released.append(fanOuts.release())
        }
        #expect(released == [[], [], [waiter(1)]])
        // That one left time.
        let next = fanOuts.release()
        #expect(next == [waiter(2), waiter(3)] && fanOuts.isActive)
    }
}
