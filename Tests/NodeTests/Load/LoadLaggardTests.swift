import RennbahnLoadGenerator
import RennbahnMeasurement
import RennbahnRouterNode
import RennbahnTransport
import RennbahnWorkload
import Testing

/// Subscribers of the load generator that keep the router waiting.
@Suite(.serialized)
struct LoadLaggardTests {
    private static func limits() -> Limits {
        var limits = Limits()
        limits.socketSendBuffer = 16 * 1024
        limits.queuedOutputHighMark = 64 * 1024
        limits.queuedOutputLowMark = 16 * 1024
        // Long for the slow ones, which wait for a thread of the test.
        limits.stallTimeout = 1_000_000_000
        return limits
    }

    @Test("slow ones get everything in the end, stuck ones are dropped, healthy ones are measured")
    func laggards() throws {
        let shards = 2
        let bench = try LoadBench(shards: shards, limits: Self.limits())
        var workload = WorkloadParameters.short(
            .pubsub(publishers: 2, subscribers: 20, topics: 2), clients: 22, payloadBytes: 1000,
            load: .closed(depth: 8), shards: shards)
        workload.laggards = .init(slow: 4, stuck: 2)
        workload.laggards.interval = 50_000_000
        workload.phases.window = 3_500_000_000
        let outcome = try LoadRun(try bench.configuration(workload)).run()
        bench.stop()

        #expect(outcome.verification.isClean, "\(outcome.verification.summary)")
        #expect(outcome.verification.received == outcome.verification.expected)
        #expect(outcome.connectionsEstablished == 22 && outcome.connectionsLost == 0 && outcome.failures.isEmpty)
        let laggards = outcome.laggards
        #expect(laggards.slow == 4 && laggards.stuck == 2 && laggards.stuckDropped == 2)
        #expect(laggards.slowMessages > 0 && laggards.slowBehind > 0)
        // Fourteen healthy ones; what the slow ones got is not among the messages.
        #expect(outcome.response.count == outcome.messages)
        #expect(outcome.cell.measurements.laggards == laggards)
        #expect(outcome.cell.parameters.slowSubscribers == 4 && outcome.cell.parameters.stuckSubscribers == 2)
        #expect(bench.node.figures.reduce(0) { $0 + $1.stalled } == 2)
        #expect(bench.node.figures.allSatisfy { $0.overflowed == 0 })
    }

    @Test("a stuck one that the router has not dropped yet is told apart")
    func patient() throws {
        let bench = try LoadBench()
        defer { bench.stop() }
        var workload = WorkloadParameters.short(.pubsub(publishers: 1, subscribers: 3, topics: 1), clients: 4)
        workload.laggards = .init(stuck: 1)
        let outcome = try LoadRun(try bench.configuration(workload)).run()
        #expect(outcome.verification.isClean && outcome.messages > 0)
        #expect(outcome.laggards.stuck == 1 && outcome.laggards.stuckDropped == 0)
    }
}
