import Testing

@testable import RennbahnTransport

private let ms: UInt64 = 1_000_000
private let second: UInt64 = 1_000_000_000

@Suite("A receiver that is behind, and those who wait for it")
struct CongestionTests {
    /// Behind, and waited for in vain.
    private func detached(_ congestion: inout Congestion, at now: UInt64) {
        _ = congestion.aboveHighMark(at: now)
        #expect(congestion.detach(at: now) == true)
    }

    @Test("those who send to it wait for a quarter of a second, all for the same one")
    func holding() {
        var congestion = Congestion()
        #expect(congestion.aboveHighMark(at: 5) == .holds(newUntil: 5 + 250 * ms))
        #expect(congestion.aboveHighMark(at: 100 * ms) == .holds(newUntil: nil))
        #expect(congestion.holdExpired(at: 4 + 250 * ms) == false, "it has some time left")
        #expect(congestion.holdExpired(at: 5 + 250 * ms) == true)
        #expect(congestion.isDetached)
    }

    @Test("one that catches up in time may make them wait again, as often as it likes")
    func catchingUp() {
        var congestion = Congestion()
        for round in 0..<100 {
            let now = UInt64(round) * second
            #expect(congestion.aboveHighMark(at: now) == .holds(newUntil: now + 250 * ms))
            congestion.belowLowMark(at: now + 249 * ms)
            #expect(congestion.isClear)
            #expect(congestion.holdExpired(at: now + 250 * ms) == false)
        }
    }

    @Test("nobody waits for one that was waited for in vain: for ten seconds, and until it is below the low mark")
    func detachment() {
        var congestion = Congestion()
        detached(&congestion, at: 0)
        congestion.belowLowMark(at: 10 * second - 1)
        #expect(congestion.aboveHighMark(at: 10 * second - 1) == .passes, "too early")
        #expect(congestion.aboveHighMark(at: 20 * second) == .passes, "still behind")
        congestion.belowLowMark(at: 20 * second)
        #expect(congestion.isClear)
        #expect(congestion.aboveHighMark(at: 20 * second) == .holds(newUntil: 20 * second + 250 * ms))
    }

    @Test("each time lasts twice as long as the one before, to a bound")
    func doubling() {
        var congestion = Congestion()
        var now: UInt64 = 0
        for doublings in [0, 1, 2, 3, 4, 5, 6, 6, 6] {
            detached(&congestion, at: now)
            let end = now + 10 * second << UInt64(doublings)
            congestion.belowLowMark(at: end - 1)
            #expect(congestion.isDetached, "\(doublings)")
            congestion.belowLowMark(at: end)
            #expect(congestion.isClear, "\(doublings)")
            now = end
        }
    }

    @Test("ten minutes in good order are forgotten for")
    func forgetting() {
        var congestion = Congestion()
        detached(&congestion, at: 0)
        congestion.belowLowMark(at: 10 * second)
        detached(&congestion, at: 609 * second)
        congestion.belowLowMark(at: 628 * second)
        #expect(congestion.isDetached, "twice as long")
        congestion.belowLowMark(at: 629 * second)
        #expect(congestion.isClear)
        detached(&congestion, at: 1229 * second)
        congestion.belowLowMark(at: 1239 * second)
        #expect(congestion.isClear, "as the first time")
    }

    @Test("it is filled from above the high mark to below the low one, detached or not")
    func filling() {
        var congestion = Congestion()
        for begin in [0, 100 * second] {
            #expect(!congestion.isFilled)
            _ = congestion.aboveHighMark(at: begin)
            #expect(congestion.isFilled)
            congestion.belowLowMark(at: begin + 1)
            #expect(!congestion.isFilled && congestion.isClear)
            detached(&congestion, at: begin + 2)
            #expect(congestion.isFilled)
            congestion.belowLowMark(at: begin + 3)
            #expect(!congestion.isFilled && congestion.isDetached, "it has taken what it was sent")
            _ = congestion.aboveHighMark(at: begin + 4)
            #expect(congestion.isFilled)
            congestion.belowLowMark(at: begin + 50 * second)
            #expect(congestion.isClear)
        }
    }

    @Test("one that is waited for as long as it takes is neither held nor detached; how often it was counts afterwards")
    func suspension() {
        var congestion = Congestion()
        _ = congestion.aboveHighMark(at: 0)
        congestion.suspend(at: 1)
        #expect(congestion.isClear && !congestion.isFilled)
        #expect(congestion.holdExpired(at: 250 * ms) == false && congestion.detach(at: 250 * ms) == false)
        detached(&congestion, at: second)
        congestion.suspend(at: 2 * second)
        #expect(congestion.isClear && !congestion.isDetached && !congestion.isFilled)
        detached(&congestion, at: 3 * second)
        congestion.belowLowMark(at: 22 * second)
        #expect(congestion.isDetached, "twice as long")
        congestion.belowLowMark(at: 23 * second)
        #expect(congestion.isClear)
    }

    @Test("one that nobody waits for cannot be detached")
    func notHeld() {
        var congestion = Congestion()
        #expect(congestion.detach(at: 0) == false)
        #expect(congestion.isClear)
        detached(&congestion, at: 0)
        #expect(congestion.detach(at: 1) == false, "it is already")
    }
}

@Suite("How long a sender has waited in vain")
struct HoldAccountTests {
    /// Waits in vain, for so long.
    private func wait(_ account: inout HoldAccount, _ times: Range<UInt64>) {
        account.begin(at: times.lowerBound)
        account.end(at: times.upperBound, inVain: true)
    }

    @Test("two waits of a quarter of a second in ten seconds, and no third")
    func allowance() {
        var account = HoldAccount()
        #expect(account.mayHold(at: 0))
        wait(&account, 0..<250 * ms)
        #expect(account.mayHold(at: 250 * ms))
        wait(&account, 300 * ms..<550 * ms)
        #expect(!account.mayHold(at: 550 * ms))
        #expect(!account.mayHold(at: 10_549 * ms), "both lie within ten seconds")
        #expect(account.mayHold(at: 10_550 * ms))
    }

    @Test("who is exempt waits for nobody, until it is not")
    func exemption() {
        var account = HoldAccount()
        account.isExempt = true
        #expect(!account.mayHold(at: 0))
        account.isExempt = false
        #expect(account.mayHold(at: 0))
    }

    @Test("waits for several at a time are one")
    func union() {
        var account = HoldAccount()
        for _ in 0..<20 { account.begin(at: 0) }
        for _ in 0..<20 { account.end(at: 250 * ms, inVain: true) }
        #expect(account.mayHold(at: 250 * ms))
        account.begin(at: 300 * ms)
        account.begin(at: 310 * ms)
        account.end(at: 550 * ms, inVain: true)
        #expect(!account.mayHold(at: 550 * ms))
    }

    @Test("waiting that goes on counts")
    func underWay() {
        var account = HoldAccount()
        account.begin(at: 0)
        #expect(account.mayHold(at: 250 * ms))
        #expect(!account.mayHold(at: 250 * ms + 1))
        account.end(at: 260 * ms, inVain: false)
        #expect(account.mayHold(at: 260 * ms), "it was not in vain")
    }

    @Test("waiting that helped is not charged, however often")
    func success() {
        var account = HoldAccount()
        for round in 0..<1000 {
            account.begin(at: UInt64(round) * 300 * ms)
            account.end(at: UInt64(round) * 300 * ms + 249 * ms, inVain: false)
        }
        #expect(account.mayHold(at: 300_000 * ms))
    }

    @Test("many short waits are charged as one long one, and forgotten as it would be")
    func manyShort() {
        var account = HoldAccount()
        for round in 0..<26 { wait(&account, UInt64(round) * 100 * ms..<UInt64(round) * 100 * ms + 10 * ms) }
        #expect(!account.mayHold(at: 2600 * ms))
        #expect(account.mayHold(at: 13_600 * ms))
        account.end(at: 13_600 * ms, inVain: true)
        #expect(account.mayHold(at: 13_600 * ms), "what was not begun does not end")
    }

    @Test("each is forgotten in its time, though the next one follows within a second")
    func row() {
        var account = HoldAccount()
        for round in 0..<100 as Range<UInt64> {
            let begin = round * 900 * ms
            #expect(account.mayHold(at: begin), "round \(round)")
            wait(&account, begin..<begin + 10 * ms)
        }
    }

    @Test("waits that were refused, which end where they begin, keep nothing from being forgotten")
    func refused() {
        var account = HoldAccount()
        wait(&account, 0..<250 * ms)
        wait(&account, 250 * ms..<500 * ms)
        for round in 1..<21 as Range<UInt64> { wait(&account, round * 500 * ms..<round * 500 * ms) }
        #expect(!account.mayHold(at: 10_499 * ms))
        #expect(account.mayHold(at: 10_500 * ms))
    }

    @Test("what a timer is late is not charged")
    func late() {
        var account = HoldAccount()
        wait(&account, 0..<251 * ms)
        #expect(account.mayHold(at: 300 * ms))
        wait(&account, 300 * ms..<551 * ms)
        #expect(!account.mayHold(at: 551 * ms))
    }
}

@Suite("What of a queue is how old")
struct QueueMarksTests {
    @Test("the oldest is as old as the first that was queued, to the grain")
    func age() {
        var marks = QueueMarks()
        #expect(marks.age(at: 7) == 0 && marks.cut == nil)
        marks.note(queued: 100, at: 10 * second)
        marks.note(queued: 250, at: 11 * second)
        marks.note(queued: 300, at: 13 * second)
        #expect(marks.age(at: 20 * second) == 10 * second)
        marks.took(100)
        #expect(marks.age(at: 20 * second) == 10 * second, "150 of the first two wait yet")
        marks.took(150)
        #expect(marks.age(at: 20 * second) == 7 * second)
        marks.took(50)
        #expect(marks.age(at: 20 * second) == 0)
    }

    @Test("what is queued in a steady stream never looks older than it is by more than the grain")
    func stream() {
        var marks = QueueMarks()
        var queued: [(end: UInt64, time: UInt64)] = []
        var (end, taken): (UInt64, UInt64) = (0, 0)
        for step in 0..<5000 {
            let now = UInt64(step) * 10 * ms
            end += UInt64(1 + step * 7919 % 9000)
            marks.note(queued: Int(end - taken), at: now)
            queued.append((end, now))
            let some = min(end - taken, UInt64(step * 104_729 % 8500))
            marks.took(Int(some))
            taken += some
            queued.removeAll { $0.end <= taken }
            let age = queued.first.map { now - $0.time } ?? 0
            #expect((age...age + QueueMarks.grain).contains(marks.age(at: now)), "step \(step)")
            #expect(marks.cut.map { cut in queued.contains { $0.end == taken + UInt64(cut) } } ?? queued.isEmpty)
        }
    }

    @Test("the oldest is known by what was noted of the first of its time, until all of those are taken")
    func kind() {
        var marks = QueueMarks()
        #expect(marks.oldestKind == nil)
        marks.note(queued: 100, of: 7, at: 0)
        marks.note(queued: 200, of: 8, at: 1 * second)
        marks.note(queued: 300, of: 9, at: 2 * second)
        #expect(marks.oldestKind == 7)
        marks.took(199)
        #expect(marks.oldestKind == 7, "what is left of them is of the same two seconds")
        marks.took(1)
        #expect(marks.oldestKind == 9)
        marks.removeAll()
        #expect(marks.oldestKind == nil)
    }

    @Test("where it can be cut is at most a stretch behind the front")
    func cut() {
        var marks = QueueMarks()
        for number in 1...1000 { marks.note(queued: number * 10_000, at: 5) }
        #expect(marks.cut.map { $0 <= Int(QueueMarks.stretch) + 10_000 && $0 % 10_000 == 0 } == true)
        marks.took(4_321_000)
        #expect(marks.cut.map { ($0 + 4_321_000) % 10_000 == 0 && $0 <= Int(QueueMarks.stretch) + 10_000 } == true)
        marks.removeAll()
        #expect(marks.cut == nil)
    }
}

@Suite("Whether a peer takes anything")
struct PaceTests {
    @Test("one that takes nothing is stuck, however much the kernel still takes")
    func stuck() {
        var pace = Pace(at: 0)
        var held = 0
        for look in 1...9 {
            pace.sent(1000)
            held += 1000
            pace.look(held, at: UInt64(look) * 2 * second, timeout: 20 * second)
            #expect(!pace.isStuck(at: UInt64(look) * 2 * second, timeout: 20 * second))
        }
        #expect(pace.isStuck(at: 20 * second, timeout: 20 * second))
    }

    @Test("one that takes an octet now and then is not")
    func slow() {
        var pace = Pace(at: 0)
        var held = 5000
        pace.look(held, at: 2 * second, timeout: 20 * second)
        for look in 2...100 {
            held -= 1
            pace.look(held, at: UInt64(look) * 19 * second, timeout: 20 * second)
            #expect(!pace.isStuck(at: UInt64(look + 1) * 19 * second, timeout: 20 * second))
            pace.sent(1)
            held += 1
        }
    }

    @Test("a loop that comes too late for its first look has no verdict yet")
    func lateLook() {
        var pace = Pace(at: 0)
        pace.look(5000, at: 30 * second, timeout: 20 * second)
        #expect(!pace.isStuck(at: 30 * second, timeout: 20 * second))
        #expect(pace.nextLook(after: 30 * second, timeout: 20 * second) == 32 * second)
        pace.look(5000, at: 50 * second, timeout: 20 * second)
        #expect(pace.isStuck(at: 50 * second, timeout: 20 * second))
    }

    @Test("it is looked at ten times within the timeout, and when that is over")
    func looks() {
        let pace = Pace(at: 0)
        #expect(pace.nextLook(after: 0, timeout: 20 * second) == 2 * second)
        #expect(pace.nextLook(after: 19 * second, timeout: 20 * second) == 20 * second)
        #expect(pace.nextLook(after: 25 * second, timeout: 20 * second) > 25 * second)
        #expect(pace.nextLook(after: 0, timeout: 3) == 1)
    }
}
