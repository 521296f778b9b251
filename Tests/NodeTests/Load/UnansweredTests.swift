import RennbahnLoadGenerator
import RennbahnMeasurement
import RennbahnReactor
import RennbahnRouterNode
import RennbahnWAMP
import RennbahnWorkload
import Testing

/// What a router never answers is not left out of the latencies.
@Suite(.serialized)
struct UnansweredTests {
    private static let drain: UInt64 = 100_000_000

    private func run(_ scenario: Scenario, dropping code: MessageCode) throws -> LoadOutcome {
        let bench = try LoadBench()
        defer { bench.stop() }
        let proxy = try FaultyProxy(
            to: bench.node.address, .json, fault: FaultyProxy.Fault(code: code, kind: .drop, skipped: 5))
        defer { proxy.stop() }
        var workload = WorkloadParameters.short(scenario, clients: scenario.roleCount ?? 0)
        workload.phases.drainTimeout = Self.drain
        return try LoadRun(
            LoadConfiguration(
                target: try LoadTarget(parsing: "ws://127.0.0.1:\(proxy.address.port)/"), workload: workload,
                serializer: .json)
        ).run()
    }

    @Test("a call or a delivery that never came counts with the time that it was waited for")
    func dropped() throws {
        let runs = [
            try run(.rpc(callers: 1, callees: 1), dropping: .result),
            try run(.pubsub(publishers: 1, subscribers: 2, topics: 1), dropping: .event),
        ]
        for outcome in runs {
            let latency = outcome.cell.measurements.latency
            let unanswered = try #require(latency.unanswered)
            #expect(unanswered.count == 1)
            // It was on its way when the window ended, and for all of the drain.
            #expect(unanswered.atLeast >= Self.drain * 95 / 100)
            #expect(latency.response.summary.max >= unanswered.atLeast)
            #expect(outcome.cell.verdict.exitStatus == .verificationFailure)
            #expect(outcome.cell.verdict.reasons.map(\.kind).contains(.drainTimedOut))
        }
    }
}
