import Testing

@testable import RennbahnStages

struct StageMeterTests {
    private static let costs: [Stage: UInt64] = [
        .frame: 5, .inflate: 1_300, .scan: 40, .route: 17, .build: 23, .deflate: 12_000,
    ]

    private func times(_ work: inout KnownWork, budget: UInt64) throws -> [Stage: StageTime] {
        let clock = work.clock
        return try StageMeter(budget: budget).samples(of: &work) { clock.time }
            .mapValues { StageTime(TrimmedMean($0)) { _ in 2 } }
    }

    @Test func `What each stage takes is what is measured`() throws {
        var work = KnownWork(Self.costs, WorkClock())
        let times = try times(&work, budget: 40_000_000)
        #expect(times.mapValues(\.nanoseconds) == Self.costs.mapValues { Double($0) })
        for time in times.values { #expect(time.low == time.nanoseconds && time.high == time.nanoseconds) }
    }

    @Test func `A batch in twelve that somebody disturbs changes nothing`() throws {
        var work = KnownWork(Self.costs, WorkClock())
        work.disturbance = 12
        let times = try times(&work, budget: 80_000_000)
        #expect(times.mapValues(\.nanoseconds) == Self.costs.mapValues { Double($0) })
    }

    @Test func `Stages take turns, in batches of equal time`() throws {
        var work = KnownWork(Self.costs, WorkClock())
        _ = try times(&work, budget: 72_000_000)
        let turns = work.clock.batches.suffix(60)
        #expect(turns.map(\.stage) == Array(repeatElement(Stage.allCases, count: 10).joined()))
        for batch in turns { #expect((900_000...1_000_000).contains(batch.time), "\(batch)") }
    }

    @Test(arguments: [12_000_000, 40_000_000, 400_000_000] as [UInt64])
    func `The budget is spent, and overdrawn by one round at most`(budget: UInt64) throws {
        var work = KnownWork(Self.costs, WorkClock())
        let start = work.clock.time
        let times = try times(&work, budget: budget)
        let spent = work.clock.time - start
        #expect(spent >= budget)
        #expect(spent <= budget + 6 * min(StageMeter.batch, budget / 72))
        for time in times.values { #expect(time.batches >= 10) }
    }

    @Test func `Messages that are too slow for the budget make five batches of one`() throws {
        var work = KnownWork([.scan: 3_000_000, .deflate: 50_000_000], WorkClock())
        let times = try times(&work, budget: 1_000_000)
        #expect(times.mapValues(\.nanoseconds) == [.scan: 3_000_000, .deflate: 50_000_000])
        #expect(times.mapValues(\.batches) == [.scan: 5, .deflate: 5])
    }

    @Test func `A clock that stands still or goes back is an error, no division by zero and no endless loop`() {
        let clock = WorkClock()
        var work = KnownWork([.scan: 0], clock)
        #expect(throws: StageFailure.clockStandsStill) {
            _ = try StageMeter(budget: 1_000_000).samples(of: &work) { clock.time }
        }
        #expect(throws: StageFailure.clockStandsStill) {
            _ = try StageMeter(budget: 1_000_000).samples(of: &work) {
                clock.time -= 1
                return clock.time + 100_000_000
            }
        }
    }
}
