import RennbahnMeasurement
import RennbahnWorkload
import Testing

@testable import RennbahnLoadGenerator

/// Closed loops against a router whose every answer has its time.
struct ClosedLoopTests {
    private func stage(_ workload: WorkloadParameters, _ router: StagedRouter) throws -> Stage {
        try Stage(workload, answers: router.answers)
    }

    /// A publication takes 1 ms to one subscriber and 3 ms to the other, and the next one leaves with that.
    @Test func `Each subscriber's EVENT is a message, and the last one completes the publication`() throws {
        let router = StagedRouter()
        router.delays = [0, ms(2)]
        let stage = try stage(
            WorkloadParameters(scenario: .pubsub(publishers: 1, subscribers: 2, topics: 1), clients: 3), router)
        let figures = try stage.run(warmUp: ms(9), window: ms(30))
        #expect(figures.operations == 10 && figures.messages == 20)
        let (response, last) = (
            figures.latencies.response.summary(), figures.latencies.lastSubscriber.summary()
        )
        #expect(response.count == 20 && isNear(response.min, ms(1)) && isNear(response.p50, ms(1)))
        #expect(response.max == ms(3))
        #expect(last.count == 10 && isNear(last.min, ms(3)) && last.max == ms(3))
        #expect(figures.latencies.service.count == 0 && figures.latencies.lag.count == 0)
        #expect(figures.verification.isClean && figures.verification.received == 2 * 13)
    }

    /// CALL to INVOCATION and YIELD to RESULT take a millisecond each, and two calls are in flight.
    @Test func `A call answered is a message, from CALL to RESULT`() throws {
        let stage = try stage(
            WorkloadParameters(scenario: .rpc(callers: 1, callees: 1), clients: 2, load: .closed(depth: 2)),
            StagedRouter())
        let figures = try stage.run(warmUp: ms(10), window: ms(20))
        #expect(figures.operations == 20 && figures.messages == 20)
        let response = figures.latencies.response.summary()
        #expect(response.count == 20 && isNear(response.min, ms(2)) && response.max == ms(2))
        #expect(figures.verification.isClean && figures.verification.received == 30)
    }

    @Test func `A session opened is a message, from the connection to WELCOME`() throws {
        let router = StagedRouter()
        let stage = try stage(WorkloadParameters(scenario: .connect, clients: 1), router)
        stage.server.delay = ms(4)
        let figures = try stage.run(warmUp: ms(8), window: ms(80))
        let response = figures.latencies.response.summary()
        // WELCOME and the answer to GOODBYE take four milliseconds each.
        #expect(figures.messages == 10 && figures.operations == 10)
        #expect(response.count == 10 && response.max == ms(4) && isNear(response.min, ms(4)))
        #expect(figures.verification.isClean && figures.failedVisits == 0)
    }
}
