import Testing

@testable import RennbahnMeasurement

@Suite("CPU time between two samples")
struct CPUUsageTests {
    @Test("the exact time is the total, divided as the ticks are")
    func exact() {
        let usage = CPUUsage(
            from: CPUSample(user: 1, system: 2, exact: 3.004), to: CPUSample(user: 1.3, system: 2.1, exact: 3.424))
        #expect(abs(usage.total - 0.42) < 1e-9)
        #expect(abs((usage.user ?? 0) - 0.315) < 1e-9 && abs((usage.system ?? 0) - 0.105) < 1e-9)
    }

    /// Six equal runs had 0, 20, 0, 35, 29 and 0 µs a message by their ticks.
    @Test("a window that is short for ticks has its exact time, and says not how it divides")
    func short() {
        let start = CPUSample(user: 1, system: 2, exact: 3)
        let none = CPUUsage(from: start, to: CPUSample(user: 1, system: 2, exact: 3.008))
        #expect(abs(none.total - 0.008) < 1e-9 && none.user == nil && none.system == nil)
        let few = CPUUsage(from: start, to: CPUSample(user: 1.1, system: 2.09, exact: 3.19))
        #expect(few.user == nil)
        #expect(CPUUsage(from: start, to: CPUSample(user: 1.1, system: 2.1, exact: 3.19)).user != nil)
    }

    @Test("without an exact time the ticks are all there is, and nothing is less than zero")
    func ticks() {
        let usage = CPUUsage(from: CPUSample(user: 1, system: 2), to: CPUSample(user: 1.5, system: 2.25))
        #expect(usage == CPUUsage(user: 0.5, system: 0.25) && usage.total == 0.75)
        let other = CPUUsage(
            from: CPUSample(user: 5, system: 5, exact: 10), to: CPUSample(user: 1, system: 6, exact: 9))
        #expect(other == CPUUsage(user: 0, system: 1))
    }

    @Test("windows add up, and divide into what a message costs")
    func sums() {
        let sum = CPUUsage(user: 1, system: 2) + CPUUsage(user: 0.5, system: 0.25)
        #expect(sum == CPUUsage(user: 1.5, system: 2.25))
        #expect((CPUUsage(user: 1, system: 2) + CPUUsage(total: 1)).user == nil)
        #expect((CPUUsage(user: 1, system: 2) + CPUUsage(total: 1)).total == 4)
        let cost = sum.microseconds(perMessageOf: 1_000_000)
        #expect(cost == CPUPerMessage(user: 1.5, system: 2.25, total: 3.75))
        #expect(sum.microseconds(perMessageOf: 0) == nil)
        #expect(sum.share(ofSeconds: 2.5, cores: 2) == 0.75)
    }
}
