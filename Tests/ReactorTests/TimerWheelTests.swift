import RennbahnReactor
import RennbahnTestKit
import Testing

@Suite struct TimerWheelTests {
    private static let tick = TimerWheel.granularity

    @Test func aTimerFiresAtItsDeadlineAndNotBefore() {
        var wheel = TimerWheel(now: 0)
        _ = wheel.schedule(token: 7, deadline: 10 * Self.tick)
        var expired: [UInt64] = []
        wheel.advance(to: 10 * Self.tick - 1, into: &expired)
        #expect(expired == [])
        wheel.advance(to: 10 * Self.tick, into: &expired)
        #expect(expired == [7])
        #expect(wheel.isEmpty == true)
        wheel.advance(to: 100 * Self.tick, into: &expired)
        #expect(expired == [7], "it fires once")
    }

    @Test func aDeadlineBetweenTicksIsRoundedUp() {
        var wheel = TimerWheel(now: 0)
        _ = wheel.schedule(token: 1, deadline: 3 * Self.tick + 1)
        var expired: [UInt64] = []
        wheel.advance(to: 4 * Self.tick - 1, into: &expired)
        #expect(expired == [])
        #expect(wheel.nextDeadline == 4 * Self.tick)
        wheel.advance(to: 4 * Self.tick, into: &expired)
        #expect(expired == [1])
    }

    @Test func aPastDeadlineFiresAtTheNextAdvanceEvenWithinTheSameTick() {
        var wheel = TimerWheel(now: 1000 * Self.tick)
        _ = wheel.schedule(token: 1, deadline: 5)
        var expired: [UInt64] = []
        wheel.advance(to: 1000 * Self.tick, into: &expired)
        #expect(expired == [1])
        _ = wheel.schedule(token: 2, deadline: 1000 * Self.tick)
        wheel.advance(to: 1000 * Self.tick + 1, into: &expired)
        #expect(expired == [1, 2])
    }

    @Test func aCancelledTimerDoesNotFireAndItsNameIsNotReused() {
        var wheel = TimerWheel(now: 0)
        let first = wheel.schedule(token: 1, deadline: 5 * Self.tick)
        #expect(wheel.cancel(first) == true)
        #expect(wheel.cancel(first) == false)
        #expect(wheel.nextDeadline == nil)
        let second = wheel.schedule(token: 2, deadline: 5 * Self.tick)
        #expect(first != second)
        #expect(wheel.cancel(first) == false)
        var expired: [UInt64] = []
        wheel.advance(to: 9 * Self.tick, into: &expired)
        #expect(expired == [2])
        #expect(wheel.cancel(second) == false)
    }

    @Test func theFarthestDeadlinesAreKept() {
        var wheel = TimerWheel(now: 123)
        _ = wheel.schedule(token: 1, deadline: .max)
        _ = wheel.schedule(token: 2, deadline: 1 << 62)
        var expired: [UInt64] = []
        wheel.advance(to: 1 << 61, into: &expired)
        #expect(expired == [])
        wheel.advance(to: 1 << 62, into: &expired)
        #expect(expired == [2])
        wheel.advance(to: .max - Self.tick, into: &expired)
        #expect(expired == [2])
        #expect(wheel.nextDeadline == .max)
    }

    @Test func timeThatGoesBackChangesNothing() {
        var wheel = TimerWheel(now: 100 * Self.tick)
        _ = wheel.schedule(token: 1, deadline: 101 * Self.tick)
        var expired: [UInt64] = []
        wheel.advance(to: 0, into: &expired)
        #expect(expired == [])
        wheel.advance(to: 101 * Self.tick, into: &expired)
        #expect(expired == [1])
    }

    /// A loop that sleeps until `nextDeadline` each time never wakes a timer late, and gets there in a few steps.
    @Test func sleepingUntilTheNextDeadlineNeverOversleeps() {
        var random = SeededGenerator(seed: 4)
        for _ in 0..<500 {
            let start = UInt64.random(in: 0..<1 << 50, using: &random)
            var wheel = TimerWheel(now: start)
            let deadline = start + UInt64.random(in: 0..<1 << UInt64.random(in: 1..<50, using: &random), using: &random)
            _ = wheel.schedule(token: 1, deadline: deadline)
            var expired: [UInt64] = []
            var steps = 0
            var now = start
            while expired.isEmpty, steps < 20, let next = wheel.nextDeadline {
                #expect(next < deadline + Self.tick)
                now = max(now, next)
                wheel.advance(to: now, into: &expired)
                steps += 1
            }
            #expect(expired == [1])
            #expect(now >= deadline && now < deadline + Self.tick)
            #expect(steps <= 8)
        }
    }

    /// Against a plain list that is searched every time.
    @Test(arguments: 0..<20) func itFiresWhatASortedListWould(seed: UInt64) {
        struct Pending {
            let id: TimerID
            let token: UInt64
            let tick: UInt64
        }
        var random = SeededGenerator(seed: seed)
        var now = UInt64.random(in: 0..<1 << 40, using: &random)
        var wheel = TimerWheel(now: now)
        var reference: [Pending] = []
        var token: UInt64 = 0
        for _ in 0..<3000 {
            switch UInt64.random(in: 0..<10, using: &random) {
            case 0..<5:
                let reach = UInt64.random(in: 1..<44, using: &random)
                let ahead = UInt64.random(in: 0..<1 << reach, using: &random)
                let deadline = Bool.random(using: &random) ? now + ahead : now - min(now, ahead)
                token += 1
                let id = wheel.schedule(token: token, deadline: deadline)
                let tick = max((deadline + Self.tick - 1) / Self.tick, now / Self.tick)
                reference.append(Pending(id: id, token: token, tick: tick))
            case 5..<7:
                guard !reference.isEmpty else { continue }
                let gone = reference.remove(at: Int.random(in: 0..<reference.count, using: &random))
                #expect(wheel.cancel(gone.id) == true, "seed \(seed)")
            default:
                now += UInt64.random(in: 0..<1 << UInt64.random(in: 1..<40, using: &random), using: &random)
                var expired: [UInt64] = []
                wheel.advance(to: now, into: &expired)
                let due = reference.filter { $0.tick <= now / Self.tick }
                reference.removeAll { $0.tick <= now / Self.tick }
                #expect(expired.sorted() == due.map(\.token).sorted(), "seed \(seed)")
                let ticks = Dictionary(uniqueKeysWithValues: due.map { ($0.token, $0.tick) })
                let order = expired.map { ticks[$0] ?? 0 }
                #expect(order == order.sorted(), "seed \(seed)")
            }
            #expect(wheel.count == reference.count, "seed \(seed)")
            let earliest = reference.map(\.tick).min()
            #expect((wheel.nextDeadline == nil) == (earliest == nil), "seed \(seed)")
            if let next = wheel.nextDeadline, let earliest { #expect(next <= earliest * Self.tick, "seed \(seed)") }
        }
    }
}
