import RennbahnWorkload
import Testing

@Suite struct RateProfileTests {
    static let second: UInt64 = 1_000_000_000

    static let shapes: [(profile: RateProfile, rate: @Sendable (Double) -> Double)] = [
        (.ramp(from: 100, to: 5000, length: 4 * second), { $0 < 4 ? 100 + 1225 * $0 : 5000 }),
        (.ramp(from: 5000, to: 100, length: 4 * second), { $0 < 4 ? 5000 - 1225 * $0 : 100 }),
        (
            .steps([(500, second), (2000, 2 * second), (50, second)]),
            { $0 < 1 ? 500 : $0 < 3 ? 2000 : 50 }
        ),
    ]

    /// The plain reference: slices of a tenth of a millisecond, each with the rate of its middle.
    static func integral(_ rate: (Double) -> Double, to tenths: Int) -> Double {
        (0..<tenths).reduce(0.0) { $0 + rate((Double($1) + 0.5) / 10_000) / 10_000 }
    }

    @Test(arguments: 0..<3) func `operations up to a time are the integral of the rate, wherever it is cut`(
        _ shape: Int
    ) {
        let (profile, rate) = RateProfileTests.shapes[shape]
        for tenths in [0, 1, 3333, 9999, 10_000, 10_001, 25_000, 30_000, 39_999, 40_000, 60_000] {
            let expected = RateProfileTests.integral(rate, to: tenths)
            #expect(abs(profile.operations(before: Double(tenths) * 100_000) - expected) < 1e-5)
        }
    }

    @Test(arguments: 0..<3) func `arrivals of all shards are due when the integral says so`(_ shape: Int) {
        let profile = RateProfileTests.shapes[shape].profile
        var ranks: [Double] = []
        // Between two operations of every profile.
        let end: UInt64 = 77 + 5_999_900_000
        for shard in 0..<2 {
            var schedule = ArrivalSchedule(
                profile: profile, senders: 3, ofTotal: 6, shard: shard, shards: 2, start: 77, arrivals: .constant,
                seed: 1)
            let promised = schedule.count(before: end)
            var count: UInt64 = 0
            while let arrival = schedule.next(now: end - 1) {
                #expect(arrival.sender == Int(count % 3))
                count += 1
                ranks.append(profile.operations(before: Double(arrival.dueAt - 77)))
            }
            #expect(count == promised)
        }
        for (index, rank) in ranks.sorted().enumerated() { #expect(abs(rank - Double(index)) < 1e-4) }
        let total = profile.operations(before: Double(end - 77))
        #expect(abs(Double(ranks.count) - total) <= 1)
    }

    @Test func `random arrivals follow the profile, and repeat with their seed`() {
        let profile = RateProfileTests.shapes[0].profile
        func arrivals() -> [UInt64] {
            var schedule = ArrivalSchedule(
                profile: profile, senders: 1, ofTotal: 1, shard: 0, shards: 1, start: 0, arrivals: .poisson, seed: 5)
            var times: [UInt64] = []
            while let arrival = schedule.next(now: 4 * RateProfileTests.second) { times.append(arrival.dueAt) }
            return times
        }
        let times = arrivals()
        #expect(times == arrivals())
        #expect(times == times.sorted())
        // Of 10,200 the deviation is 101, of 2,650 in the first half 51: five of them.
        #expect(abs(times.count - 10_200) < 505)
        #expect(abs(times.count { $0 < 2 * RateProfileTests.second } - 2650) < 257)
    }
}
