import RennbahnReactor
import Testing

@testable import RennbahnRouterNode

/// When memory goes back to the system.
struct HeapTrimTests {
    private static let second: UInt64 = 1_000_000_000
    private static let mebibyte = 1 << 20

    @Test func `A look comes a second after the first connection has ended, and not before another has`() {
        var schedule = TrimSchedule(resident: 0)
        #expect(schedule.deadline == nil && !schedule.isDue(at: .max))
        schedule.connectionsEnded(at: 5)
        schedule.connectionsEnded(at: Self.second)
        #expect(schedule.deadline == Self.second + 5)
        #expect(!schedule.isDue(at: Self.second + 4) && schedule.isDue(at: Self.second + 5))
        _ = schedule.looked(resident: 0)
        #expect(schedule.deadline == nil)
    }

    @Test func `It is worth it from eight mebibytes on, above the least that there was`() {
        var schedule = TrimSchedule(resident: 100 * Self.mebibyte)
        let looks: [(resident: Int, isWorthIt: Bool)] = [(100, false), (107, false), (90, false), (98, true)]
        for look in looks {
            let isWorthIt = schedule.looked(resident: look.resident * Self.mebibyte)
            #expect(isWorthIt == look.isWorthIt, "\(look)")
        }
    }

    @Test func `What was in use during one time is given back when it is free`() {
        var schedule = TrimSchedule(resident: 30 * Self.mebibyte)
        // In the middle of a load: all but a little is in use.
        let inLoad = schedule.looked(resident: 90 * Self.mebibyte)
        schedule.trimmed(from: 90 * Self.mebibyte, to: 89 * Self.mebibyte, took: 0)
        // The load is over, and the allocator keeps some of it.
        let after = schedule.looked(resident: 59 * Self.mebibyte)
        #expect(inLoad && after)
        schedule.trimmed(from: 59 * Self.mebibyte, to: 33 * Self.mebibyte, took: 0)
        let atRest = schedule.looked(resident: 34 * Self.mebibyte)
        #expect(!atRest)
    }

    @Test
    func `Where it gains nothing the next look is later, up to eight seconds, and after a gain it is early again`() {
        var schedule = TrimSchedule(resident: 0)
        func delay() -> UInt64? {
            var copy = schedule
            copy.connectionsEnded(at: 10 * Self.second)
            return copy.deadline.map { $0 / Self.second - 10 }
        }
        var delays: [UInt64?] = []
        for _ in 0..<5 {
            schedule.trimmed(from: 100 * Self.mebibyte, to: 93 * Self.mebibyte, took: 0)
            delays.append(delay())
        }
        #expect(delays == [2, 4, 8, 8, 8])
        schedule.trimmed(from: 100 * Self.mebibyte, to: 92 * Self.mebibyte, took: 0)
        #expect(delay() == 1)
        schedule.trimmed(from: 100 * Self.mebibyte, to: 0, took: Self.second / 10)
        #expect(delay() == 10)
        // Where there is nothing to gain it is as at first.
        _ = schedule.looked(resident: 0)
        #expect(delay() == 1)
    }

    @Test func `What is in memory may not be known, which is not nothing`() {
        var schedule = TrimSchedule(resident: nil)
        let unknown = schedule.looked(resident: nil)
        let first = schedule.looked(resident: 100 * Self.mebibyte)
        _ = schedule.looked(resident: nil)
        let same = schedule.looked(resident: 100 * Self.mebibyte)
        let more = schedule.looked(resident: 108 * Self.mebibyte)
        #expect(!unknown && !first && !same && more)
    }

    @Test func `The thread sleeps until connections end, and then for a second`() throws {
        let ends = try ConnectionEnds()
        var trim = HeapTrim(ends, resident: 0)
        #expect(trim.prepareToSleep(at: 0) == -1)
        trim.finishSleep()
        ends.note()
        ends.note()
        #expect(trim.prepareToSleep(at: 5) == 1001)
        trim.finishSleep()
        #expect(trim.prepareToSleep(at: Self.second / 2) > 0)
        trim.finishSleep()
        #expect(trim.prepareToSleep(at: Self.second + 5) == -1)
    }

    @Test func `An end wakes it`() throws {
        let ends = try ConnectionEnds()
        var trim = HeapTrim(ends, resident: 0)
        var poller = try Poller()
        try trim.register(in: &poller, token: 1)
        #expect(trim.prepareToSleep(at: 0) == -1)
        ends.note()
        let events = poller.wait(timeoutMilliseconds: 60_000)
        #expect(events == 1)
        trim.finishSleep()
        #expect(trim.prepareToSleep(at: 0) == 1001)
    }
}
