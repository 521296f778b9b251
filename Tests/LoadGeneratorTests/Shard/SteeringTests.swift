import RennbahnMeasurement
import RennbahnSimulationKit
import RennbahnWorkload
import Testing

@testable import RennbahnLoadGenerator

/// Shards that are steered while they carry the load.
struct SteeringTests {
    /// One operation a millisecond, of one client, and answers after half of one.
    private func open() throws -> Stage {
        let stage = try Stage(.echo(rate: 1000))
        stage.server.delay = 500_000
        try stage.connect()
        return stage
    }

    @Test func `In a pause nothing starts, and behind it the timetable goes on where it stood`() throws {
        let stage = try open()
        stage.load(warmUp: ms(10), window: ms(40))
        stage.advance(ms(20) - 500_000)
        stage.control.setFactor(0)
        stage.advance(ms(10))
        stage.control.setFactor(1)
        stage.advance(ms(25))
        let figures = try stage.finish()
        // Ten before the pause, and twenty behind it.
        #expect(figures.operations == 30 && figures.messages == 30)
        #expect(figures.verification.isClean)
        let (response, lag) = (figures.latencies.response.summary(), figures.latencies.lag.summary())
        #expect(response.count == 30 && lag.count == 30)
        #expect(response.max <= 700_000 && lag.max <= 150_000, "a pause is no delay")
    }

    @Test func `Twice the rate is twice as many operations`() throws {
        let stage = try open()
        stage.load(warmUp: ms(10), window: ms(40))
        stage.advance(ms(30) - 500_000)
        stage.control.setFactor(2)
        stage.advance(ms(25))
        let figures = try stage.finish()
        #expect((58...63).contains(figures.operations))
        #expect(figures.latencies.response.summary().max <= 700_000)
    }

    @Test func `A window that ends in a pause drains`() throws {
        let stage = try open()
        stage.load(warmUp: ms(10), window: ms(40))
        stage.advance(ms(20))
        stage.control.setFactor(0)
        stage.advance(ms(40))
        #expect(stage.control.report.isDrained)
        #expect(try (10...11).contains(stage.finish().operations))
    }

    @Test func `A closed loop waits in a pause and fills its windows again behind it`() throws {
        let stage = try Stage(
            WorkloadParameters(scenario: .echo, clients: 2, load: .closed(depth: 3)))
        stage.server.delay = ms(1)
        try stage.connect()
        stage.load(warmUp: ms(10), window: ms(40))
        stage.advance(ms(20))
        stage.control.setFactor(0)
        stage.advance(ms(5))
        let before = stage.control.report.messages
        stage.advance(ms(10))
        #expect(stage.control.report.messages == before)
        stage.control.setFactor(1)
        stage.advance(ms(16))
        let figures = try stage.finish()
        #expect(stage.control.report.messages > before)
        // Six in each of about 25 ms.
        #expect((120...160).contains(figures.messages))
        #expect(figures.verification.isClean)
    }

    @Test func `A load that is paused before it begins begins with the end of the pause`() throws {
        for load in [LoadModel.closed(depth: 1), .open(rate: 1000, arrivals: .constant)] {
            let stage = try Stage(WorkloadParameters(scenario: .echo, clients: 1, load: load))
            stage.server.delay = 500_000
            try stage.connect()
            stage.control.setFactor(0)
            stage.load(warmUp: ms(10), window: ms(20))
            stage.advance(ms(15))
            #expect(stage.control.report.messages == 0)
            stage.control.setFactor(1)
            stage.advance(ms(16))
            #expect(try stage.finish().messages >= 14)
        }
    }

    @Test func `Edges of the window can be moved: it begins when the warm-up is cut, and ends when it is`() throws {
        let stage = try open()
        stage.load(warmUp: ms(1000), window: ms(2000))
        stage.advance(ms(10))
        stage.control.moveWindow(start: stage.network.now, end: stage.network.now + ms(2000))
        stage.advance(ms(20))
        stage.control.moveWindow(start: nil, end: stage.network.now)
        stage.advance(ms(5))
        #expect(stage.control.report.isDrained)
        let figures = try stage.finish()
        #expect((19...21).contains(figures.operations))
        #expect((ms(19)...ms(21)).contains(figures.nanoseconds))
    }
}
