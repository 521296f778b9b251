import RennbahnMeasurement
import RennbahnReactor
import RennbahnWorkload
import Testing

@testable import RennbahnLoadGenerator

/// Intervals of a run whose time is handed in.
struct IntervalWatchTests {
    private let control: FleetControl
    private let generator: ProcessWatch

    init() throws {
        control = try FleetControl()
        generator = try ProcessWatch(processes: [ProcessSampler.ownProcess], cores: 1)
    }

    private func recorder(_ count: Int) -> LatencyRecorder {
        var recorder = LatencyRecorder()
        for time in 0..<count { recorder.record(nanoseconds: ms(UInt64(time) + 1)) }
        return recorder
    }

    private func look(
        _ watch: inout IntervalWatch, at time: UInt64, messages: UInt64 = 0, target: ProcessWatch? = nil
    ) -> RunInterval? {
        watch.look(
            at: time, .measuring(since: 0, until: .max), ShardReport(ready: 4, messages: messages), [control],
            generator: generator, target: target)
    }

    /// There must be one.
    private func cut(_ watch: inout IntervalWatch, at time: UInt64, messages: UInt64) throws -> RunInterval {
        let interval = look(&watch, at: time, messages: messages)
        return try #require(interval)
    }

    @Test func `An interval is complete when the shards have told, and has what came in it alone`() throws {
        var watch = IntervalWatch(from: ms(100), shards: 1, generator: generator, target: nil)
        control.count(.challenged)
        #expect(look(&watch, at: ms(1099)) == nil && control.latencies.isAnswered)
        #expect(look(&watch, at: ms(1100)) == nil && !control.latencies.isAnswered)
        control.latencies.answer(with: LatencyRequest.Answer(response: recorder(3), outstanding: 5))
        let first = try cut(&watch, at: ms(1110), messages: 30)
        #expect(first.at == 1.01 && first.seconds == 1.01 && first.messages == 30 && first.connections == 4)
        #expect(first.phase == "measuring" && first.outstanding == 5 && first.errors == 1)
        #expect(first.latency?.summary.count == 3 && first.response?.count == 3)
        #expect(first.generatorSeconds != nil && first.routerSeconds == nil)

        // It does not tell: its part is in the next interval.
        #expect(look(&watch, at: ms(2100)) == nil)
        let second = try cut(&watch, at: ms(3100), messages: 35)
        #expect(second.messages == 5 && second.outstanding == nil && second.errors == 0)
        #expect(second.latency == nil && second.response?.count == 3)

        #expect(look(&watch, at: ms(3101)) == nil)
        control.latencies.answer(with: LatencyRequest.Answer(response: recorder(5), outstanding: 1))
        let third = try cut(&watch, at: ms(3200), messages: 36)
        #expect(third.latency?.summary.count == 2 && third.response?.count == 5 && third.outstanding == 1)
        #expect(isNear(third.latency?.summary.max ?? 0, ms(5)))
    }

    @Test func `What is left when the run is over is an interval, too`() throws {
        var watch = IntervalWatch(from: 0, shards: 1, generator: generator, target: nil)
        #expect(look(&watch, at: ms(1000)) == nil)
        control.latencies.answer(with: LatencyRequest.Answer(response: recorder(3), outstanding: 5))
        _ = try cut(&watch, at: ms(1000), messages: 10)
        var figures = FleetFigures()
        figures.latencies.response = recorder(7)
        control.end(figures)
        let rest = watch.finish(
            at: ms(1400), ShardReport(messages: 14, outstanding: 2), [control], generator: generator, target: nil)
        #expect(rest.at == 1.4 && abs(rest.seconds - 0.4) < 1e-9 && rest.phase == "closing" && rest.messages == 4)
        #expect(rest.latency?.summary.count == 4 && rest.response?.count == 7 && rest.outstanding == 2)
    }

    @Test func `Both sides are sampled within an interval, and the last sample ends with the run`() throws {
        var watch = IntervalWatch(from: 0, shards: 1, generator: generator, target: generator)
        #expect(look(&watch, at: ms(249), target: generator) == nil)
        #expect(look(&watch, at: ms(250), target: generator) == nil)
        control.end(FleetFigures())
        let rest = watch.finish(at: ms(900), ShardReport(), [control], generator: generator, target: generator)
        let samples = try #require(rest.resources)
        #expect(samples.map(\.at) == [0.25, 0.9])
        #expect(samples.allSatisfy { $0.generator?.residentBytes ?? 0 > 0 && $0.router != nil })
        #expect(rest.latency == nil && rest.response == nil)
    }

    @Test func `A shard that is asked tells what it has recorded and what is on its way, once`() throws {
        let stage = try Stage(
            WorkloadParameters(scenario: .rpc(callers: 1, callees: 1), clients: 2, load: .closed(depth: 2)),
            answers: StagedRouter().answers)
        try stage.connect()
        stage.load(warmUp: ms(10), window: ms(50))
        stage.advance(ms(30))
        let latencies = stage.control.latencies
        #expect(latencies.take() == nil)
        latencies.ask()
        stage.advance(ms(1))
        #expect(latencies.isAnswered)
        let answer = try #require(latencies.take())
        #expect(answer.outstanding == 2 && answer.response.count > 0)
        #expect(latencies.take() == nil)
        stage.advance(ms(40))
        let figures = try stage.finish()
        #expect(figures.latencies.response.since(answer.response).count == figures.messages - answer.response.count)
    }
}
