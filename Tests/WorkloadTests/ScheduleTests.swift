import Testing

@testable import RennbahnWorkload

@Suite("Arrival schedules")
struct ScheduleTests {
    private func all(_ schedule: inout ArrivalSchedule, until now: UInt64) -> [ArrivalSchedule.Arrival] {
        var arrivals: [ArrivalSchedule.Arrival] = []
        while let arrival = schedule.next(now: now) { arrivals.append(arrival) }
        return arrivals
    }

    @Test("operation i is due at start + i·Δ and belongs to sender i mod n")
    func constant() {
        var schedule = ArrivalSchedule(rate: 1000, senders: 3, start: 500, arrivals: .constant, seed: 0)
        #expect(schedule.next(now: 499) == nil)
        let arrivals = all(&schedule, until: 4_000_500)
        #expect(arrivals.map(\.dueAt) == [500, 1_000_500, 2_000_500, 3_000_500, 4_000_500])
        #expect(arrivals.map(\.sender) == [0, 1, 2, 0, 1])
        #expect(schedule.nextDueAt == 5_000_500)
    }

    @Test("after a stall every missed operation is handed out, with the time at which it was due")
    func neverSkips() {
        var smooth = ArrivalSchedule(rate: 70_000, senders: 5, start: 0, arrivals: .poisson, seed: 9)
        var stalled = smooth
        var expected: [ArrivalSchedule.Arrival] = []
        for now in stride(from: UInt64(0), through: 50_000_000, by: 10_000) { expected += all(&smooth, until: now) }
        #expect(all(&stalled, until: 50_000_000) == expected)
        #expect(stalled.nextDueAt == smooth.nextDueAt)
    }

    @Test("a rate that is no whole number of nanoseconds does not drift")
    func drift() {
        var schedule = ArrivalSchedule(rate: 300_000, senders: 1, start: 0, arrivals: .constant, seed: 0)
        let arrivals = all(&schedule, until: 1_000_000_000)
        #expect(arrivals.count == 300_001)
        #expect(arrivals.last?.dueAt == 1_000_000_000)
    }

    /// The intervals added up would be 243 ns short by then.
    @Test("nor does one that goes on for a day")
    func longDrift() {
        var schedule = ArrivalSchedule(rate: 3, senders: 1, start: 0, arrivals: .constant, seed: 0)
        var due: UInt64 = 0
        for _ in 0...300_000 { due = schedule.next(now: .max)?.dueAt ?? 0 }
        #expect(due.distance(to: 100_000_000_000_000).magnitude <= 1)
    }

    @Test("what is due before a time is counted; of random arrivals about so many, and none only where there is none")
    func count() {
        var constant = ArrivalSchedule(rate: 1000, senders: 1, start: 500, arrivals: .constant, seed: 0)
        for end: UInt64 in [0, 500, 501, 1_000_499, 1_000_500, 1_000_501, 7_300_000] {
            var ahead = constant
            #expect(constant.count(before: end) == all(&ahead, until: end == 0 ? 0 : end - 1).count)
        }
        #expect(all(&constant, until: 3_000_500).count == 4)
        #expect(constant.count(before: 3_000_501) == 0 && constant.count(before: 4_000_501) == 1)
        let random = ArrivalSchedule(rate: 100_000, senders: 1, start: 0, arrivals: .poisson, seed: 3)
        #expect(random.count(before: random.nextDueAt) == 0 && random.count(before: random.nextDueAt + 1) == 1)
        var ahead = random
        let counted = Double(all(&ahead, until: 1_000_000_000).count)
        #expect((Double(random.count(before: 1_000_000_001)) / counted - 1).magnitude < 0.02)
    }

    @Test("Poisson arrivals have the rate, exponential gaps, and the seed decides")
    func poisson() {
        func arrivals(seed: UInt64) -> [UInt64] {
            var schedule = ArrivalSchedule(rate: 100_000, senders: 1, start: 0, arrivals: .poisson, seed: seed)
            return all(&schedule, until: 1_000_000_000).map(\.dueAt)
        }
        let times = arrivals(seed: 4)
        #expect(times == arrivals(seed: 4))
        #expect(times != arrivals(seed: 5))
        // Five standard deviations of a Poisson count of 100,000.
        #expect(abs(times.count - 100_000) < 1600)
        let gaps = zip(times.dropFirst(), times).map { $0 - $1 }
        // A share of 1/e of exponential gaps exceeds the mean.
        let long = Double(gaps.count { $0 > 10_000 }) / Double(gaps.count)
        #expect(abs(long - 0.3679) < 0.01)
    }

    @Test("shards carry out their share, at instants of their own")
    func shards() {
        var dues: [UInt64] = []
        for shard in 0..<2 {
            var schedule = ArrivalSchedule(
                rate: 1000, senders: 5, ofTotal: 10, shard: shard, shards: 2, start: 0, arrivals: .constant, seed: 1)
            dues += all(&schedule, until: 9_999_999).map(\.dueAt)
        }
        #expect(dues.sorted() == (0..<10).map { $0 * 1_000_000 })
    }
}

@Suite("Seeded generator")
struct SeededGeneratorTests {
    @Test("SplitMix64 gives the values of its reference implementation")
    func splitMix() {
        var generator = SplitMix64(state: 1_234_567)
        let values = (0..<5).map { _ in generator.next() }
        #expect(
            values == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
                4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
            ])
    }

    @Test("the seed decides the sequence")
    func seeds() {
        var first = SeededGenerator(seed: 1)
        var again = SeededGenerator(seed: 1)
        var other = SeededGenerator(seed: 2)
        let values = (0..<100).map { _ in first.next() }
        #expect(values == (0..<100).map { _ in again.next() })
        #expect(values != (0..<100).map { _ in other.next() })
        #expect(Set(values).count == 100)
    }

    @Test("units are never zero")
    func units() {
        var generator = SeededGenerator(seed: 1)
        #expect((0..<10_000).allSatisfy { _ in (0x1p-53...1).contains(generator.nextUnit()) })
    }
}
