import RennbahnBytes
import RennbahnMeasurement
import RennbahnSimulationKit
import RennbahnWorkload
import Testing

@testable import RennbahnLoadGenerator

/// Open loops against a server whose every answer has its time.
struct OpenLoopTests {
    /// One operation a millisecond, of one client.
    private static let workload = WorkloadParameters.echo(rate: 1000)

    @Test func `A rate that moves is followed from the beginning of the warm-up`() throws {
        var workload = WorkloadParameters.echo(rate: 500)
        workload.shape = RateShape(
            .steps([.init(rate: 1000, length: ms(10)), .init(rate: 500, length: ms(10)), .init(rate: 2000, length: 1)]),
            text: "10ms@1k,10ms@500,1ns@2k")
        let stage = try Stage(workload)
        let figures = try stage.run(warmUp: ms(10), window: ms(20))
        #expect(figures.operations == 5 + 20)
        #expect(figures.verification.expected == 10 + 5 + 20 && figures.verification.isClean)
        #expect(figures.latencies.lag.summary().max <= 500_000)
    }

    /// Ten milliseconds of warm-up, twenty of window, and answers after three: operations 10 to 29 are sent in the window, and
    /// 7 to 26 come back in it.
    @Test func `What is sent and what comes back in the window is counted, and nothing before or behind it`() throws {
        let stage = try Stage(Self.workload)
        stage.server.delay = ms(3)
        let figures = try stage.run(warmUp: ms(10), window: ms(20))
        #expect(figures.operations == 20 && figures.messages == 20)
        #expect(figures.verification.expected == 30 && figures.verification.received == 30)
        #expect(figures.verification.isClean)
        #expect(figures.nanoseconds == ms(20))
        for latency in [figures.latencies.response, figures.latencies.service] {
            let summary = latency.summary()
            #expect(summary.count == 20 && isNear(summary.min, ms(3)) && summary.max == ms(3))
        }
        let lag = figures.latencies.lag.summary()
        #expect(lag.count == 20 && lag.max == 0)
        #expect(figures.latencies.lastSubscriber.count == 0)
    }

    /// A client's frame has a head of two octets and a mask of four, a server's has no mask.
    @Test func `The octets of the window are those of its frames, each way`() throws {
        let stage = try Stage(Self.workload)
        stage.server.delay = ms(3)
        let payload = stage.echoOctets
        #expect(payload < 126)
        let figures = try stage.run(warmUp: ms(10), window: ms(20))
        #expect(figures.bytesSent == 20 * (6 + payload))
        #expect(figures.bytesReceived == 20 * (2 + payload))
    }

    /// The generator sleeps through 15 to 20 ms: six operations leave late, and all answers take half a millisecond.
    @Test func `A generator that is late says so, and its delay is part of the response, not of the service`() throws {
        let stage = try Stage(Self.workload)
        stage.server.delay = 500_000
        try stage.connect()
        stage.load(warmUp: ms(10), window: ms(20))
        stage.advance(14_900_000)
        stage.standStill(5_100_000)
        stage.advance(ms(15))
        let figures = try stage.finish()
        let (response, service, lag) = (
            figures.latencies.response.summary(), figures.latencies.service.summary(), figures.latencies.lag.summary()
        )
        #expect(
            lag.count == 20 && lag.max == ms(5) && lag.p50 < LatencyRecorder.lowestNanoseconds && isNear(lag.p90, ms(3))
        )
        #expect(service.count == 20 && service.max == 500_000)
        #expect(response.count == 20 && response.max == 5_500_000 && isNear(response.p90, 3_500_000))
    }

    /// A hundred operations a second, all answered after a millisecond, but for two seconds in which nothing leaves the server.
    @Test func `A server that stalls shows in every response that it kept waiting, the longest as long as the stall`()
        throws
    {
        let stage = try Stage(.echo(rate: 100), step: ms(1))
        stage.server.delay = ms(1)
        try stage.connect()
        stage.load(warmUp: ms(100), window: ms(4000))
        stage.advance(ms(1100))
        stage.server.stalledUntil = stage.network.now + ms(2000)
        stage.advance(ms(3100))
        let response = try stage.finish().latencies.response.summary()
        #expect(response.count == 400)
        #expect(response.max == ms(2000))
        // Half of them waited, a second on the average.
        #expect(isNear(UInt64(response.mean), ms(503)))
    }

    /// Sixteen may be in flight, which is eight seconds' work; the stall takes twenty.
    @Test func `Operations that find no room count from the time that they were due at`() throws {
        let stage = try Stage(.echo(rate: 2), step: ms(10))
        stage.server.delay = ms(10)
        try stage.connect()
        stage.load(warmUp: ms(1000), window: ms(30_000))
        stage.advance(ms(2000))
        stage.server.stalledUntil = stage.network.now + ms(20_000)
        stage.advance(ms(30_000))
        let figures = try stage.finish()
        let (response, service, lag) = (
            figures.latencies.response.summary(), figures.latencies.service.summary(), figures.latencies.lag.summary()
        )
        #expect(response.count == 60 && service.count == 60 && figures.verification.isClean)
        #expect(response.max == ms(20_000) && service.max == ms(20_000))
        // The seventeenth was due after eight seconds of the stall.
        #expect(lag.max == ms(12_000))
        #expect(service.p50 == ms(10) || isNear(service.p50, ms(10)))
        #expect(response.p50 > ms(4000))
    }

    /// The generator sleeps from 25 ms on, and finds the window over at 35: ten operations were due and are yet to be sent.
    @Test func `What was due before the window ended leaves behind it, with the time that it waited`() throws {
        let stage = try Stage(Self.workload)
        stage.server.delay = 500_000
        try stage.connect()
        stage.load(warmUp: ms(10), window: ms(20))
        stage.advance(24_900_000)
        stage.standStill(10_100_000)
        stage.advance(ms(15))
        let figures = try stage.finish()
        let (response, lag) = (figures.latencies.response.summary(), figures.latencies.lag.summary())
        #expect(figures.nanoseconds == ms(25))
        #expect(response.count == 25 && response.max == 10_500_000)
        #expect(lag.count == 25 && lag.max == ms(10))
        #expect(figures.verification.expected == 35 && figures.verification.isClean)
    }

    /// Sixteen may be in flight, which is eight seconds' work; the stall takes fifteen, and the window is over within it.
    @Test func `What found no room in the window leaves when there is some, and only then is nothing outstanding`()
        throws
    {
        let stage = try Stage(.echo(rate: 2), step: ms(10))
        stage.server.delay = ms(10)
        try stage.connect()
        stage.load(warmUp: ms(1000), window: ms(10_000))
        stage.advance(ms(990))
        stage.server.stalledUntil = stage.network.now + ms(15_000)
        stage.advance(ms(10_500))
        #expect(stage.control.report.outstanding == 20 && !stage.control.report.isDrained)
        stage.advance(ms(5000))
        #expect(stage.control.report.isDrained)
        let response = try stage.finish().latencies.response.summary()
        #expect(response.count == 20)
        #expect(isNear(response.max, ms(14_990)))
    }

    @Test func `What never leaves is unanswered, from the time that it was due at`() throws {
        let stage = try Stage(.echo(rate: 2), step: ms(10)) { _, _ in [] }
        try stage.connect()
        stage.load(warmUp: 0, window: ms(30_000))
        stage.advance(ms(40_000))
        #expect(stage.control.report.outstanding == 60)
        let waited = try #require(try stage.finish().unanswered).summary()
        #expect(waited.count == 60 && isNear(waited.max, ms(40_000)) && isNear(waited.min, ms(10_500)))
    }

    /// The fifteenth echo, due at 14 ms, never comes; the connections are closed at 50 ms.
    @Test func `What never comes back is kept with the time that it has waited until the connections are closed`()
        throws
    {
        var count = 0
        let stage = try Stage(Self.workload) { link, text in
            count += 1
            return count == 15 ? [] : [StagedServer.Answer(link: link, text: text)]
        }
        try stage.connect()
        stage.load(warmUp: ms(10), window: ms(20))
        stage.advance(ms(50))
        let figures = try stage.finish()
        let waited = try #require(figures.unanswered).summary()
        #expect(waited.count == 1 && isNear(waited.max, ms(36)))
        #expect(figures.latencies.response.count == 19 && figures.latencies.response.summary().max == ms(1))
    }

    @Test func `A run in turns has the window's figures and the whole turn's`() throws {
        let stage = try Stage(Self.workload, isInTurns: true)
        stage.server.delay = ms(3)
        try stage.connect()
        let payload = stage.echoOctets
        for _ in 0..<2 {
            stage.load(warmUp: ms(10), window: ms(20))
            stage.advance(ms(40))
            #expect(stage.control.report.isDrained)
            let turn = try #require(stage.control.takeTurn())
            #expect(turn.window.messages == 20 && turn.window.nanoseconds == ms(20))
            #expect(turn.messages == 30)
            #expect(turn.bytesSent == 30 * (6 + payload) && turn.bytesReceived == 30 * (2 + payload))
        }
        #expect(stage.control.takeTurn() == nil)
        #expect(try stage.finish().messages == 0)
    }
}
