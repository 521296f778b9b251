import Testing

@testable import RennbahnTrial

struct TurnSampleTests {
    private let sample = TurnSample(
        messages: 500, windowSeconds: 0.02, wholeMessages: 1000, wholeBytes: 80_000, wholeSeconds: 0.05,
        receives: 250, received: 1500, routerSeconds: 0.004, generatorSeconds: 0.003)

    @Test func `Each figure has its own numerator and divisor`() {
        #expect(sample.figure(.routerCPU) == 4)
        #expect(sample.figure(.generatorCPU) == 3)
        #expect(sample.figure(.rate) == 25_000)
        #expect(sample.figure(.bytes) == 80)
        #expect(sample.figure(.batch) == 6)
        #expect(sample.routerShare == 0.08)
        #expect(sample.generatorShare == 0.06)
    }

    @Test func `Who waited for a processor has no rate, and from 30 percent on no CPU time either`() {
        var waited = sample
        waited.generatorWaitShare = 0.06
        #expect(waited.figure(.rate) == nil)
        #expect(waited.figure(.batch) == nil)
        #expect(!waited.hasTimes && sample.hasTimes)
        #expect(waited.figure(.routerCPU) == 4)
        waited.routerWaitShare = 0.31
        #expect(waited.figure(.routerCPU) == nil)
        #expect(waited.figure(.generatorCPU) == nil)
        #expect(waited.figure(.bytes) == 80)
        waited.routerWaitShare = 0.05
        waited.generatorWaitShare = 0.05
        #expect(waited.figure(.rate) == 25_000)
    }

    @Test func `A turn without messages has no figures, and none of them is infinite`() {
        let empty = TurnSample(
            messages: 0, windowSeconds: 0, wholeMessages: 0, wholeBytes: 0, wholeSeconds: 0, receives: 0, received: 0,
            routerSeconds: 0.001, generatorSeconds: 0)
        for metric in TrialMetric.allCases { #expect(empty.figure(metric) == nil, "\(metric)") }
        #expect(empty.routerShare == nil)
        #expect(empty.generatorShare == 0)
    }

    @Test func `The capacity of an open loop is where the busier side's core would be full`() throws {
        // 8 % of a core at 1,000 a second: 12,500.
        let capacity = try #require(OpenLoopCapacity.estimate(rate: 1000, sample))
        #expect((capacity - 12_500).magnitude < 1e-6)
        var busy = sample
        busy.generatorSeconds = 0.025
        #expect(OpenLoopCapacity.estimate(rate: 1000, busy) == 2000)
        busy.generatorSeconds = 0.06
        #expect(OpenLoopCapacity.estimate(rate: 1000, busy) == 1000)
        busy.wholeMessages = 0
        #expect(OpenLoopCapacity.estimate(rate: 1000, busy) == nil)
    }
}
