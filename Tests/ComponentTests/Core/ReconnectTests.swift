import RennbahnComponents
import Testing

@Suite struct ReconnectTests {
    private func policy(_ change: (inout ReconnectPolicy) -> Void = { _ in }) -> ReconnectPolicy {
        var policy = ReconnectPolicy()
        policy.initialDelay = 1000
        policy.maxDelay = 5000
        policy.growth = 2
        policy.jitter = 0
        change(&policy)
        return policy
    }

    private func delays(_ count: Int, _ schedule: inout ReconnectSchedule) -> [UInt64?] {
        var delays: [UInt64?] = []
        for _ in 0..<count { delays.append(schedule.next(random: 0.5)) }
        return delays
    }

    @Test func `Delays grow by the factor up to the bound`() {
        var schedule = ReconnectSchedule(policy())
        #expect(delays(6, &schedule) == [1000, 2000, 4000, 5000, 5000, 5000])
    }

    @Test func `Jitter makes a delay shorter or longer by its share, never longer than the bound`() {
        let shaken = policy { $0.jitter = 0.5 }
        func first(_ random: Double) -> UInt64? {
            var schedule = ReconnectSchedule(shaken)
            return schedule.next(random: random)
        }
        #expect([0, 0.5, 1].map(first) == [500, 1000, 1500])
        #expect([-3, 7].map(first) == [500, 1500])
        var schedule = ReconnectSchedule(shaken)
        for _ in 0..<3 { _ = schedule.next(random: 1) }
        #expect(schedule.next(random: 1) == 5000)
    }

    @Test func `What the server asks for is never cut short, but by the bound`() {
        var schedule = ReconnectSchedule(policy())
        #expect(schedule.next(random: 0.5, atLeast: 1500) == 1500)
        #expect(schedule.next(random: 0.5, atLeast: 1500) == 2000)
        #expect(schedule.next(random: 0.5, atLeast: 4500) == 4500)
        for pause in [5001, UInt64.max] { #expect(schedule.next(random: 0.5, atLeast: pause) == 5000) }
        var shaken = ReconnectSchedule(policy { $0.jitter = 0.5 })
        #expect(shaken.next(random: 0, atLeast: 2000) == 2000)
        #expect(shaken.next(random: 1, atLeast: 3000) == 4500)
    }

    @Test func `After so many retries in a row there are no more, and a session starts over`() {
        var schedule = ReconnectSchedule(policy { $0.maxRetries = 2 })
        #expect(delays(3, &schedule) == [1000, 2000, nil])
        schedule.succeeded()
        #expect(delays(3, &schedule) == [1000, 2000, nil])
    }

    @Test(
        arguments: [(.max, .max, 1), (1, .max, .infinity), (1, .max, .nan), (.max, 5000, 2)]
            as [(UInt64, UInt64, Double)])
    func `No number of a policy is too large`(initial: UInt64, longest: UInt64, growth: Double) {
        var schedule = ReconnectSchedule(
            policy {
                $0.initialDelay = initial
                $0.maxDelay = longest
                $0.growth = growth
            })
        for _ in 0..<3 { _ = schedule.next(random: 1) }
        #expect(schedule.next(random: 0.5) == longest)
    }

    @Test func `A schedule without an end stays at the bound`() {
        var schedule = ReconnectSchedule(policy { $0.growth = 10 })
        for _ in 0..<100_000 { _ = schedule.next(random: 0.5) }
        #expect(schedule.next(random: 0.5) == 5000)
    }
}
