import RennbahnMeasurement
import RennbahnWorkload
import Testing

@testable import RennbahnLoadGenerator
@testable import RennbahnReactor

struct FleetFiguresTests {
    private func recorder(_ samples: UInt64...) -> LatencyRecorder {
        var recorder = LatencyRecorder()
        for sample in samples { recorder.record(nanoseconds: sample) }
        return recorder
    }

    private func figures(_ factor: UInt64) -> FleetFigures {
        var figures = FleetFigures()
        figures.messages = 10 * factor
        figures.operations = 7 * factor
        figures.nanoseconds = 1_000_000 * factor
        figures.bytesSent = 100 * factor
        figures.bytesReceived = 300 * factor
        figures.latencies.response = recorder(1_000_000 * factor)
        figures.latencies.service = recorder(2_000_000 * factor)
        figures.latencies.lag = recorder(4_000_000 * factor)
        figures.latencies.lastSubscriber = recorder(8_000_000 * factor)
        figures.verification.expected = 11 * factor
        figures.laggards.slowMessages = 5 * factor
        figures.failedVisits = 3 * factor
        figures.faults.note(MessageFault(.result(caller: Int(factor)), .corrupted))
        return figures
    }

    @Test func `Shards add up, each figure to its own`() {
        var sum = figures(1)
        sum.add(figures(2))
        #expect(sum.messages == 30 && sum.operations == 21)
        #expect(sum.bytesSent == 300 && sum.bytesReceived == 900)
        let latencies = sum.latencies
        let highest = [latencies.response, latencies.service, latencies.lag, latencies.lastSubscriber]
            .map { [$0.count, $0.summary().max] }
        #expect(highest == [[2, 2_000_000], [2, 4_000_000], [2, 8_000_000], [2, 16_000_000]])
        #expect(sum.verification.expected == 33 && sum.laggards.slowMessages == 15 && sum.failedVisits == 9)
        #expect(sum.faults.faults.count == 2)
    }

    @Test func `What was never answered is that of all shards, and nothing where all was`() {
        var sum = figures(1)
        sum.add(figures(2))
        #expect(sum.unanswered == nil)
        var shard = FleetFigures()
        shard.unanswered = recorder(5_000_000)
        sum.add(shard)
        #expect(sum.unanswered?.count == 1)
        shard.unanswered = recorder(7_000_000)
        sum.add(shard)
        #expect(sum.unanswered?.count == 2 && sum.unanswered?.summary().max == 7_000_000)
    }

    @Test func `Windows of shards are the same time, and their mean is the fleet's`() {
        var sum = figures(1)
        sum.add(figures(2))
        sum.averageWindow(of: 2)
        #expect(sum.nanoseconds == 1_500_000)
    }

    @Test func `Turns add up, the window and the whole`() {
        var turn = TurnFigures(window: figures(1), messages: 12, bytesSent: 130, bytesReceived: 330)
        turn.add(TurnFigures(window: figures(2), messages: 25, bytesSent: 250, bytesReceived: 660))
        #expect(turn.window.messages == 30)
        #expect(turn.messages == 37 && turn.bytesSent == 380 && turn.bytesReceived == 990)
    }

    @Test func `A turn as the gate gets it`() {
        var sum = TurnFigures(window: figures(1), messages: 12, bytesSent: 130, bytesReceived: 330)
        sum.add(TurnFigures(window: figures(1), messages: 12, bytesSent: 130, bytesReceived: 330))
        let turn = LoadSession.Turn(sum, shards: 2, serverBefore: 5_000_000_000, serverAfter: 5_250_000_000)
        #expect(turn.messages == 20 && turn.seconds == 0.001)
        #expect(turn.response.count == 2 && turn.response.summary().max == 1_000_000)
        #expect(turn.wholeMessages == 24 && turn.wholeBytes == 920)
        #expect(turn.serverSeconds == 0.25)
    }

    @Test func `CPU time that ran backwards, or was not sampled, is none`() {
        func seconds(_ before: UInt64?, _ after: UInt64?) -> Double? {
            LoadSession.Turn(TurnFigures(), shards: 1, serverBefore: before, serverAfter: after).serverSeconds
        }
        #expect(seconds(7, 7) == 0)
        #expect(seconds(7, 6) == nil && seconds(nil, 6) == nil && seconds(7, nil) == nil)
    }

    @Test func `A side waited as long as the process of it that fared worst, of those that were there all the time`() {
        func waited(_ nanoseconds: UInt64?) -> ProcessSample {
            ProcessSample(
                userSeconds: 0, systemSeconds: 0, onCPUNanoseconds: 0, runQueueNanoseconds: nanoseconds,
                residentBytes: 0, voluntarySwitches: 0, involuntarySwitches: 0, threads: 1)
        }
        let before = [1: waited(ms(100)), 2: waited(ms(500)), 3: waited(ms(5))] as [Int32: ProcessSample]
        let after = [1: waited(ms(400)), 2: waited(ms(600)), 4: waited(ms(9000))] as [Int32: ProcessSample]
        #expect(LoadSession.wait(from: before, to: after) == 0.3)
        #expect(LoadSession.wait(from: [1: waited(7)], to: [1: waited(6)]) == 0)
        #expect(LoadSession.wait(from: [1: waited(7)], to: [1: waited(nil)]) == nil)
        #expect(LoadSession.wait(from: [:], to: after) == nil)
    }

    @Test func `A slow subscriber's EVENTs count in the window, and what it has not got is counted behind it`() {
        var pace = LaggardPace(interval: ms(50))
        for place in 0..<5 { pace.received(inWindow: place > 1) }
        #expect(pace.figures.slowMessages == 3)
        pace.noteLag(expected: 12)
        #expect(pace.figures.slowBehind == 7)
        pace.noteLag(expected: 4)
        #expect(pace.figures.slowBehind == 0)
    }

    @Test func `A session that was begun, and neither opened nor failed, is lost`() {
        var visits = VisitCounters()
        for _ in 0..<10 { visits.begin() }
        for _ in 0..<6 { visits.welcome() }
        visits.fail(at: 1)
        let end = visits.finish()
        #expect(end.expected == 10 && end.received == 6 && end.lost == 3 && visits.failed == 1)
    }

    @Test func `Sessions fail for long when three seconds of failures have none between them that was opened`() {
        var visits = VisitCounters()
        visits.fail(at: ms(1000))
        visits.fail(at: ms(3000))
        #expect(visits.failedForLong(at: ms(3999)) == 0)
        #expect(visits.failedForLong(at: ms(4000)) == 2)
        visits.welcome()
        visits.fail(at: ms(5000))
        #expect(visits.failedForLong(at: ms(6000)) == 0)
        #expect(visits.failedForLong(at: ms(8000)) == 1)
    }
}
