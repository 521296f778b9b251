import RennbahnMeasurement
import RennbahnWAMP
import RennbahnWorkload
import Testing

@testable import RennbahnLoadGenerator

/// One message that goes wrong, and how it is counted: as nothing else, and once.
struct VerifyingTests {
    private func run(
        _ scenario: Scenario, clients: Int, _ code: MessageCode, _ kind: StagedRouter.Fault
    ) throws -> FleetFigures {
        let router = StagedRouter()
        router.fault = (code, 5, kind)
        let workload = WorkloadParameters(
            scenario: scenario, clients: clients, payload: .filler(bytes: 64),
            load: .open(rate: 1000, arrivals: .constant))
        return try Stage(workload, answers: router.answers).run(warmUp: ms(10), window: ms(20))
    }

    /// Violations, without what they are compared with.
    private func counters(
        lost: UInt64 = 0, duplicated: UInt64 = 0, corrupted: UInt64 = 0
    ) -> VerificationCounters {
        var counters = VerificationCounters()
        (counters.lost, counters.duplicated, counters.corrupted) = (lost, duplicated, corrupted)
        return counters
    }

    private func violations(_ figures: FleetFigures) -> VerificationCounters {
        var counters = figures.verification
        (counters.expected, counters.received) = (0, 0)
        return counters
    }

    @Test func `EVENT: what is lost, repeated or damaged`() throws {
        let scenario = Scenario.pubsub(publishers: 1, subscribers: 2, topics: 1)
        let lost = try run(scenario, clients: 3, .event, .drop)
        #expect(violations(lost) == counters(lost: 1) && lost.verification.received == 59)
        #expect(lost.faults.faults.map(\.description) == ["EVENT from publisher 0 to subscriber 1: 1 lost"])
        let repeated = try run(scenario, clients: 3, .event, .double)
        #expect(violations(repeated) == counters(duplicated: 1) && repeated.verification.received == 61)
        // A damaged one cannot be told from one that is missing.
        let damaged = try run(scenario, clients: 3, .event, .flip)
        #expect(violations(damaged) == counters(lost: 1, corrupted: 1) && damaged.verification.received == 60)
        #expect([lost, repeated, damaged].map(\.verification.expected) == [60, 60, 60])
    }

    @Test func `RESULT: what is lost, repeated or damaged`() throws {
        let scenario = Scenario.rpc(callers: 1, callees: 1)
        #expect(violations(try run(scenario, clients: 2, .result, .drop)) == counters(lost: 1))
        #expect(violations(try run(scenario, clients: 2, .result, .double)) == counters(duplicated: 1))
        let damaged = try run(scenario, clients: 2, .result, .flip)
        #expect(violations(damaged) == counters(corrupted: 1) && damaged.verification.received == 30)
    }

    @Test func `INVOCATION: what is lost, repeated or damaged`() throws {
        let scenario = Scenario.rpc(callers: 1, callees: 1)
        #expect(violations(try run(scenario, clients: 2, .invocation, .drop)) == counters(lost: 1))
        // The callee hears it twice, and the caller its answer.
        #expect(violations(try run(scenario, clients: 2, .invocation, .double)) == counters(duplicated: 2))
        // The callee hands back what it got.
        #expect(violations(try run(scenario, clients: 2, .invocation, .flip)) == counters(corrupted: 1))
    }

    /// The number of GOODBYEs that are missing once so many milliseconds have gone by, of 100 that there are to close: one has
    /// its answer after 31.
    @Test(arguments: [(60, 0), (90, 1)] as [(UInt64, UInt64)])
    func `A GOODBYE without an answer is lost when the router has been silent for half of the time`(
        waited: UInt64, lost: UInt64
    ) throws {
        var workload = WorkloadParameters(scenario: .connect, clients: 2)
        workload.phases.closeTimeout = ms(100)
        let router = StagedRouter()
        router.fault = (.goodbye, 1, .drop)
        let stage = try Stage(workload) { link, text in
            router.answers(link, text).map {
                StagedServer.Answer(link: $0.link, text: $0.text, delay: $0.text.starts(with: "[6".utf8) ? ms(30) : 0)
            }
        }
        try stage.connect()
        let figures = try stage.finish(within: ms(waited))
        #expect(violations(figures) == counters(lost: lost))
        #expect(figures.faults.faults.map(\.description) == (lost == 0 ? [] : ["GOODBYE to a visitor: 1 lost"]))
    }

    @Test(arguments: [StagedRouter.Fault.drop, .double, .flip])
    func `An echo that is lost, repeated or damaged`(kind: StagedRouter.Fault) throws {
        var count = 0
        let stage = try Stage(.echo(rate: 1000)) { link, text in
            count += 1
            let answer = StagedServer.Answer(link: link, text: text)
            guard count == 5 else { return [answer] }
            switch kind {
            case .drop: return []
            case .double: return [answer, answer]
            case .flip: return [StagedServer.Answer(link: link, text: StagedRouter.flipped(text))]
            }
        }
        let figures = try stage.run(warmUp: ms(10), window: ms(20))
        let expected =
            switch kind {
            case .drop: counters(lost: 1)
            case .double: counters(duplicated: 1)
            case .flip: counters(lost: 1, corrupted: 1)
            }
        #expect(violations(figures) == expected)
    }
}
