import RennbahnMeasurement
import Testing

@testable import RennbahnLoadGenerator

/// What a shard counts and times, with the times handed in: a window from 1000 to 2000 ms.
struct MeterTests {
    private func meter(isPaced: Bool) -> Meter {
        var meter = Meter(now: 0, isPaced: isPaced)
        meter.startLoopTurn(at: at(1000))
        meter.startWindow(bytesSent: 0, bytesReceived: 0)
        return meter
    }

    private func at(_ milliseconds: Double) -> UInt64 { UInt64(milliseconds * 1_000_000) }

    private func isAbout(_ value: UInt64, _ milliseconds: Double) -> Bool {
        abs(Double(value) / 1_000_000 - milliseconds) <= max(0.001, milliseconds / 500)
    }

    @Test("an open loop has lag from due to handed over, service from there, and response from due to the reply")
    func three() {
        var meter = meter(isPaced: true)
        meter.startLoopTurn(at: at(1100))
        // Due at 1090, queued at 1100, handed to the socket at 1103, answered at 1150.
        meter.sent()
        meter.handedOver(intendedAt: at(1090), at: at(1103))
        meter.startLoopTurn(at: at(1150))
        meter.completed(intendedAt: at(1090), sentAt: at(1103))
        meter.completedPublication(intendedAt: at(1090))
        let latencies = meter.figures.latencies
        #expect(meter.figures.operations == 1 && meter.figures.messages == 1 && meter.messages == 1)
        #expect(isAbout(latencies.lag.summary().max, 13))
        #expect(isAbout(latencies.service.summary().max, 47))
        #expect(isAbout(latencies.response.summary().max, 60))
        #expect(isAbout(latencies.lastSubscriber.summary().max, 60))
    }

    @Test("an open loop times what was due in the window, also where it is answered long after it")
    func lateAnswers() {
        var meter = meter(isPaced: true)
        meter.startLoopTurn(at: at(1001))
        meter.completed(intendedAt: at(999), sentAt: at(999))
        meter.startLoopTurn(at: at(2000))
        meter.endWindow(bytesSent: 0, bytesReceived: 0)
        meter.startLoopTurn(at: at(3990))
        meter.completed(intendedAt: at(1990), sentAt: at(1990))
        meter.completedPublication(intendedAt: at(1990))
        meter.completed(intendedAt: at(2000), sentAt: at(2000))
        #expect(meter.figures.messages == 1 && meter.messages == 3, "rates are of what is completed in the window")
        let latencies = meter.figures.latencies
        #expect(latencies.response.count == 1 && isAbout(latencies.response.summary().max, 2000))
        #expect(latencies.service.count == 1 && latencies.lastSubscriber.count == 1)
    }

    @Test("a closed loop times what is completed in the window, and has neither lag nor service")
    func closed() {
        var meter = meter(isPaced: false)
        meter.startLoopTurn(at: at(1001))
        meter.sent()
        meter.completed(intendedAt: at(990), sentAt: at(990))
        meter.startLoopTurn(at: at(2000))
        meter.endWindow(bytesSent: 0, bytesReceived: 0)
        meter.startLoopTurn(at: at(2010))
        meter.sent()
        meter.completed(intendedAt: at(1990), sentAt: at(1990))
        let figures = meter.figures
        #expect(figures.operations == 1 && figures.messages == 1 && meter.messages == 2)
        #expect(figures.latencies.response.count == 1 && isAbout(figures.latencies.response.summary().max, 11))
        #expect(figures.latencies.service.count == 0 && figures.latencies.lag.count == 0)
    }

    @Test("nothing of before the window counts, nor of the turn before")
    func edges() {
        var meter = Meter(now: at(500), isPaced: true)
        meter.sent()
        meter.completed(intendedAt: at(400), sentAt: at(400))
        #expect(
            meter.figures.operations == 0 && meter.figures.messages == 0 && meter.figures.latencies.response.count == 0)
        meter = self.meter(isPaced: true)
        meter.startLoopTurn(at: at(2000))
        meter.endWindow(bytesSent: 0, bytesReceived: 0)
        _ = meter.endTurn(bytesSent: 0, bytesReceived: 0)
        meter.startTurn(bytesSent: 0, bytesReceived: 0)
        meter.completed(intendedAt: at(1500), sentAt: at(1500))
        #expect(meter.figures.latencies.response.count == 0)
    }

    @Test("what is never answered is kept with the time that it waited, once for each that should have had it")
    func unanswered() throws {
        var meter = meter(isPaced: true)
        #expect(meter.figures.unanswered == nil)
        meter.startLoopTurn(at: at(2000))
        meter.endWindow(bytesSent: 0, bytesReceived: 0)
        meter.startLoopTurn(at: at(7000))
        meter.unanswered(intendedAt: at(900), units: 1)
        meter.unanswered(intendedAt: at(1000), units: 2)
        meter.unanswered(intendedAt: at(1900), units: 1)
        meter.unanswered(intendedAt: at(2100), units: 1)
        let waited = try #require(meter.figures.unanswered).summary()
        #expect(waited.count == 3 && isAbout(waited.max, 6000) && isAbout(waited.min, 5100))
        var closed = self.meter(isPaced: false)
        closed.startLoopTurn(at: at(2000))
        closed.endWindow(bytesSent: 0, bytesReceived: 0)
        closed.unanswered(intendedAt: at(900), units: 1)
        #expect(closed.figures.unanswered?.count == 1)
    }

    @Test("the unanswered of several shards come together")
    func merge() {
        var (sum, shard) = (FleetFigures(), FleetFigures())
        sum.add(shard)
        #expect(sum.unanswered == nil)
        var recorder = LatencyRecorder()
        recorder.record(nanoseconds: 5_000_000)
        shard.unanswered = recorder
        sum.add(shard)
        sum.add(shard)
        #expect(sum.unanswered?.count == 2)
    }
}
